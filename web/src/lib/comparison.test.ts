import { describe, expect, test } from 'vitest'
import { alignedBefore, changeOf, comparedSpans } from './comparison'
import type { Range } from './range'

const zone = 'America/Toronto'
const flight = { from: '2026-02-01T05:00:00.000Z', to: '2026-04-01T04:00:00.000Z' }
const range = (from: string, to: string): Range => ({ from, to, grain: 'day', whole: false })
const later = '2026-06-01T00:00:00.000Z'

describe('the days before', () => {
    test('are the same weekdays, as many whole weeks back as it takes', () => {
        expect(comparedSpans(range('2026-02-16', '2026-02-22'), flight, zone, later)).toEqual({
            shift: 7, now: { from: '2026-02-16T05:00:00.000Z', to: '2026-02-23T05:00:00.000Z' },
            before: { from: '2026-02-09T05:00:00.000Z', to: '2026-02-16T05:00:00.000Z' },
        })
        expect(comparedSpans(range('2026-02-20', '2026-02-20'), flight, zone, later)!.shift).toBe(7)
        expect(comparedSpans(range('2026-02-20', '2026-02-27'), flight, zone, later)!.shift).toBe(14)
    })
    test('end at the same hour of the wall as what is complete, over a clock change too', () => {
        // 8 March 2026 has 23 hours in Toronto.
        const { now, before } = comparedSpans(range('2026-03-09', '2026-03-09'), flight, zone, '2026-03-09T14:20:00.000Z')!
        expect(now).toEqual({ from: '2026-03-09T04:00:00.000Z', to: '2026-03-09T14:00:00.000Z' })
        expect(before).toEqual({ from: '2026-03-02T05:00:00.000Z', to: '2026-03-02T15:00:00.000Z' })
    })
    test('are none where the flight had not begun, or nothing is complete yet', () => {
        expect(comparedSpans(range('2026-02-05', '2026-02-08'), flight, zone, later)).toBeNull()
        expect(comparedSpans(range('2026-03-09', '2026-03-09'), flight, zone, '2026-03-09T04:30:00.000Z')).toBeNull()
    })
})

test('a change is a share of what was before, and unknown where that was nothing', () => {
    expect(changeOf(200, 250)).toBe(0.25)
    expect(changeOf(200, 0)).toBe(-1)
    for (const [before, now] of [[0, 5], [null, 5], [5, null], [undefined, 5]]) expect(changeOf(before, now)).toBeNull()
})

test('bars stand beside those of the same wall time, whatever the offset', () => {
    const bars = ['2026-03-09T00:00-04:00', '2026-03-09T01:00-04:00'].map((local) => ({ local }))
    const before = ['2026-03-02T01:00-05:00'].map((local) => ({ local }))
    expect(alignedBefore(bars, before, 7)).toEqual([null, before[0]])
    expect(alignedBefore([{ local: '2026-03-01' }], [{ local: '2026-02-22' }], 7)).toEqual([{ local: '2026-02-22' }])
})
