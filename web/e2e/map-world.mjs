// A world that never changes, for pictures of the map: a honeycomb over Toronto, served in place of the server's answers.
import { PbfWriter } from 'pbf'

const id = 'cmp_00000000000000000000000001'
const zone = 'America/Toronto'
const [from, to] = ['2026-03-02T05:00:00.000Z', '2026-03-09T04:00:00.000Z']
const breaks = [20, 40, 80, 160, 320, 640, 1280]
const [columns, rows, radius] = [9, 7, 0.000045]
export const path = `/campaigns/${id}`

/** Mercator coordinates, the whole world being one square. */
const project = (lon, lat) => [
    (lon + 180) / 360, (1 - Math.log(Math.tan((lat * Math.PI) / 180) + 1 / Math.cos((lat * Math.PI) / 180)) / Math.PI) / 2,
]
const unproject = (x, y) => [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI]

const [left, top] = project(-79.56, 43.76)
const corners = [0, 60, 120, 180, 240, 300].map((degrees) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)])

const cells = Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)]
    const [x, y] = [left + radius * 1.5 * column, top + radius * Math.sqrt(3) * (row + (column % 2) / 2)]
    // More people towards the middle, and none worth showing at the corners.
    const far = Math.hypot(column - (columns - 1) / 2, row - (rows - 1) / 2)
    return { name: `cell-${i}`, ring: corners.map(([dx, dy]) => [x + dx * radius, y + dy * radius]), people: Math.round(2600 * 0.34 ** far), isHidden: far > 4.6 }
})
const bounds = (() => {
    const points = cells.flatMap(({ ring }) => ring)
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
    const [west, north] = unproject(Math.min(...xs), Math.min(...ys))
    const [east, south] = unproject(Math.max(...xs), Math.max(...ys))
    return [west, south, east, north]
})()

// The same ground as a board of regions: the first is hidden, the last was not reached, the rest are ever busier.
const set = { id: 'board', name: 'Board', attribution: 'Nobody' }
const board = Array.from({ length: 12 }, (_, i) => {
    const [west, south, east, north] = bounds
    const [wide, high] = [(east - west) / 4, (north - south) / 3]
    const [left, bottom] = [west + (i % 4) * wide, south + Math.floor(i / 4) * high]
    const ring = [[0, 0], [wide, 0], [wide, high], [0, high], [0, 0]].map(([x, y]) => [left + x, bottom + y])
    const people = i === 0 ? null : 10 * 2 ** i
    return {
        shape: { type: 'Feature', properties: { code: `r${i}`, name: `Region ${i}` }, geometry: { type: 'Polygon', coordinates: [ring] } },
        figures: {
            code: `r${i}`, name: `Region ${i}`, hidden: i === 0, visits: people, ots: people, lts: people,
            dwell_s: people && 30 * people, mean_dwell_s: people && 30, share_of_placed: people && people / 20_000,
        },
    }
})

const shapes = { type: 'FeatureCollection', features: board.map(({ shape }) => shape) }

/** How busy the window is beside the busiest: the days of the week rise, and the whole is their sum. */
function busy(query) {
    const days = (Date.parse(query.get('to')) - Date.parse(query.get('from'))) / 86_400_000
    if (days > 2) return 1
    return (1 + Math.floor((Date.parse(query.get('from')) - Date.parse(from)) / 86_400_000)) / 7
}

const extent = 4096
const zigzag = (value) => (value << 1) ^ (value >> 31)

function geometryOf(ring, { z, x, y }) {
    const [scale, out] = [2 ** z, []]
    let [px, py] = [0, 0]
    ring.forEach(([wx, wy], i) => {
        const [tx, ty] = [Math.round((wx * scale - x) * extent), Math.round((wy * scale - y) * extent)]
        if (i < 2) out.push(i === 0 ? (1 << 3) | 1 : ((ring.length - 1) << 3) | 2)
        out.push(zigzag(tx - px), zigzag(ty - py))
        ;[px, py] = [tx, ty]
    })
    return [...out, (1 << 3) | 7]
}

const keys = ['cell', 'hidden', 'visits', 'ots', 'lts', 'mean_dwell_s']

