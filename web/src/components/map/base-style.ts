// The ground under every map: outlines and labels from our own files, and the operator's tiles when there are any.
// The style names no glyphs and no sprite: MapLibre draws labels from the page's font, so nothing is fetched for them.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Basemap } from '@/api/schema'
import type { Theme } from '@/lib/colour'
import americaUrl from './basemap/land-america.geojson?url'
import worldUrl from './basemap/land-world.geojson?url'
import linesUrl from './basemap/lines.geojson?url'
import placesUrl from './basemap/places.geojson?url'

interface Palette {
    water: string; land: string; urban: string; river: string; rail: string
    country: string; state: string; county: string; label: string; halo: string
}

const palettes: Record<Theme, Palette> = {
    light: {
        water: '#d3dee6', land: '#f4f4f1', urban: '#e9e9e6', river: '#c3d3de', rail: '#d5d5d8',
        country: '#9b9fb0', state: '#c0c3cf', county: '#dfe0e6', label: '#2b303b', halo: '#fbfbfa',
    },
    dark: {
        water: '#0d141c', land: '#222c36', urban: '#283440', river: '#16212c', rail: '#36424e',
        country: '#6b7787', state: '#47535f', county: '#303b46', label: '#e3e8ee', halo: '#10161d',
    },
}

const font = ['Inter Variable SemiBold', 'Inter Variable', 'sans-serif']
const credit = 'Natural Earth · US Census Bureau · GeoNames (CC BY 4.0)'

function sources(base: Basemap | undefined): Record<string, SourceSpecification> {
    const own: Record<string, SourceSpecification> = {
        world: { type: 'geojson', data: worldUrl, attribution: credit, maxzoom: 6 },
        lines: { type: 'geojson', data: linesUrl, maxzoom: 9 },
        places: { type: 'geojson', data: placesUrl, maxzoom: 9 },
    }
    // Until it is known whether there are tiles, neither they nor what stands in for them is fetched.
    if (!base) return own
    if (!base.available) return { ...own, america: { type: 'geojson', data: americaUrl, maxzoom: 10 } }
    return {
        ...own,
        base: {
            type: 'vector', tiles: [`${window.location.origin}/tiles/base/{z}/{x}/{y}`],
            minzoom: base.minzoom, maxzoom: base.maxzoom, attribution: base.attribution ?? '',
        },
    }
}

type Paint = Record<string, unknown>
const layer = (id: string, type: string, source: string, paint: Paint, more: object = {}) =>
    ({ id, type, source, paint, ...more }) as LayerSpecification

/** Tiles cover North America better than our own outlines: those of the rest of the world stay. */
function tileLayers(p: Palette): LayerSpecification[] {
    const from = (name: string) => ({ 'source-layer': name })
    const solid = (colour: string) => ({ 'fill-color': colour, 'fill-antialias': false })
    const thin = (colour: string, width: number) => ({ 'line-color': colour, 'line-width': width })
    return [
        layer('base-land', 'fill', 'base', solid(p.land), from('land')),
        layer('base-urban', 'fill', 'base', { ...solid(p.urban), 'fill-opacity': 0.8 }, from('urban')),
        layer('base-lakes', 'fill', 'base', solid(p.water), from('lakes')),
        layer('base-rivers', 'line', 'base', thin(p.river, 1), from('rivers')),
        layer('base-rail', 'line', 'base', thin(p.rail, 0.8), { ...from('rail'), minzoom: 6 }),
        layer('base-admin1', 'line', 'base', thin(p.state, 0.8), from('admin1')),
        layer('base-admin0', 'line', 'base', thin(p.country, 1.2), from('admin0')),
    ]
}

/** Canada, the Great Lakes, the United States with their southern shore, and the other lakes: in this order. */
function america(p: Palette): LayerSpecification[] {
    return ['land', 'lake', 'land', 'lake'].map((kind, order) => layer(
        `america-${order}`, 'fill', 'america',
        { 'fill-color': kind === 'land' ? p.land : p.water, 'fill-antialias': false },
        { filter: ['==', ['get', 'order'], order] }))
}

function ground(p: Palette, base: Basemap | undefined): LayerSpecification[] {
    const kind = (name: string) => ['==', ['get', 'kind'], name]
    const line = (id: string, colour: string, width: number, filter: unknown, minzoom = 0) =>
        layer(id, 'line', 'lines', { 'line-color': colour, 'line-width': width }, { filter, minzoom })
    const water: LayerSpecification = { id: 'water', type: 'background', paint: { 'background-color': p.water } }
    const world = layer('world', 'fill', 'world', { 'fill-color': p.land, 'fill-antialias': false })
    const counties = line('counties', p.county, 0.6, kind('county'), 6.5)
    if (base?.available) {
        const far = ['==', ['get', 'part'], 'world']
        return [water, world, ...tileLayers(p), counties, line('countries', p.country, 1.2, ['all', kind('country'), far])]
    }
    return [
        water, world, ...(base ? america(p) : []), counties,
        line('states', p.state, 0.9, kind('state'), 2), line('countries', p.country, 1.2, kind('country')),
    ]
}

function labels(p: Palette): LayerSpecification[] {
    return [{
        id: 'places', type: 'symbol', source: 'places',
        // Rank 0 is a city of millions: one rank more is named with each step in.
        filter: ['<=', ['get', 'rank'], ['step', ['zoom'], 0, 3, 1, 4.5, 2, 5.5, 3, 6.5, 4, 7.5, 5, 8.5, 6, 10, 7]],
        layout: {
            'text-field': ['get', 'name'],
            'text-font': font,
            'text-size': ['interpolate', ['linear'], ['zoom'],
                3, ['interpolate', ['linear'], ['get', 'rank'], 0, 13, 7, 10],
                10, ['interpolate', ['linear'], ['get', 'rank'], 0, 19, 3, 15, 7, 11.5],
                14, ['interpolate', ['linear'], ['get', 'rank'], 0, 22, 7, 13]],
            'text-max-width': 7,
            'symbol-sort-key': ['get', 'rank'],
            'text-padding': 4,
        },
        paint: { 'text-color': p.label, 'text-halo-color': p.halo, 'text-halo-width': 1.4, 'text-halo-blur': 0.4 },
    }]
}

export interface Overlay { sources: Record<string, SourceSpecification>; layers: LayerSpecification[]; above?: LayerSpecification[] }

/** The whole style: ground, the overlay's data, and labels above the data. */
export function mapStyle(theme: Theme, base: Basemap | undefined, overlay: Overlay): StyleSpecification {
    const palette = palettes[theme]
    return {
        version: 8,
        sources: { ...sources(base), ...overlay.sources },
        layers: [...ground(palette, base), ...overlay.layers, ...labels(palette), ...(overlay.above ?? [])],
    }
}

export const mapFont = font
export const landColour = (theme: Theme) => palettes[theme].land
export const labelColours = (theme: Theme) => ({ text: palettes[theme].label, halo: palettes[theme].halo })
