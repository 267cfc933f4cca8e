// The API's shapes, written by hand from the v1 contract until api/openapi.json exists. Switching to generated
// types (`npm run api:types` writes openapi.d.ts) is a change of this file alone: everything else imports from here.

export type Instant = string
export type Role = 'owner' | 'manager' | 'analyst' | 'viewer' | 'installer'
export interface Page<T> { items: T[]; next_cursor: string | null }
export interface Paging { limit?: number; cursor?: string | undefined }

export interface Problem {
    type: string
    title: string
    status: number
    detail?: string
    instance?: string
    code: string
    errors?: { pointer: string; detail: string }[]
}

export interface Session {
    id: string
    user: { id: string; email: string; name: string; locale: string }
    staff: boolean
    role: Role | null
    company: { id: string; name: string; zone: string; country: string; logo_text: string } | null
    companies: { id: string; name: string; role: Role }[]
    permissions: string[]
    csrf_token: string
    expires_at: Instant
}
export interface ApiKey {
    id: string; name: string; role: Role; hint: string
    created_at: Instant; last_used_at: Instant | null; revoked_at: Instant | null
}
export interface Secret { secret: string }
export interface Member { user_id: string; email: string; name: string; role: Role; created_at: Instant }

export interface Company {
    id: string; name: string; zone: string; country: string; state: 'active' | 'suspended'
    privacy_floor: number
    parked_policy: { kind: 'count' | 'exclude' | 'cap'; minutes: number }
    created_at: Instant
}
export interface CompanyIn {
    name: string; zone: string; country: string
    owner: { email: string; name: string; password: string } | null
}

export const faceFormats = ['truck', 'van', 'car', 'bus', 'bulletin', 'poster', 'digital'] as const
export const facePlacements = ['side', 'left', 'right', 'rear', 'front', 'roof', 'wrap', 'roadside'] as const
export type FaceFormat = (typeof faceFormats)[number]
export type FacePlacement = (typeof facePlacements)[number]
export interface FaceIn { name: string; format: FaceFormat; placement: FacePlacement }
export interface Face extends FaceIn { id: string }
export type AssetKind = 'vehicle' | 'billboard'
export interface Asset {
    id: string; kind: AssetKind; name: string; plate: string | null
    point: { lat: number; lon: number } | null
    state: 'active' | 'retired'; faces: Face[]; created_at: Instant
}
export interface AssetIn {
    kind: AssetKind; name: string; plate?: string; point?: { lat: number; lon: number }; faces: FaceIn[]
}

export interface Calibration {
    id: string; effective_from: Instant; factor: number; low: number; high: number
    method: string; by: string
}
export interface CalibrationIn {
    effective_from: Instant; factor: number; low: number; high: number; method: string
}
export interface DeviceModel { id: string; name: string; expected_interval_s: number; calibrations: Calibration[] }
export const deviceStates = ['in_stock', 'active', 'faulty', 'retired', 'disabled'] as const
export const deviceStatuses = ['online', 'stale', 'offline', 'never_seen'] as const
export type DeviceState = (typeof deviceStates)[number]
export type DeviceStatus = (typeof deviceStatuses)[number]
export interface Device {
    id: string; serial: string; name: string; model: { id: string; name: string }; firmware: string | null
    state: DeviceState; near_dbm: number; last_seen_at: Instant | null; status: DeviceStatus
    battery: number | null; temperature: number | null; queue_depth: number | null
    attached_to: { asset_id: string; asset_name: string; since: Instant } | null
    calibrated: boolean; created_at: Instant
}
export interface DeviceIn { serial: string; name?: string; model_id: string; near_dbm?: number }
export interface DeviceToken {
    id: string; created_at: Instant; last_used_at: Instant | null; revoked_at: Instant | null
}
export interface Attachment {
    id: string; device_id: string; asset_id: string; asset_name: string; position: string
    from: Instant; to: Instant | null
}
export interface AttachmentIn { asset_id: string; position?: string; from: Instant; to?: Instant }

