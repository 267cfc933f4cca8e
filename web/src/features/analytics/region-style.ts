// The regions of a set as map layers, coloured by a campaign's figures as the hexagons are.
import type { ExpressionSpecification } from 'maplibre-gl'
import type { MapMetric, Region, RegionShapes } from '@/api/schema'
import type { Overlay } from '@/components/map/base-style'
import type { Theme } from '@/lib/colour'
import { classFilter, distinct, fillColour, fillOpacity, lineColour, properties, whenPointed } from './class-style'

/** The name of the source, and of the layer that can be pointed at. */
export const regionLayer = 'regions'

// As many as the server makes of hexagons.
const mostClasses = 7

/** The lower bounds of the classes: quantiles of the regions that are shown. */
export function classesOf(regions: readonly Region[], metric: MapMetric): number[] {
    const values = regions.map((region) => region[properties[metric]]).filter((value) => value !== null).sort((a, b) => a - b)
    if (values.length === 0) return []
    return distinct(Array.from({ length: mostClasses }, (_, i) => values[Math.floor((i * values.length) / mostClasses)]!))
}

/** What a region has is a property; what it lacks, because nobody was there or to protect privacy, is none. */
function figuresOf(region: Region | undefined) {
    if (!region) return {}
    const { hidden, visits, ots, lts, mean_dwell_s } = region
    const known = Object.entries({ visits, ots, lts, mean_dwell_s }).filter(([, value]) => value !== null)
    return { hidden, ...Object.fromEntries(known) }
}

/** The shapes with their figures. A region without a visit has only its name, and is not even said to be hidden. */
export function withFigures({ features }: RegionShapes, regions: readonly Region[]) {
    const found = new Map(regions.map((region) => [region.code, region]))
    return {
        type: 'FeatureCollection' as const,
        features: features.map(({ geometry, properties: { code, name } }) => ({
            type: 'Feature' as const, geometry, properties: { code, name, ...figuresOf(found.get(code)) },
        })),
    }
}

const isReached: ExpressionSpecification = ['has', 'hidden']

export interface Drawn { regions: ReturnType<typeof withFigures>; attribution: string; breaks: number[]; chosen: string | undefined }

export function regionOverlay(
    theme: Theme, metric: MapMetric, off: ReadonlySet<number>, { regions, attribution, breaks, chosen }: Drawn,
): Overlay {
    const property = properties[metric]
    const filter = classFilter(property, breaks, off)
    const isChosen: ExpressionSpecification = ['==', ['get', 'code'], chosen ?? '']
    return {
        sources: { [regionLayer]: { type: 'geojson', data: regions, promoteId: 'code', attribution } },
        layers: [
            {
                id: regionLayer, type: 'fill', source: regionLayer,
                // Whatever is switched off, a region without a visit can be asked for its name.
                ...(filter ? { filter: ['any', ['!', isReached], filter] as ExpressionSpecification } : {}),
                paint: {
                    'fill-color': fillColour(theme, property, breaks),
                    'fill-opacity': ['case', isReached, fillOpacity(property), 0],
                    'fill-antialias': false,
                },
            },
            {
                id: `${regionLayer}-outline`, type: 'line', source: regionLayer, layout: { 'line-join': 'round' },
                paint: {
                    'line-color': lineColour(theme),
                    'line-width': whenPointed(2, ['case', isChosen, 3, 0.6]),
                    'line-opacity': whenPointed(1, ['case', isChosen, 1, 0.35]),
                },
            },
        ],
    }
}
