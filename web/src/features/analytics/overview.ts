// Where a campaign's figures lie: what each map of them shows first.
import type { Legend } from '@/api/schema'
import type { Span } from '@/lib/range'
import type { Bounds } from './cells'
import { legendQuery } from './queries'

export const overviewZoom = 9
export const overviewQuery = (id: string, span: Span) => legendQuery(id, span, overviewZoom, 'visits')

/** Corners of a legend, which the API's description knows as a list of numbers only. */
function corners(numbers: readonly number[] | null | undefined): Bounds | null {
    const [west, south, east, north] = numbers ?? []
    if (west === undefined || south === undefined || east === undefined || north === undefined) return null
    return [west, south, east, north]
}

/** Around every cell */
export const boundsOf = (legend: Legend | undefined) => corners(legend?.bounds)
/** What a map shows first */
export const viewOf = (legend: Legend | undefined) => corners(legend?.view)