export const campaignStates = ['draft', 'booked', 'live', 'paused', 'finished', 'cancelled'] as const
export type CampaignState = (typeof campaignStates)[number]
export const campaignVerbs = ['book', 'launch', 'pause', 'resume', 'finish', 'cancel'] as const
export type CampaignVerb = (typeof campaignVerbs)[number]
export interface Daypart { weekdays: number[]; start: string; end: string }
export interface Campaign {
    id: string; name: string; advertiser: string; state: CampaignState
    from: Instant; to: Instant; zone: string; goal_impressions: number | null
    dayparts: Daypart[]; asset_count: number; created_at: Instant
}
export interface CampaignIn {
    name: string; advertiser?: string; from: Instant; to: Instant; zone?: string
    goal_impressions?: number | null; dayparts?: Daypart[]
}
export interface Assignment {
    id: string; campaign_id: string; face_id: string; face_name: string; asset_id: string; asset_name: string
    from: Instant; to: Instant | null; share: number
}
export interface AssignmentIn { face_id: string; from: Instant; to?: Instant; share?: number }

export interface VehiclePosition {
    asset_id: string; name: string; at: Instant; lat: number; lon: number
    speed_mps: number | null; heading_deg: number | null; device_id: string
    speed_class: string | null; stale: boolean
}

export interface About {
    source: string; method_version: number
    calibrated_share: number | null; placed_share: number | null; coverage: number | null
    minutes_expected: number; minutes_covered: number
    unattached_visits: number; parked_out_visits: number
    complete_to: Instant | null; final_to: Instant | null; data_version: string; privacy_floor: number
}
export interface Measures {
    visits: number; ots: number; ots_low: number | null; ots_high: number | null; lts: number
    dwell_s: number; mean_dwell_s: number | null; bins: number[]; calibrated_visits: number
}
export interface Summary {
    campaign_id: string; from: Instant; to: Instant; zone: string; totals: Measures
    reach: { grain: string; mean_daily_reach: number | null; mean_daily_frequency: number | null; days: number }
    road_seconds: { parked: number; crawl: number; urban: number; fast: number }
    bin_edges_s: number[]
    by_asset: {
        asset_id: string; name: string; kind: AssetKind
        visits: number; ots: number; lts: number; coverage: number | null
    }[]
    about: About
}
export type Grain = 'hour' | 'day'
export type BucketState = 'measured' | 'no_data' | 'pending'
/** Every figure is null where there is no data; a pending bucket may have figures that still change. */
export type Bucket = { [Name in keyof Measures]: Measures[Name] | null } & {
    start: Instant; local: string; state: BucketState
    reach: number | null; minutes_expected: number; minutes_covered: number
}
export interface Metrics {
    campaign_id: string; grain: Grain; zone: string; buckets: Bucket[]
    reach_days: { utc_day: string; reach: number; frequency: number | null; whole: boolean }[]
    about: About
}
export interface Region {
    code: string; name: string; hidden: boolean; visits: number | null; ots: number | null; lts: number | null
    dwell_s: number | null; mean_dwell_s: number | null; share_of_placed: number | null
}
export interface Regions {
    campaign_id: string; set: { id: string; name: string }; items: Region[]
    elsewhere: { visits: number | null; hidden: boolean } | null; unplaced_visits: number; about: About
}
export interface RegionSet { id: string; name: string; regions: number; attribution: string | null }
export type MapMetric = 'visits' | 'ots' | 'lts' | 'dwell'
export interface Legend {
    metric: MapMetric; resolution: number; breaks: number[]; cells: number; hidden_cells: number
    bounds: [number, number, number, number] | null; about: About
}
export interface Basemap {
    available: boolean; minzoom: number; maxzoom: number; layers: string[]; attribution: string
}

interface Span { from?: Instant; to?: Instant }
interface ById { path: { id: string } }

/** Every operation the web UI uses: its input and its reply. The client accepts nothing else. */
export interface Operations {
    'POST /v1/sessions': { body: { email: string; password: string }; reply: Session }
    'GET /v1/sessions/current': { reply: Session }
    'DELETE /v1/sessions/current': { reply: void }
    'POST /v1/sessions/current/company': { body: { company_id: string }; reply: Session }
    'GET /v1/api-keys': { query: Paging; reply: Page<ApiKey> }
    'POST /v1/api-keys': { body: { name: string; role: Role }; reply: ApiKey & Secret }
    'DELETE /v1/api-keys/{id}': ById & { reply: void }
    'GET /v1/members': { query: Paging; reply: Page<Member> }
    'POST /v1/members': { body: { email: string; name: string; password: string; role: Role }; reply: Member }

