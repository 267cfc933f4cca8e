// The API's shapes as the pages name them, all taken from openapi.d.ts, which `npm run api:types` generates from
// the server's own description. Everything else imports from here.
import type { components, paths } from './openapi'

type Schemas = components['schemas']

export interface Page<T> { items: T[]; next_cursor: string | null }
export type Problem = Schemas['Problem']

export type Role = Schemas['Role']
export type StaffRole = Schemas['StaffRole']
export type Session = Schemas['SessionOut']
export type ApiKey = Schemas['ApiKeyOut']
export type TokenFamily = Schemas['TokenFamilyOut']
export type Member = Schemas['MemberOut']
export type Invitation = Schemas['InvitationOut']
export type InvitationOffer = Schemas['OfferOut']
export type OpenSession = Schemas['OpenSessionOut']
export type SignIn = Schemas['SessionIn']
export type Passkey = Schemas['PasskeyOut']
export type PasskeyOptions = Schemas['CreationOptionsOut']
export type CreatedPasskey = Schemas['CreatedCredentialIn']
export type ShownPasskey = Schemas['AssertedPasskeyIn']
export type IdentityProvider = Schemas['IdentityProviderOut']
export type ProviderSetting = Schemas['IdentityProviderSettingOut']
export type RoleCatalogue = Schemas['RolesOut']
export type Notifications = Schemas['NotificationsOut']
export type Company = Schemas['CompanyOut']
export type ParkedKind = Schemas['ParkedKind']
export type Person = Schemas['PersonOut']
export type StaffMember = Schemas['StaffOut']
export type StaffKey = Schemas['StaffKeyOut']

export type FaceFormat = Schemas['FaceFormat']
export type FacePlacement = Schemas['FacePlacement']
export type FaceIn = Schemas['FaceIn']
export type Face = Schemas['FaceOut']
export type AssetKind = Schemas['AssetKind']
export type Asset = Schemas['assets.AssetOut']
export type AssetIn = Schemas['AssetIn']

export type Calibration = Schemas['CalibrationOut']
export type CalibrationIn = Schemas['CalibrationIn']
export type DeviceState = Schemas['DeviceState']
export type DeviceStatus = Schemas['DeviceStatus']
export type Device = Schemas['DeviceOut']
export type DeviceModel = Schemas['ModelOut']
export type DeviceToken = Schemas['TokenOut']
export type Attachment = Schemas['AttachmentOut']

export type CampaignState = Schemas['CampaignState']
export type Daypart = Schemas['DaypartBody']
export type Campaign = Schemas['CampaignOut']
export type CampaignIn = Schemas['CampaignIn']
export type Assignment = Schemas['AssignmentOut']
export type VehiclePosition = Schemas['VehiclePositionOut']

export type AuditEvent = Schemas['AuditEventOut']
export type AuditOutcome = Schemas['Outcome']

export type Webhook = Schemas['WebhookOut']
export type DeliveryState = Schemas['DeliveryState']
export type Delivery = Schemas['DeliveryOut']
export type DeliveryLog = Schemas['DeliveryLogOut']
export type Attempt = Schemas['AttemptOut']

export type About = Schemas['AboutOut']
export type Summary = Schemas['SummaryOut']
export type Grain = Schemas['Grain']
export type Bucket = Schemas['BucketOut']
export type Metrics = Schemas['SeriesOut']
export type Region = Schemas['RegionOut']
export type Regions = Schemas['RegionsOut']
/** GeoJSON has a standard of its own (RFC 7946), so the description leaves its shape to that. */
export interface RegionShapes {
    type: 'FeatureCollection'
    features: { type: 'Feature'; properties: { code: string; name: string }; geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon }[]
}
export type MapMetric = Schemas['Metric']
export type Legend = Schemas['LegendOut']
export type Basemap = Schemas['BasemapOut']

