import { describe, expect, test } from 'vitest'
import type { Bucket, Metrics } from '@/api/schema'
import { barsOf, gapsOf, ticksOf } from './series'

function bucket(local: string, state: Bucket['state'], visits = 0): Bucket {
    const figures = state === 'no_data'
        ? {
            visits: null, ots: null, ots_low: null, ots_high: null, lts: null, dwell_s: null, mean_dwell_s: null,
            bins: null, calibrated_visits: null,
        }
        : {
            visits, ots: visits * 2, ots_low: visits, ots_high: visits * 3, lts: visits, dwell_s: 0,
            mean_dwell_s: visits > 0 ? 40 : null, bins: [], calibrated_visits: visits,
        }
    return {
        ...figures, start: `2026-03-08T${local.slice(11, 13)}:00:00.000Z`, local, state, reach: null,
        minutes_expected: 60, minutes_covered: state === 'measured' ? 45 : 0,
    }
}
const metrics = (buckets: Bucket[]): Metrics => ({
    campaign_id: 'cmp_1', grain: 'hour', zone: 'America/Toronto', buckets,
    reach_days: [
        { utc_day: '2026-03-08', reach: 120.5, frequency: 2, whole: true },
        { utc_day: '2026-03-09', reach: 30, frequency: null, whole: false },
    ],
    about: {} as Metrics['about'],
})
const hour = (h: number, state: Bucket['state'] = 'measured', visits = h) =>
    bucket(`2026-03-08T${String(h).padStart(2, '0')}:00-05:00`, state, visits)

describe('bars', () => {
    test('an outage is a gap and a measured nothing is zero', () => {
        const bars = barsOf(metrics([hour(0), hour(1, 'no_data'), hour(2, 'pending', 9), hour(3)]), 'visits')
        expect(bars.map((bar) => bar.value)).toEqual([0, null, 9, 3])
    })
    test('only impressions have a band', () => {
        const world = metrics([hour(5)])
        expect(barsOf(world, 'ots')[0]).toMatchObject({ value: 10, low: 5, high: 15, coverage: 0.75 })
        expect(barsOf(world, 'lts')[0]).toMatchObject({ value: 5, low: null, high: null })
        const partly = metrics([{ ...hour(5), calibrated_visits: 4 }])
        expect(barsOf(partly, 'ots')[0]).toMatchObject({ value: 10, low: null, high: null })
    })
    test('an hour without visits has no mean time, which is not zero', () => {
        expect(barsOf(metrics([hour(0)]), 'mean_dwell_s')[0]!.value).toBeNull()
    })
    test('reach has a bar for each UTC day, whatever the grain, and a cut day is not called measured', () => {
        expect(barsOf(metrics([hour(1)]), 'reach').map((bar) => [bar.local, bar.value, bar.state])).toEqual(
            [['2026-03-08', 120.5, 'measured'], ['2026-03-09', 30, 'pending']])
    })
})

describe('gaps', () => {
    test('runs without a figure are one gap; what is pending with a figure is none', () => {
        const bars = barsOf(metrics([hour(0), hour(1, 'no_data'), hour(2, 'no_data'), hour(3), hour(4, 'no_data'), hour(5, 'pending', 4)]), 'visits')
        expect(gapsOf(bars)).toEqual([
            { first: 1, last: 2, state: 'no_data' }, { first: 4, last: 4, state: 'no_data' },
        ])
    })
})

describe('ticks', () => {
    test('a few hours are labelled every six', () => {
        const bars = barsOf(metrics(Array.from({ length: 24 }, (_, h) => hour(h))), 'visits')
        expect(ticksOf(bars, 10)).toEqual([0, 6, 12, 18])
    })
    test('several days of hours are labelled at local midnight, on a day of 23 hours too', () => {
        const locals = ['2026-03-07', '2026-03-08', '2026-03-09'].flatMap((day) =>
            Array.from({ length: 24 }, (_, h) => h).filter((h) => day !== '2026-03-08' || h !== 2)
                .map((h) => bucket(`${day}T${String(h).padStart(2, '0')}:00-05:00`, 'measured', 1)))
        expect(ticksOf(barsOf(metrics(locals), 'visits'), 10)).toEqual([0, 24, 47])
    })
    test('no more labels than there is room for', () => {
        const days = Array.from({ length: 40 }, (_, i) => bucket(`2026-03-${String((i % 28) + 1).padStart(2, '0')}`, 'measured', 1))
        expect(ticksOf(barsOf(metrics(days), 'visits'), 10)).toHaveLength(10)
    })
})
