// Numbers and times as people read them. Unknown is always an em dash, never a zero.

export const unknown = '—'
type Maybe = number | null | undefined

const known = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value)

export interface Format {
    /** Short, for KPIs: 1.24 M */
    short: (value: Maybe) => string
    /** Exact to the unit, for tables and hovers: 1,240,312 */
    exact: (value: Maybe) => string
    /** A small or fractional number: 1.84 */
    decimal: (value: Maybe, digits?: number) => string
    percent: (share: Maybe) => string
    /** Seconds as 42 s, 3 min 05 s or 2 h 10 min */
    duration: (seconds: Maybe) => string
    date: (instant: string | null | undefined, zone: string) => string
    dateTime: (instant: string | null | undefined, zone: string) => string
    /** A plain calendar date that is in no zone: 2026-03-08 */
    day: (date: string, style?: 'short' | 'long') => string
    relative: (instant: string | null | undefined, now: number) => string
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1],
]

// "s", "min" and "h" are the same in both languages; the space never breaks.
const space = '\u00a0'
const two = (value: number) => String(value).padStart(2, '0')

function durationOf(decimal: (value: number) => string) {
    return (seconds: Maybe) => {
        if (!known(seconds)) return unknown
        const whole = Math.round(seconds)
        if (seconds < 9.95) return `${decimal(seconds)}${space}s`
        if (whole < 60) return `${whole}${space}s`
        if (whole < 3_600) return `${Math.floor(whole / 60)}${space}min ${two(whole % 60)}${space}s`
        const minutes = Math.round(whole / 60)
        return `${Math.floor(minutes / 60)}${space}h ${two(minutes % 60)}${space}min`
    }
}

/** 1.24 M: three digits, and a space before the unit in both languages. */
function shortOf(locale: string, whole: (value: number) => string) {
    const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 })
    return (value: Maybe) => {
        if (!known(value)) return unknown
        // Below a thousand the exact number is as short, and a fraction of a person says nothing.
        if (Math.abs(value) < 999.5) return whole(value)
        const parts = compact.formatToParts(value).filter((part) => part.type !== 'literal')
        return parts.map((part) => (part.type === 'compact' ? space + part.value : part.value)).join('')
    }
}

/** Few is not none: what would round to 0 % is less than 0.1 %. */
function percentOf(percent: (share: Maybe) => string) {
    return (share: Maybe) => (known(share) && share > 0 && share < 0.0005 ? `<${space}${percent(0.001)}` : percent(share))
}

function relativeOf(locale: string) {
    const formatter = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
    return (instant: string | null | undefined, now: number) => {
        if (!instant) return unknown
        // Of things that were: one that seems to come yet has a clock that is ahead.
        const seconds = Math.min(0, (Date.parse(instant) - now) / 1000)
        for (const [unit, size] of units) {
            if (Math.abs(seconds) >= size || unit === 'second') return formatter.format(Math.round(seconds / size), unit)
        }
        return unknown
    }
}

const cache = new Map<string, Format>()

export function formatFor(locale: string): Format {
    const found = cache.get(locale)
    if (found) return found
    const numbers = (options: Intl.NumberFormatOptions) => {
        const formatter = new Intl.NumberFormat(locale, options)
        return (value: Maybe) => (known(value) ? formatter.format(value) : unknown)
    }
    const whole = numbers({ maximumFractionDigits: 0 })
    const dates = (options: Intl.DateTimeFormatOptions) => (instant: string | null | undefined, zone: string) =>
        instant ? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(new Date(instant)) : unknown
    const dayLong = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
    const dayShort = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' })
    const format: Format = {
        short: shortOf(locale, whole),
        exact: whole,
        decimal: (value, digits = 2) =>
            numbers({ maximumFractionDigits: digits, minimumFractionDigits: digits })(value).replace('-', '−'),
        percent: percentOf(numbers({ style: 'percent', maximumFractionDigits: 1 })),
        duration: durationOf(numbers({ maximumFractionDigits: 1 })),
        date: dates({ dateStyle: 'medium' }),
        dateTime: dates({ dateStyle: 'medium', timeStyle: 'short' }),
        day: (date, style = 'long') => (style === 'long' ? dayLong : dayShort).format(new Date(`${date}T00:00:00Z`)),
        relative: relativeOf(locale),
    }
    cache.set(locale, format)
    return format
}

/** A zone as people know it: "Toronto (EST)". */
export function zoneName(zone: string, locale: string, at: Date): string {
    const place = (zone.split('/').pop() ?? zone).replaceAll('_', ' ')
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(at)
    const short = parts.find((part) => part.type === 'timeZoneName')?.value
    return short && short !== place ? `${place} (${short})` : place
}
