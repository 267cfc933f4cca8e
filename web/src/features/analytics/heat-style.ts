// The hexagons of one metric as map layers.
import type { LayerSpecification } from 'maplibre-gl'
import type { MapMetric } from '@/api/schema'
import type { Overlay } from '@/components/map/base-style'
import type { Theme } from '@/lib/colour'
import { classFilter, fillColour, fillOpacity, lineColour, properties, whenPointed } from './class-style'

/** The layer inside each tile. */
export const tileLayer = 'exposure'
/** The name of a frame's source and of its layer on the map. */
export const heatName = (frame: string) => `heat-${frame}`

/** One window's hexagons. Those that are not shown are fetched all the same: they are the next to be. */
export interface HeatFrame { id: string; tiles: string; isShown: boolean }

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
                'fill-opacity': isShown ? fillOpacity(property) : 0,
                // Edges of neighbours would blend twice and show as seams.
                'fill-antialias': false,
            },
        }
        const outline: LayerSpecification = {
            id: `${heatName(id)}-outline`, type: 'line', ...from,
            paint: {
                'line-color': lineColour(theme),
                'line-width': whenPointed(2, 0),
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
