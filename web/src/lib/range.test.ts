import { describe, expect, test } from 'vitest'
import { clipped, daysBetween, localDay, presetDays, rangeOf, spanOf } from './range'
import { parseRangeSearch } from './range-search'

const zone = 'America/Toronto'
const flight = { from: '2026-03-01T05:00:00.000Z', to: '2026-03-15T04:00:00.000Z' }
const afterwards = Date.parse('2026-06-01T12:00:00Z')

describe('the address bar', () => {
    test.each([
        [{}, {}],
        [{ from: '2026-03-01', to: '2026-03-08', grain: 'hour' }, { from: '2026-03-01', to: '2026-03-08', grain: 'hour' }],
        [{ from: '2026-03-01' }, {}],
        [{ from: '2026-03-08', to: '2026-03-01' }, {}],
        [{ from: '2026-02-30', to: '2026-03-01' }, {}],
        [{ from: '2026-3-1', to: 20260308, grain: 'week' }, {}],
        [{ grain: 'day', other: 'x' }, { grain: 'day' }],
    ])('%j is read as %j', (search, read) => expect(parseRangeSearch(search)).toEqual(read))
})

describe('days of a zone as instants', () => {
    test('the span runs from the first midnight to the one after the last day', () => {
        expect(spanOf('2026-03-01', '2026-03-02', zone)).toEqual(
            { from: '2026-03-01T05:00:00.000Z', to: '2026-03-03T05:00:00.000Z' })
    })
    test('the day on which the clocks go forward has 23 hours, the one on which they go back 25', () => {
        const hours = (day: string) => {
            const span = spanOf(day, day, zone)
            return (Date.parse(span.to) - Date.parse(span.from)) / 3_600_000
        }
        expect([hours('2026-03-07'), hours('2026-03-08'), hours('2026-11-01')]).toEqual([24, 23, 25])
    })
    test('a day whose midnight does not exist starts when it starts', () => {
        expect(spanOf('2026-09-06', '2026-09-06', 'America/Santiago').from).toBe('2026-09-06T04:00:00.000Z')
    })
    test('an instant falls on the local day', () => {
        expect(localDay('2026-03-15T03:59:59.999Z', zone)).toBe('2026-03-14')
        expect(localDay('2026-03-15T04:00:00.000Z', zone)).toBe('2026-03-15')
    })
})

describe('what is shown', () => {
    test('the whole flight, to its last day, once it is over', () => {
        expect(rangeOf({}, flight, zone, afterwards)).toEqual({ from: '2026-03-01', to: '2026-03-14', grain: 'day', whole: true })
    })
    test('the flight up to today while it runs, by hour while it is short', () => {
        expect(rangeOf({}, flight, zone, Date.parse('2026-03-04T15:00:00Z'))).toEqual(
            { from: '2026-03-01', to: '2026-03-04', grain: 'hour', whole: true })
    })
    test('the whole flight before it begins', () => {
        expect(rangeOf({}, flight, zone, Date.parse('2026-01-01T00:00:00Z')).to).toBe('2026-03-14')
    })
    test('the chosen days and grain; hours only up to 31 days', () => {
        const chosen = rangeOf({ from: '2026-03-02', to: '2026-03-12', grain: 'hour' }, flight, zone, afterwards)
        expect(chosen).toEqual({ from: '2026-03-02', to: '2026-03-12', grain: 'hour', whole: false })
        expect(rangeOf({ from: '2026-01-01', to: '2026-03-12', grain: 'hour' }, flight, zone, afterwards).grain).toBe('day')
    })
    test('days are counted with both ends', () => expect(daysBetween('2026-02-27', '2026-03-01')).toBe(3))
})

describe('named days', () => {
    const sunday = Date.parse('2026-03-08T12:00:00Z')
    test.each([
        ['today', '2026-03-08', '2026-03-08'], ['yesterday', '2026-03-07', '2026-03-07'],
        ['last_7_days', '2026-03-02', '2026-03-08'],
    ] as const)('%s runs from %s to %s', (preset, from, to) =>
        expect(presetDays(preset, flight, zone, sunday)).toEqual({ from, to }))
    test('last week is the last one that ended on a Sunday', () => {
        const long = { from: '2026-01-01T05:00:00.000Z', to: '2026-06-01T04:00:00.000Z' }
        expect(presetDays('last_week', long, zone, sunday)).toEqual({ from: '2026-02-23', to: '2026-03-01' })
        expect(presetDays('last_week', long, zone, sunday + 86_400_000)).toEqual({ from: '2026-03-02', to: '2026-03-08' })
    })
    test('only what lies in the flight is offered', () => {
        expect(presetDays('last_week', flight, zone, sunday)).toEqual({ from: '2026-03-01', to: '2026-03-01' })
        expect(presetDays('today', flight, zone, afterwards)).toBeNull()
        expect(clipped({ from: '2026-03-10', to: '2026-03-20' }, flight, zone)).toEqual({ from: '2026-03-10', to: '2026-03-14' })
    })
})

describe('a range that is longer than a report', () => {
    const long = { from: '2020-01-01T05:00:00.000Z', to: '2026-01-01T05:00:00.000Z' }
    test.each([[{}], [{ from: '2020-01-01', to: '2025-12-31' }]])('%j is shown by its end', (search) => {
        const { from, to } = rangeOf(search, long, zone, afterwards)
        expect([to, daysBetween(from, to)]).toEqual(['2025-12-31', 1100])
    })
})
