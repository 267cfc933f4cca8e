import { listQuery, oneQuery } from '@/api/queries'
import type { DeliveryState } from '@/api/schema'

export const webhooksQuery = listQuery('GET /v1/webhooks', { query: {} })
export const webhookQuery = (webhook: string) => oneQuery('GET /v1/webhooks/{id}', { path: { id: webhook } })
export const eventTypesQuery = oneQuery('GET /v1/webhook-event-types', { query: { limit: 200 } })

export interface DeliveryFilter { state?: DeliveryState | undefined; type?: string | undefined }
export const deliveriesQuery = (webhook: string, { state, type }: DeliveryFilter) =>
    listQuery('GET /v1/webhooks/{id}/deliveries', { path: { id: webhook }, query: { ...(state ? { state } : {}), ...(type ? { type } : {}) } })
export const deliveryQuery = (webhook: string, delivery: string) =>
    oneQuery('GET /v1/webhooks/{id}/deliveries/{delivery_id}', { path: { id: webhook, delivery_id: delivery } })
