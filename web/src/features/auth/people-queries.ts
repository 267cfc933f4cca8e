import { listQuery, oneQuery } from '@/api/queries'

/** Each look is an event in the audit: asked for once, and again only after a change. */
export const personQuery = (id: string) => ({ ...oneQuery('GET /v1/people/{id}', { path: { id } }), staleTime: Infinity })
export const staffQuery = listQuery('GET /v1/staff', { query: {} })
export const staffKeysQuery = listQuery('GET /v1/staff-keys', { query: {} })
