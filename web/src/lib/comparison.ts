// What the chosen days are compared with: the same weekdays before them, because streets have weeks.
import { fromAbsolute } from '@internationalized/date'
import type { Bucket } from '@/api/schema'
import { daysBetween, spanOf, type Range, type Span } from './range'

export interface Compared {
    /** Whole weeks between the two, in days */
    shift: number
    /** The part of the chosen days that is measured: a running day is held against as much of the other. */
    now: Span
    before: Span
}

const hour = 3_600_000

/** By the clock on the wall, so that an hour is compared with the same hour on both sides of a clock change. */
function shifted(instant: string, days: number, zone: string): string {
    return fromAbsolute(Date.parse(instant), zone).subtract({ days }).toDate().toISOString()
}

/** Null when the flight has no such days: what was not booked is no comparison. */
export function comparedSpans(range: Range, flight: Span, zone: string, completeTo: string): Compared | null {
    const chosen = spanOf(range.from, range.to, zone)
    const complete = Math.floor(Date.parse(completeTo) / hour) * hour
    const to = complete < Date.parse(chosen.to) ? new Date(complete).toISOString() : chosen.to
    const shift = Math.ceil(daysBetween(range.from, range.to) / 7) * 7
    const before = { from: shifted(chosen.from, shift, zone), to: shifted(to, shift, zone) }
    if (to <= chosen.from || Date.parse(before.from) < Date.parse(flight.from)) return null
    return { shift, now: { from: chosen.from, to }, before }
}

/** The change from one figure to the other as a share of the first; null where there is nothing to divide by. */
export function changeOf(before: number | null | undefined, now: number | null | undefined): number | null {
    return typeof before === 'number' && typeof now === 'number' && before > 0 ? (now - before) / before : null
}

/** The wall time of a bucket without its offset, `days` later. */
function laterLocal(local: string, days: number): string {
    const day = new Date(`${local.slice(0, 10)}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() + days)
    return day.toISOString().slice(0, 10) + local.slice(10, 16)
}

/** For each bar the one before it that stood at the same wall time. */
export function alignedBefore<Bar extends Pick<Bucket, 'local'>>(
    bars: readonly Bar[], before: readonly Bar[], shift: number,
): (Bar | null)[] {
    const byLocal = new Map(before.map((bar) => [laterLocal(bar.local, shift), bar]))
    return bars.map((bar) => byLocal.get(bar.local.slice(0, 16)) ?? null)
}
