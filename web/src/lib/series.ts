// Buckets of the metrics answer as bars: what was measured, what is an outage, what has not been worked out yet.
import type { Bucket, Metrics } from '@/api/schema'
import { bandOf } from './band'

export const seriesMetrics = ['ots', 'visits', 'lts', 'mean_dwell_s', 'reach'] as const
export type SeriesMetric = (typeof seriesMetrics)[number]

export interface Bar {
    key: string
    /** Local wall time of the bucket's start, or a plain date */
    local: string
    state: Bucket['state']
    /** null when there is nothing to draw: an outage, pending, or unknown */
    value: number | null
    low: number | null
    high: number | null
    coverage: number | null
}

const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : null)

function barOf(bucket: Bucket, metric: Exclude<SeriesMetric, 'reach'>): Bar {
    const band = metric === 'ots' ? bandOf(bucket) : null
    return {
        key: bucket.start,
        local: bucket.local,
        state: bucket.state,
        value: bucket[metric],
        low: band?.low ?? null,
        high: band?.high ?? null,
        coverage: shareOf(bucket.minutes_covered, bucket.minutes_expected),
    }
}

/** Reach exists by UTC day only, so its bars are UTC days whatever the grain. A day that the window cuts is faded. */
function reachBars(metrics: Metrics): Bar[] {
    return metrics.reach_days.map((day) => ({
        key: day.utc_day, local: day.utc_day, state: day.whole ? 'measured' : 'pending',
        value: day.reach, low: null, high: null, coverage: null,
    }))
}

export function barsOf(metrics: Metrics, metric: SeriesMetric): Bar[] {
    return metric === 'reach' ? reachBars(metrics) : metrics.buckets.map((bucket) => barOf(bucket, metric))
}

export interface Gap { first: number; last: number; state: 'no_data' | 'pending' }

/** Runs of buckets without a figure, each drawn as one hatched band. An hour without visits is no gap. */
export function gapsOf(bars: readonly Bar[]): Gap[] {
    const gaps: Gap[] = []
    bars.forEach((bar, i) => {
        if (bar.state === 'measured' || bar.value !== null) return
        const open = gaps.at(-1)
        if (open && open.last === i - 1 && open.state === bar.state) open.last = i
        else gaps.push({ first: i, last: i, state: bar.state })
    })
    return gaps
}

/** Indices that carry a tick: local midnights for hours, thinned so that at most `most` remain. */
export function ticksOf(bars: readonly Bar[], most: number): number[] {
    const hourly = bars.some((bar) => bar.local.length > 10)
    const days = bars.flatMap((bar, i) => (!hourly || bar.local.slice(11, 13) === '00' || i === 0 ? [i] : []))
    const enough = days.length >= 3 || !hourly
    const candidates = enough ? days : bars.flatMap((bar, i) => (Number(bar.local.slice(11, 13)) % 6 === 0 ? [i] : []))
    const step = Math.max(1, Math.ceil(candidates.length / Math.max(1, most)))
    return candidates.filter((_, i) => i % step === 0)
}
