// Sequential colour for counts: inferno on dark; on light its twin, the same ramp read from the other end, so that
// in both themes more people stand out more from the ground.

const inferno = [
    '#000004', '#0d0829', '#280b54', '#480b6a', '#65156e', '#82206c', '#9f2a63',
    '#bc3754', '#d44842', '#e8602d', '#f57d15', '#fc9f07', '#fac228', '#f3e55d', '#fcffa4',
]

const parse = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]

/** So much of the one colour, the rest of the other. */
export function mix(from: string, to: string, part: number): string {
    const [a, b] = [parse(from), parse(to)]
    return '#' + a.map((value, i) => Math.round(value + (b[i]! - value) * part).toString(16).padStart(2, '0')).join('')
}

function at(t: number): string {
    const place = Math.max(0, Math.min(1, t)) * (inferno.length - 1)
    const low = Math.min(Math.floor(place), inferno.length - 2)
    return mix(inferno[low]!, inferno[low + 1]!, place - low)
}

export type Theme = 'light' | 'dark'
const span: Record<Theme, [number, number]> = { dark: [0.2, 0.97], light: [0.93, 0.14] }

/** `count` colours from least to most. */
export function ramp(theme: Theme, count: number): string[] {
    const [first, last] = span[theme]
    if (count === 1) return [at((first + last) / 2)]
    return Array.from({ length: count }, (_, i) => at(first + ((last - first) * i) / (count - 1)))
}
