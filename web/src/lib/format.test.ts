import { describe, expect, test } from 'vitest'
import { formatFor, unknown, zoneName } from './format'

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const en = formatFor('en-CA')
const fr = formatFor('fr-CA')

describe('numbers', () => {
    test.each([
        [0, '0'], [7.4, '7'], [999.4, '999'], [999.6, '1 K'], [12_345, '12.3 K'], [1_240_312, '1.24 M'],
    ])('%d is %s for short in English', (value, text) => expect(plain(en.short(value))).toBe(text))
    test('short numbers take the comma and the unit of French', () => {
        expect(plain(fr.short(12_345))).toBe('12,3 k')
        expect(plain(fr.short(1_240_312))).toBe('1,24 M')
    })
    test('what is unknown is a dash and never a zero', () => {
        for (const show of [en.short, en.exact, en.percent, en.duration, en.decimal]) {
            for (const value of [null, undefined, Number.NaN]) expect(show(value)).toBe(unknown)
        }
        expect(en.exact(0)).toBe('0')
    })
    test('shares are percentages with at most one decimal', () => {
        expect(en.percent(0.9234)).toBe('92.3%')
        expect(plain(en.percent(0.0004))).toBe('< 0.1%')
        expect(en.percent(0)).toBe('0%')
        expect(plain(fr.percent(0.9234))).toBe('92,3 %')
    })
    test('a negative number has a minus sign', () => expect(en.decimal(-79.3832, 4)).toBe('−79.3832'))
})

describe('durations', () => {
    test.each([
        [0, '0 s'], [4.25, '4.3 s'], [9.96, '10 s'], [47.3, '47 s'], [59.6, '1 min 00 s'], [185, '3 min 05 s'],
        [3_599.7, '1 h 00 min'], [7_800, '2 h 10 min'], [361_200, '100 h 20 min'],
    ])('%d seconds are %s', (seconds, text) => expect(plain(en.duration(seconds))).toBe(text))
})

describe('times', () => {
    const instant = '2026-03-08T07:30:00.000Z'
    test('an instant is shown in the zone it is asked for', () => {
        expect(plain(en.dateTime(instant, 'America/Toronto'))).toBe('Mar 8, 2026, 3:30 a.m.')
        expect(plain(en.dateTime(instant, 'America/Vancouver'))).toBe('Mar 7, 2026, 11:30 p.m.')
        expect(en.date(null, 'UTC')).toBe(unknown)
    })
    test('a calendar date belongs to no zone', () => {
        expect(en.day('2026-03-08')).toBe('Mar 8, 2026')
        expect(plain(fr.day('2026-03-08', 'short'))).toBe('8 mars')
    })
    test('relative times take the largest unit that fits', () => {
        const now = Date.parse(instant)
        expect(en.relative('2026-03-08T07:29:20.000Z', now)).toBe('40 seconds ago')
        expect(en.relative('2026-03-08T04:30:00.000Z', now)).toBe('3 hours ago')
        expect(en.relative('2026-03-05T07:30:00.000Z', now)).toBe('3 days ago')
        expect(en.relative(null, now)).toBe(unknown)
    })
    test('a zone is named by its city and its abbreviation at that time', () => {
        expect(zoneName('America/Toronto', 'en-CA', new Date('2026-01-15T12:00:00Z'))).toBe('Toronto (EST)')
        expect(zoneName('America/Toronto', 'en-CA', new Date('2026-07-15T12:00:00Z'))).toBe('Toronto (EDT)')
    })
})
