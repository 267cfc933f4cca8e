import { listQuery, oneQuery } from '@/api/queries'
import type { DeviceStatus } from '@/api/schema'

const id = (value: string) => ({ path: { id: value }, query: {} })

export const devicesQuery = (status: DeviceStatus | undefined, q: string | undefined) =>
    listQuery('GET /v1/devices', { query: { ...(status ? { status } : {}), ...(q ? { q } : {}) } })
export const deviceQuery = (device: string) => oneQuery('GET /v1/devices/{id}', { path: { id: device } })
export const tokensQuery = (device: string) => listQuery('GET /v1/devices/{id}/tokens', id(device))
export const calibrationsQuery = (device: string) => listQuery('GET /v1/devices/{id}/calibrations', id(device))
export const attachmentsQuery = (device: string) => listQuery('GET /v1/devices/{id}/attachments', id(device))
export const modelsQuery = listQuery('GET /v1/device-models', { query: {} })
export const assetsQuery = listQuery('GET /v1/assets', { query: {} })