export type Alert = Schemas['AlertOut']
export type AlertRule = Schemas['AlertRuleOut']
export type JobState = Schemas['JobState']
export type Job = Schemas['JobOut']
export type JobDetail = Schemas['JobDetailOut']
export type JobFailure = Schemas['JobFailureOut']
export type JobKind = Schemas['JobKindOut']
export type RedriveIn = Schemas['RedriveIn']

/** The values of an enumeration, in the order shown. One that the server has and the list lacks fails to compile. */
const allOf = <Value extends string>() => <const List extends readonly Value[]>(
    list: [Value] extends [List[number]] ? List : never,
): List => list

export const roles = allOf<Role>()(['owner', 'manager', 'analyst', 'viewer', 'installer', 'billing'])
export const staffRoles = allOf<StaffRole>()(['support', 'fulfilment', 'finance', 'admin'])
export const faceFormats = allOf<FaceFormat>()(['truck', 'van', 'car', 'bus', 'bulletin', 'poster', 'digital'])
export const facePlacements = allOf<FacePlacement>()(
    ['side', 'left', 'right', 'rear', 'front', 'roof', 'wrap', 'roadside'])
export const deviceStates = allOf<DeviceState>()(['in_stock', 'active', 'faulty', 'retired', 'disabled'])
export const deviceStatuses = allOf<DeviceStatus>()(['online', 'stale', 'offline', 'never_seen'])
export const parkedKinds = allOf<ParkedKind>()(['count', 'exclude', 'cap'])
export const jobStates = allOf<JobState>()(['ready', 'running', 'dead', 'discarded', 'cancelled'])
export const redrivenStates = allOf<Schemas['RedrivenState']>()(['dead', 'discarded', 'cancelled'])
export const campaignStates = allOf<CampaignState>()(['draft', 'booked', 'live', 'paused', 'finished', 'cancelled'])
export const deliveryStates = allOf<DeliveryState>()(['pending', 'succeeded', 'failed', 'cancelled'])
export type CampaignVerb = 'book' | 'launch' | 'pause' | 'resume' | 'finish' | 'cancel'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Named = {
    [Path in keyof paths]: {
        [Verb in Method]: paths[Path][Verb] extends { responses: unknown } ? `${Uppercase<Verb>} ${Path}` : never
    }[Method]
}[keyof paths]

/** "GET /v1/campaigns/{id}": the operations of the API. The client accepts no other. */
export type OperationName = Named

type Operation<Name> = Name extends `${infer Verb} ${infer Path}`
    ? Path extends keyof paths ? paths[Path][Lowercase<Verb> & Method] : never
    : never
type Json<Reply> = Reply extends { content: { 'application/json': infer Body } } ? Body
    : Reply extends { content: { 'application/geo+json': unknown } } ? RegionShapes : undefined
type Success<Replies> = Replies extends { 200: infer Reply } ? Json<Reply>
    : Replies extends { 201: infer Reply } ? Json<Reply>
        : Replies extends { 202: infer Reply } ? Json<Reply> : undefined

export type Reply<Name extends OperationName> = Operation<Name> extends { responses: infer Replies } ? Success<Replies> : never

type Path<Given> = Given extends { parameters: { path: infer Values } } ? { path: Values } : object
type Query<Given> = Given extends { parameters: { query: infer Values } } ? { query: Values }
    : Given extends { parameters: { query?: infer Values } }
        ? ([Values] extends [never] ? object : { query?: Values }) : object
type Body<Given> = Given extends { requestBody: { content: { 'application/json': infer Value } } } ? { body: Value } : object

/** What several people may edit is edited in the version that was seen. */
type Version<Given> = Given extends { parameters: { header?: infer Values } }
    ? ([NonNullable<Values>] extends [never] ? object : 'If-Match' extends keyof NonNullable<Values> ? { version: string } : object)
    : object

/** Each operation by itself: the parts of all of them, crossed, are more types than the compiler takes. */
export type Input<Name extends OperationName> = Name extends OperationName
    ? Path<Operation<Name>> & Query<Operation<Name>> & Body<Operation<Name>> & Version<Operation<Name>> : never
