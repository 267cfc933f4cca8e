// A campaign's days, or the hours of one day, as frames that the heat map shows one after another.
import { parseDate } from '@internationalized/date'
import type { Metrics } from '@/api/schema'
import { daysBetween, localDay, spanOf, type Range, type Span } from '@/lib/range'

export interface Frame {
    /** Its name in the address: a local day, or the instant at which its hour begins */
    id: string
    span: Span
}

const hour = 3_600_000
const iso = (at: number) => new Date(at).toISOString()

/** One day is shown by its hours, several by day: an hour of many days would mostly be hidden for privacy. */
export const frameGrain = (range: Range) => (range.from === range.to ? 'hour' as const : 'day' as const)

/** The frames up to `until`: what has not happened has no picture. */
export function framesOf(range: Range, zone: string, until: number): Frame[] {
    if (frameGrain(range) === 'hour') {
        const day = spanOf(range.from, range.to, zone)
        const first = Date.parse(day.from)
        const count = Math.round((Math.min(Date.parse(day.to), Math.ceil(until / hour) * hour) - first) / hour)
        return Array.from({ length: Math.max(0, count) }, (_, i) => {
            const from = iso(first + i * hour)
            return { id: from, span: { from, to: iso(first + (i + 1) * hour) } }
        })
    }
    const today = localDay(until, zone)
    const last = range.to < today ? range.to : today
    return Array.from({ length: Math.max(0, daysBetween(range.from, last)) }, (_, i) => {
        const id = parseDate(range.from).add({ days: i }).toString()
        return { id, span: spanOf(id, id, zone) }
    })
}

/** The frame with the most people: its classes are everybody's, so that a colour means the same in each frame. */
export function busiest(frames: readonly Frame[], metrics: Metrics): Frame | undefined {
    const people = new Map(metrics.buckets.map((bucket) => [Date.parse(bucket.start), bucket.ots ?? 0]))
    const of = (frame: Frame) => people.get(Date.parse(frame.span.from)) ?? 0
    return frames.reduce<Frame | undefined>((most, frame) => (most && of(most) >= of(frame) ? most : frame), undefined)
}
