// What the address bar says of the time range. Apart from range.ts, so that the shell does not carry a calendar.
import type { Grain } from '@/api/schema'

export interface RangeSearch { from?: string | undefined; to?: string | undefined; grain?: Grain | undefined }

const pattern = /^\d{4}-\d{2}-\d{2}$/

function dayOrNothing(value: unknown): string | undefined {
    if (typeof value !== 'string' || !pattern.test(value)) return undefined
    const at = new Date(`${value}T00:00:00Z`)
    // A day that does not exist, such as 30 February, comes back as another.
    return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== value ? undefined : value
}

/** Reads what a URL says, dropping what makes no sense rather than failing the page. */
export function parseRangeSearch(search: Record<string, unknown>): RangeSearch {
    const from = dayOrNothing(search['from'])
    const to = dayOrNothing(search['to'])
    const grain = search['grain'] === 'hour' || search['grain'] === 'day' ? search['grain'] : undefined
    const ordered = from !== undefined && to !== undefined && from <= to
    return { from: ordered ? from : undefined, to: ordered ? to : undefined, grain }
}
