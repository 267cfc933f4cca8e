import { listQuery, oneQuery } from '@/api/queries'
import type { AssetKind } from '@/api/schema'

export const assetsQuery = (kind: AssetKind | undefined, q: string | undefined) =>
    listQuery('GET /v1/assets', { query: { ...(kind ? { kind } : {}), ...(q ? { q } : {}) } })
export const assetQuery = (id: string) => oneQuery('GET /v1/assets/{id}', { path: { id } })
export const deviceQuery = (id: string) => oneQuery('GET /v1/devices/{id}', { path: { id } })
export const attachmentsQuery = (id: string) => listQuery('GET /v1/assets/{id}/attachments', { path: { id }, query: {} })
