// What is drawn by class, as hexagons and regions are: one colour per quantile class, a quiet grey for what is hidden.
import type { ExpressionSpecification, FilterSpecification } from 'maplibre-gl'
import type { MapMetric } from '@/api/schema'
import { landColour } from '@/components/map/base-style'
import { mix, ramp, type Theme } from '@/lib/colour'

export const properties = { visits: 'visits', ots: 'ots', lts: 'lts', dwell: 'mean_dwell_s' } as const satisfies Record<MapMetric, string>
const hiddenColour: Record<Theme, string> = { light: '#a3a7b3', dark: '#5b6472' }
const opacity = { shown: 0.8, hidden: 0.3 }

/** The colours as they look on land, which shows through: what a legend has to show to agree with its map. */
export function legendColours(theme: Theme, classes: number) {
    const land = landColour(theme)
    return {
        shown: ramp(theme, Math.max(1, classes)).map((colour) => mix(land, colour, opacity.shown)),
        hidden: mix(land, hiddenColour[theme], opacity.hidden),
    }
}

/** Bounds that repeat would make two classes of one value; the style needs them strictly ascending. */
export const distinct = (breaks: readonly number[]) => [...new Set(breaks)].sort((a, b) => a - b)

export function fillColour(theme: Theme, property: string, breaks: number[]): ExpressionSpecification {
    const colours = ramp(theme, Math.max(1, breaks.length))
    const rest = breaks.slice(1).flatMap((bound, i) => [bound, colours[i + 1]!])
    const value = rest.length === 0 ? colours[0]! : ['step', ['get', property], colours[0]!, ...rest]
    return ['case', ['has', property], value, hiddenColour[theme]] as unknown as ExpressionSpecification
}

/** Draws the classes that are on; the class -1 is what is hidden for privacy. */
export function classFilter(property: string, breaks: number[], off: ReadonlySet<number>): FilterSpecification | null {
    if (off.size === 0) return null
    const parts: unknown[] = []
    breaks.forEach((low, i) => {
        if (off.has(i)) return
        const high = breaks[i + 1]
        const value = ['to-number', ['get', property], 0]
        // The first class takes whatever is below its bound, as the colours do.
        parts.push(['all', ['has', property], ...(i > 0 ? [['>=', value, low]] : []), ...(high === undefined ? [] : [['<', value, high]])])
    })
    if (!off.has(-1)) parts.push(['!', ['has', property]])
    return ['any', ...parts] as unknown as FilterSpecification
}

export const fillOpacity = (property: string) => ['case', ['has', property], opacity.shown, opacity.hidden] as ExpressionSpecification
export const lineColour = (theme: Theme) => (theme === 'dark' ? '#ffffff' : '#16181d')
/** One number for what the reader points at and another for the rest. */
export const whenPointed = (pointed: number, rest: ExpressionSpecification | number) =>
    ['case', ['boolean', ['feature-state', 'hover'], false], pointed, rest] as ExpressionSpecification
