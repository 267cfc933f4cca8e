import { queryOptions } from '@tanstack/react-query'
import { urlOf } from '@/api/client'
import { oneQuery } from '@/api/queries'
import type { Grain, MapMetric } from '@/api/schema'
import type { Span } from '@/lib/range'

const path = (id: string) => ({ path: { id } })

export const summaryQuery = (id: string, span: Span) =>
    oneQuery('GET /v1/campaigns/{id}/summary', { ...path(id), query: span })
export const metricsQuery = (id: string, span: Span, grain: Grain) =>
    oneQuery('GET /v1/campaigns/{id}/metrics', { ...path(id), query: { ...span, grain } })
export const regionsQuery = (id: string, span: Span, set: string) =>
    oneQuery('GET /v1/campaigns/{id}/regions', { ...path(id), query: { ...span, set } })
export const legendQuery = (id: string, span: Span, z: number, metric: MapMetric) =>
    oneQuery('GET /v1/campaigns/{id}/legend', { ...path(id), query: { ...span, z, metric } })
export const regionSetsQuery = oneQuery('GET /v1/region-sets', { query: {} })
/** The outlines of a set do not change while a page is open. */
export const shapesQuery = (set: string) =>
    queryOptions({ ...oneQuery('GET /v1/region-sets/{id}/shapes', path(set)), staleTime: Infinity })
export const basemapQuery = queryOptions({ ...oneQuery('GET /v1/basemap', {}), staleTime: Infinity })

/** The tiles of one data version never change, so the browser keeps them; new data is a new address. */
export function tileUrl(id: string, span: Span, version: string): string {
    const query = urlOf('', { query: { ...span, v: version } })
    return `${window.location.origin}/v1/campaigns/${encodeURIComponent(id)}/tiles/{z}/{x}/{y}.mvt${query}`
}
