// The time range in the address bar: whole days of the campaign's zone, both ends included, and the grain.
import { fromAbsolute, parseDate, startOfWeek, toCalendarDate, toZoned, type CalendarDate } from '@internationalized/date'
import type { Grain } from '@/api/schema'
import type { RangeSearch } from './range-search'

export interface Range { from: string; to: string; grain: Grain; whole: boolean }
export interface Span { from: string; to: string }
export interface Days { from: string; to: string }

export function localDay(instant: string | number, zone: string): string {
    const at = typeof instant === 'number' ? instant : Date.parse(instant)
    return toCalendarDate(fromAbsolute(at, zone)).toString()
}

const startOf = (day: CalendarDate, zone: string) => toZoned(day, zone).toDate().toISOString()

/** The instants of whole local days [from, to], as the half-open span that the API takes. */
export function spanOf(from: string, to: string, zone: string): Span {
    return { from: startOf(parseDate(from), zone), to: startOf(parseDate(to).add({ days: 1 }), zone) }
}

export function daysBetween(from: string, to: string): number {
    return parseDate(to).compare(parseDate(from)) + 1
}

export const presets = ['today', 'yesterday', 'last_7_days', 'last_week'] as const
export type Preset = (typeof presets)[number]

/** The named days as seen on `today`. A week runs from Monday to Sunday in every language, as media are booked. */
function presetOf(preset: Preset, today: CalendarDate): [CalendarDate, CalendarDate] {
    const monday = startOfWeek(today, 'en-CA', 'mon')
    switch (preset) {
        case 'today': return [today, today]
        case 'yesterday': return [today.subtract({ days: 1 }), today.subtract({ days: 1 })]
        case 'last_7_days': return [today.subtract({ days: 6 }), today]
        case 'last_week': return [monday.subtract({ days: 7 }), monday.subtract({ days: 1 })]
    }
}

/** What of the named days lies in the flight; null when nothing does. */
export function presetDays(preset: Preset, flight: Span, zone: string, now: number): Days | null {
    const [from, to] = presetOf(preset, parseDate(localDay(now, zone))).map(String) as [string, string]
    return clipped({ from, to }, flight, zone)
}

/** The part of the days that lies in the flight; null when none does. Plain dates compare as texts. */
export function clipped(days: Days, flight: Span, zone: string): Days | null {
    const first = localDay(flight.from, zone)
    const last = localDay(Date.parse(flight.to) - 1, zone)
    const [from, to] = [days.from < first ? first : days.from, days.to > last ? last : days.to]
    return from <= to ? { from, to } : null
}

const hourGrainDays = 8
/** A report is not longer; the server says so too. */
const longestDays = 1100

/**
 * What to show: the search's range, else the flight up to today. The grain follows the length unless chosen;
 * beyond 31 days hours are too thin to read and the answer is days.
 */
export function rangeOf(search: RangeSearch, flight: Span, zone: string, now: number): Range {
    const first = localDay(flight.from, zone)
    const last = localDay(Date.parse(flight.to) - 1, zone)
    const today = localDay(now, zone)
    const wholeTo = today >= first && today < last ? today : last
    const to = search.to ?? wholeTo
    const wanted = search.from ?? first
    // What is longer is shown by its end.
    const from = daysBetween(wanted, to) > longestDays ? String(parseDate(to).subtract({ days: longestDays - 1 })) : wanted
    const days = daysBetween(from, to)
    const natural: Grain = days <= hourGrainDays ? 'hour' : 'day'
    const grain = search.grain === 'hour' && days > 31 ? 'day' : (search.grain ?? natural)
    return { from, to, grain, whole: from === first && to === wholeTo }
}
