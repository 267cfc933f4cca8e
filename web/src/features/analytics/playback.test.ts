import { expect, test } from 'vitest'
import type { Metrics } from '@/api/schema'
import type { Range } from '@/lib/range'
import { busiest, framesOf } from './playback'

const zone = 'America/Toronto'
const range = (from: string, to: string): Range => ({ from, to, grain: 'day', whole: false })
const afterwards = Date.parse('2026-06-01T00:00:00Z')

test('several days are shown by day, of the length that each day has', () => {
    const frames = framesOf(range('2026-03-07', '2026-03-09'), zone, afterwards)
    expect(frames.map(({ id }) => id)).toEqual(['2026-03-07', '2026-03-08', '2026-03-09'])
    expect(frames[1]!.span).toEqual({ from: '2026-03-08T05:00:00.000Z', to: '2026-03-09T04:00:00.000Z' })
})

test('one day is shown by its hours: 23 when the clocks go forward, 25 when they go back', () => {
    expect(framesOf(range('2026-03-08', '2026-03-08'), zone, afterwards)).toHaveLength(23)
    const back = framesOf(range('2026-11-01', '2026-11-01'), zone, Date.parse('2027-01-01T00:00:00Z'))
    expect(back).toHaveLength(25)
    expect(back[24]!.span.to).toBe('2026-11-02T05:00:00.000Z')
})

test('what has not happened has no frame; the running hour has one', () => {
    expect(framesOf(range('2026-03-07', '2026-03-20'), zone, Date.parse('2026-03-09T12:00:00Z'))).toHaveLength(3)
    expect(framesOf(range('2026-03-09', '2026-03-09'), zone, Date.parse('2026-03-09T06:10:00Z'))).toHaveLength(3)
    expect(framesOf(range('2026-03-09', '2026-03-12'), zone, Date.parse('2026-03-01T06:10:00Z'))).toEqual([])
})

test('the busiest frame has the most impressions, by the instant at which it begins', () => {
    const frames = framesOf(range('2026-03-07', '2026-03-09'), zone, afterwards)
    const buckets = [['2026-03-07T05:00:00Z', 5], ['2026-03-08T05:00:00Z', 9], ['2026-03-09T04:00:00Z', null]]
        .map(([start, ots]) => ({ start, ots }))
    expect(busiest(frames, { buckets } as unknown as Metrics)?.id).toBe('2026-03-08')
    expect(busiest([], { buckets: [] } as unknown as Metrics)).toBeUndefined()
})
