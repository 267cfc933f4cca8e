// The heat map's cells as rows: the same tiles that the map draws, read without a map, so that the table twin works
// where WebGL does not.
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'

export interface CellRow {
    cell: string
    hidden: boolean
    visits: number | null; ots: number | null; lts: number | null; mean_dwell_s: number | null
    lat: number
    lon: number
}
export type Bounds = readonly [west: number, south: number, east: number, north: number]
interface Tile { z: number; x: number; y: number }

const column = (lon: number, z: number) => Math.floor(((lon + 180) / 360) * 2 ** z)
function row(lat: number, z: number): number {
    const angle = (Math.max(-85, Math.min(85, lat)) * Math.PI) / 180
    return Math.floor(((1 - Math.log(Math.tan(angle) + 1 / Math.cos(angle)) / Math.PI) / 2) * 2 ** z)
}

/** The tiles over the bounds at the deepest zoom up to `zoom` that takes no more than `most` of them. */
export function tilesOver([west, south, east, north]: Bounds, zoom: number, most = 24): Tile[] {
    for (let z = zoom; ; z--) {
        const [left, right, top, bottom] = [column(west, z), column(east, z), row(north, z), row(south, z)]
        if ((right - left + 1) * (bottom - top + 1) > most && z > 0) continue
        const tiles: Tile[] = []
        for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) tiles.push({ z, x, y })
        return tiles
    }
}

function middle(ring: number[][]): { lat: number; lon: number } {
    const open = ring.slice(0, -1)
    const sum = open.reduce<[number, number]>(([lon, lat], point) => [lon + point[0]!, lat + point[1]!], [0, 0])
    return { lon: sum[0] / open.length, lat: sum[1] / open.length }
}

const numberOr = (value: unknown) => (typeof value === 'number' ? value : null)

export function cellsOf(buffer: ArrayBuffer, { x, y, z }: Tile): CellRow[] {
    const layer = new VectorTile(new PbfReader(buffer)).layers['exposure']
    if (!layer) return []
    return Array.from({ length: layer.length }, (_, i) => {
        const feature = layer.feature(i)
        const shape = feature.toGeoJSON(x, y, z).geometry
        const ring = shape.type === 'Polygon' ? shape.coordinates[0] : shape.type === 'MultiPolygon' ? shape.coordinates[0]?.[0] : undefined
        const { properties } = feature
        return {
            cell: String(properties['cell']),
            hidden: properties['hidden'] === true,
            visits: numberOr(properties['visits']),
            ots: numberOr(properties['ots']),
            lts: numberOr(properties['lts']),
            mean_dwell_s: numberOr(properties['mean_dwell_s']),
            ...middle(ring ?? [[0, 0], [0, 0]]),
        }
    })
}

/** Every cell once: a cell on a tile's edge is in both tiles. */
export async function fetchCells(template: string, tiles: Tile[], signal: AbortSignal): Promise<CellRow[]> {
    const found = new Map<string, CellRow>()
    await Promise.all(tiles.map(async (tile) => {
        const url = template.replace('{z}', String(tile.z)).replace('{x}', String(tile.x)).replace('{y}', String(tile.y))
        const response = await fetch(url, { signal, credentials: 'same-origin' })
        if (response.status === 204) return
        if (!response.ok) throw new Error(`tile ${url}: ${response.status}`)
        for (const cell of cellsOf(await response.arrayBuffer(), tile)) if (!found.has(cell.cell)) found.set(cell.cell, cell)
    }))
    return [...found.values()]
}