/** One vector tile with the honeycomb, as the server's description says. */
function tile(at, share) {
    const values = []
    const tag = (key, value) => [keys.indexOf(key), values.push(value) - 1]
    const pbf = new PbfWriter()
    pbf.writeMessage(3, (_, layer) => {
        layer.writeVarintField(15, 2)
        layer.writeStringField(1, 'exposure')
        for (const { name, ring, people, isHidden } of cells) {
            const count = Math.round(people * share)
            const tags = isHidden || count < 1
                ? [...tag('cell', name), ...tag('hidden', true)]
                : [...tag('cell', name), ...tag('hidden', false), ...['visits', 'ots', 'lts'].flatMap((key) => tag(key, count)), ...tag('mean_dwell_s', 30)]
            layer.writeMessage(2, (__, feature) => {
                feature.writePackedVarint(2, tags)
                feature.writeVarintField(3, 3)
                feature.writePackedVarint(4, geometryOf(ring, at))
            })
        }
        keys.forEach((key) => layer.writeStringField(3, key))
        values.forEach((value) => layer.writeMessage(4, (__, one) => {
            if (typeof value === 'string') one.writeStringField(1, value)
            else if (typeof value === 'boolean') one.writeBooleanField(7, value)
            else one.writeVarintField(5, value)
        }))
        layer.writeVarintField(5, extent)
    })
    return Buffer.from(pbf.finish())
}

const about = {
    source: 'mobilytics', method_version: 1, calibrated_share: 1, placed_share: 1, coverage: 1, minutes_expected: 60,
    minutes_covered: 60, unattached_visits: 0, parked_out_visits: 0, complete_to: to, final_to: to, data_version: '1', privacy_floor: 10,
}
const measures = {
    visits: 1000, ots: 1000, ots_low: 900, ots_high: 1100, lts: 900, dwell_s: 30_000, mean_dwell_s: 30,
    bins: [100, 200, 300, 200, 100, 50, 25, 15, 10], calibrated_visits: 1000,
}
const hidden = cells.filter(({ isHidden }) => isHidden).length

const answers = {
    '': () => ({
        id, name: 'A campaign that never changes', advertiser: '', state: 'finished', from, to, zone, goal_impressions: null,
        dayparts: [], asset_count: 1, created_at: from,
    }),
    '/assignments': () => ({ items: [], next_cursor: null }),
    '/summary': () => ({
        campaign_id: id, from, to, zone, totals: measures, reach: { grain: 'utc_day', mean_daily_reach: 100, mean_daily_frequency: 1, days: 7 },
        road_seconds: { parked: 1, crawl: 1, urban: 1, fast: 1 }, bin_edges_s: [0, 5, 15, 60, 120, 300, 900, 1800, 3600], by_asset: [], about,
    }),
    '/metrics': () => ({
        campaign_id: id, grain: 'day', zone, reach_days: [], about,
        buckets: Array.from({ length: 7 }, (_, day) => ({
            ...measures, start: new Date(Date.parse(from) + day * 86_400_000).toISOString(), local: `2026-03-0${2 + day}`, state: 'measured',
            ots: 100 * (1 + day), reach: null, minutes_expected: 60, minutes_covered: 60,
        })),
    }),
    '/legend': (query) => ({
        metric: query.get('metric'), resolution: 8, breaks: breaks.map((bound) => Math.round(bound * busy(query))),
        cells: cells.length - hidden, hidden_cells: hidden, bounds, view: bounds, about,
    }),
    '/regions': () => ({
        campaign_id: id, set, items: board.slice(0, -1).map(({ figures }) => figures), elsewhere: null, unplaced_visits: 0, about,
    }),
}

/** Serves the world to this page; everything else still comes from the server. */
export async function serveWorld(page) {
    const json = (route, body) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) })
    await page.route('**/v1/basemap', (route) => json(route, {
        available: false, minzoom: 0, maxzoom: 0, layers: [], attribution: null, bounds: null, version: null,
    }))
    await page.route('**/v1/region-sets*', (route) => json(route, { items: [{ ...set, regions: board.length }], next_cursor: null }))
    await page.route(`**/v1/region-sets/${set.id}/shapes`, (route) => json(route, shapes))
    await page.route(`**/v1/campaigns/${id}**`, (route) => {
        const { pathname, searchParams } = new URL(route.request().url())
        const rest = pathname.split(id)[1]
        const [, z, x, y] = /^\/tiles\/(\d+)\/(\d+)\/(\d+)\.mvt$/.exec(rest) ?? []
        if (z === undefined) return json(route, answers[rest](searchParams))
        const body = tile({ z: Number(z), x: Number(x), y: Number(y) }, busy(searchParams))
        return route.fulfill({ status: 200, contentType: 'application/vnd.mapbox-vector-tile', body })
    })
    return { cells, unproject, shapes, bounds }
}
