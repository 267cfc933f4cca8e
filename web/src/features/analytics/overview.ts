// Where a campaign's figures lie: what each map of them shows first.
import type { Legend } from '@/api/schema'
import type { Span } from '@/lib/range'
import type { Bounds } from './cells'
import { legendQuery } from './queries'

export const overviewZoom = 9
export const overviewQuery = (id: string, span: Span) => legendQuery(id, span, overviewZoom, 'visits')

/** The bounds of a legend, which the API's description knows as a list of numbers only. */
export function boundsOf(legend: Legend | undefined): Bounds | null {
    const [west, south, east, north] = legend?.bounds ?? []
    if (west === undefined || south === undefined || east === undefined || north === undefined) return null
    return [west, south, east, north]
}