    'GET /v1/companies': { query: Paging; reply: Page<Company> }
    'POST /v1/companies': { body: CompanyIn; reply: Company }

    'GET /v1/assets': { query: Paging & { kind?: AssetKind; q?: string }; reply: Page<Asset> }
    'POST /v1/assets': { body: AssetIn; reply: Asset }
    'GET /v1/assets/{id}': ById & { reply: Asset }
    'PATCH /v1/assets/{id}': ById & {
        body: { name?: string; plate?: string | null; state?: Asset['state'] }; reply: Asset
    }
    'POST /v1/assets/{id}/faces': ById & { body: FaceIn; reply: Face }
    'GET /v1/assets/{id}/attachments': ById & { query: Paging; reply: Page<Attachment> }

    'GET /v1/device-models': { query: Paging; reply: Page<DeviceModel> }
    'POST /v1/device-models': { body: { name: string; expected_interval_s: number }; reply: DeviceModel }
    'GET /v1/devices': { query: Paging & { q?: string; status?: DeviceStatus }; reply: Page<Device> }
    'POST /v1/devices': { body: DeviceIn; reply: Device }
    'GET /v1/devices/{id}': ById & { reply: Device }
    'PATCH /v1/devices/{id}': ById & { body: { name?: string; state?: DeviceState }; reply: Device }
    'GET /v1/devices/{id}/tokens': ById & { query: Paging; reply: Page<DeviceToken> }
    'POST /v1/devices/{id}/tokens': ById & { reply: DeviceToken & Secret }
    'DELETE /v1/devices/{id}/tokens/{token_id}': { path: { id: string; token_id: string }; reply: void }
    'GET /v1/devices/{id}/calibrations': ById & { query: Paging; reply: Page<Calibration> }
    'POST /v1/devices/{id}/calibrations': ById & { body: CalibrationIn; reply: Calibration }
    'GET /v1/devices/{id}/attachments': ById & { query: Paging; reply: Page<Attachment> }
    'POST /v1/devices/{id}/attachments': ById & { body: AttachmentIn; reply: Attachment }
    'PATCH /v1/attachments/{id}': ById & { body: { from?: Instant; to?: Instant | null }; reply: Attachment }
    'DELETE /v1/attachments/{id}': ById & { reply: void }

    'GET /v1/campaigns': { query: Paging & { state?: CampaignState; q?: string }; reply: Page<Campaign> }
    'POST /v1/campaigns': { body: CampaignIn; reply: Campaign }
    'GET /v1/campaigns/{id}': ById & { reply: Campaign }
    'PATCH /v1/campaigns/{id}': ById & { body: Partial<CampaignIn>; reply: Campaign }
    'POST /v1/campaigns/{id}/{verb}': { path: { id: string; verb: CampaignVerb }; reply: Campaign }
    'GET /v1/campaigns/{id}/assignments': ById & { query: Paging; reply: Page<Assignment> }
    'POST /v1/campaigns/{id}/assignments': ById & { body: AssignmentIn; reply: Assignment }
    'DELETE /v1/assignments/{id}': ById & { reply: void }

    'GET /v1/vehicles/positions': { reply: Page<VehiclePosition> }

    'GET /v1/campaigns/{id}/summary': ById & { query: Span; reply: Summary }
    'GET /v1/campaigns/{id}/metrics': ById & { query: Span & { grain: Grain }; reply: Metrics }
    'GET /v1/campaigns/{id}/regions': ById & { query: Span & { set: string }; reply: Regions }
    'GET /v1/campaigns/{id}/legend': ById & {
        query: Span & { z: number; metric: MapMetric }; reply: Legend
    }
    'GET /v1/region-sets': { query: Paging; reply: Page<RegionSet> }
    'GET /v1/basemap': { reply: Basemap }
}
