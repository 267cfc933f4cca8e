import { useQuery } from '@tanstack/react-query'
import type { LayerSpecification } from 'maplibre-gl'
import { useMemo, useRef } from 'react'
import type { VehiclePosition } from '@/api/schema'
import { labelColours, mapFont, mapStyle, type Overlay } from '@/components/map/base-style'
import { MapCanvas, type Bounds } from '@/components/map/map-canvas'
import type { Theme } from '@/lib/colour'
import { useText } from '@/lib/i18n/text'
import { useTheme } from '@/lib/theme'
import { basemapQuery } from './queries'

const colours: Record<Theme, { fresh: string; stale: string; rim: string }> = {
    light: { fresh: '#4f46e5', stale: '#8a5a00', rim: '#ffffff' },
    dark: { fresh: '#818cf8', stale: '#fbbf24', rim: '#0d0f14' },
}

function overlay(theme: Theme, vehicles: VehiclePosition[], found: string | null): Overlay {
    const { fresh, stale, rim } = colours[theme]
    const { text, halo } = labelColours(theme)
    const dots: LayerSpecification = {
        id: 'vehicles', type: 'circle', source: 'vehicles',
        paint: {
            // A stale place is hollow as well as amber: the state does not rest on colour.
            'circle-color': ['case', ['get', 'stale'], rim, fresh],
            'circle-radius': ['case', ['get', 'found'], 10, 7],
            'circle-stroke-color': ['case', ['get', 'stale'], stale, rim],
            'circle-stroke-width': ['case', ['get', 'stale'], 3, 2],
        },
    }
    const names: LayerSpecification = {
        id: 'vehicle-names', type: 'symbol', source: 'vehicles',
        layout: {
            'text-field': ['get', 'name'], 'text-font': mapFont, 'text-size': 12,
            // Vehicles meet: a name goes to whichever side is free.
            'text-variable-anchor': ['top', 'bottom', 'right', 'left'], 'text-radial-offset': 0.9, 'text-optional': true,
        },
        paint: { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 1.4 },
    }
    const source = { type: 'geojson' as const, data: collection(vehicles, found) }
    return { sources: { vehicles: source }, layers: [], above: [dots, names] }
}

const collection = (vehicles: VehiclePosition[], found: string | null) => ({
    type: 'FeatureCollection' as const,
    features: vehicles.map((one) => ({
        type: 'Feature' as const,
        properties: { name: one.name, stale: one.stale, found: one.asset_id === found },
        geometry: { type: 'Point' as const, coordinates: [one.lon, one.lat] },
    })),
})

const around = 0.01
function boundsOf(vehicles: VehiclePosition[]): Bounds | null {
    if (vehicles.length === 0) return null
    const [lats, lons] = [vehicles.map((one) => one.lat), vehicles.map((one) => one.lon)]
    return [Math.min(...lons) - around, Math.min(...lats) - around, Math.max(...lons) + around, Math.max(...lats) + around]
}

export default function VehicleMap({ vehicles, found }: { vehicles: VehiclePosition[]; found: string | null }) {
    const text = useText()
    const theme = useTheme()
    const { data: base } = useQuery(basemapQuery)
    // The view is set by the first positions and by a search; vehicles that move do not drag it along.
    const first = useRef(boundsOf(vehicles))
    const target = vehicles.find((one) => one.asset_id === found)
    const key = target ? target.asset_id : null
    const bounds = useMemo(
        () => (target ? boundsOf([target]) : first.current),
        // Only another vehicle moves the view, not its new place.
        [key])
    const style = useMemo(
        () => mapStyle(theme, base, overlay(theme, vehicles, found)), [theme, base, vehicles, found])
    return <MapCanvas label={text('vehicles.map.label')} style={style} bounds={bounds} />
}
