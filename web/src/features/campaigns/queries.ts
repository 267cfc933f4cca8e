import { listQuery, oneQuery } from '@/api/queries'
import type { CampaignState } from '@/api/schema'

export const campaignsQuery = (state: CampaignState | undefined, q: string | undefined) =>
    listQuery('GET /v1/campaigns', { query: { ...(state ? { state } : {}), ...(q ? { q } : {}) } })
export const campaignQuery = (id: string) => oneQuery('GET /v1/campaigns/{id}', { path: { id } })
export const assignmentsQuery = (id: string) =>
    listQuery('GET /v1/campaigns/{id}/assignments', { path: { id }, query: {} })
export const assetsQuery = listQuery('GET /v1/assets', { query: {} })
