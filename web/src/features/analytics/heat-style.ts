// The hexagons of one metric as map layers: one colour per quantile class, a quiet grey for what is hidden.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl'
import type { MapMetric } from '@/api/schema'
import { landColour, type Overlay } from '@/components/map/base-style'
import { mix, ramp, type Theme } from '@/lib/colour'

/** The layer inside each tile. */
export const tileLayer = 'exposure'
/** The name of a frame's source and of its layer on the map. */
export const heatName = (frame: string) => `heat-${frame}`

/** One window's hexagons. Those that are not shown are fetched all the same: they are the next to be. */
export interface HeatFrame { id: string; tiles: string; isShown: boolean }

export const properties: Record<MapMetric, string> = { visits: 'visits', ots: 'ots', lts: 'lts', dwell: 'mean_dwell_s' }
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

function fillColour(theme: Theme, property: string, breaks: number[]): ExpressionSpecification {
    const colours = ramp(theme, Math.max(1, breaks.length))
    const rest = breaks.slice(1).flatMap((bound, i) => [bound, colours[i + 1]!])
    const value = rest.length === 0 ? colours[0]! : ['step', ['get', property], colours[0]!, ...rest]
    return ['case', ['has', property], value, hiddenColour[theme]] as unknown as ExpressionSpecification
}

/** Draws the classes that are on; the class -1 is what is hidden for privacy. */
function classFilter(property: string, breaks: number[], off: ReadonlySet<number>): FilterSpecification | null {
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

export function heatOverlay(
    theme: Theme, metric: MapMetric, breaks: number[], off: ReadonlySet<number>, frames: readonly HeatFrame[],
): Overlay {
    const property = properties[metric]
    const filter = classFilter(property, breaks, off)
    const layersOf = ({ id, isShown }: HeatFrame): LayerSpecification[] => {
        const from = { source: heatName(id), 'source-layer': tileLayer, ...(filter ? { filter } : {}) }
        const cells: LayerSpecification = {
            id: heatName(id), type: 'fill', ...from,
            paint: {
                'fill-color': fillColour(theme, property, breaks),
                'fill-opacity': isShown ? ['case', ['has', property], opacity.shown, opacity.hidden] : 0,
                // Edges of neighbours would blend twice and show as seams.
                'fill-antialias': false,
            },
        }
        const outline: LayerSpecification = {
            id: `${heatName(id)}-outline`, type: 'line', ...from,
            paint: {
                'line-color': theme === 'dark' ? '#ffffff' : '#16181d',
                'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2, 0],
            },
        }
        return isShown ? [cells, outline] : [cells]
    }
    return {
        sources: Object.fromEntries(frames.map(({ id, tiles }) => [heatName(id), {
            type: 'vector', tiles: [tiles], minzoom: 0, maxzoom: 14, promoteId: { [tileLayer]: 'cell' },
        }])),
        layers: frames.flatMap(layersOf),
    }
}
