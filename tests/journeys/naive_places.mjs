// Cells and regions a second time: cells asked of PostgreSQL's own H3, regions by counting crossings of their outlines.
import { sum } from './measure.mjs'

const floor = 10
const keyOf = ({ lat, lon }) => `${lat},${lon}`

/** Gives each visit with a place its cell and that cell's centre. */
export function locate(server, visits) {
    const places = [...new Map(visits.filter(({ place }) => place).map(({ place }) => [keyOf(place), place])).values()]
    const list = (field) => `'{${places.map((place) => place[field])}}'::float8[]`
    const lines = server.scratch('h3', `
        select cell, (h3_cell_to_lat_lng(cell))[1], (h3_cell_to_lat_lng(cell))[0]
        from unnest(${list('lat')}, ${list('lon')}) with ordinality as p (lat, lon, number),
             h3_lat_lng_to_cell(point(lon, lat), 9) as cell
        order by number`)
    const found = new Map(places.map((place, index) => {
        const [cell, lat, lon] = lines[index].split('|')
        return [keyOf(place), { cell, centre: { lat: Number(lat), lon: Number(lon) } }]
    }))
    return visits.map((visit) => (visit.place ? { ...visit, ...found.get(keyOf(visit.place)) } : visit))
}

/** Whether a point lies inside: a ray to the east crosses the outline an odd number of times; holes count like it. */
const isInside = (rings, { lat, lon }) => rings.flatMap((ring) => ring.map((corner, index) => [corner, ring[(index + 1) % ring.length]]))
    .filter(([[x1, y1], [x2, y2]]) => (y1 > lat) !== (y2 > lat) && lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1)).length % 2 === 1

/** Counted visits by region, what lies elsewhere, and what has no place; with what must be hidden. */
export function regionsOf(visits, regions) {
    const placed = visits.filter(({ cell }) => cell)
    const codes = new Map([...new Map(placed.map(({ cell, centre }) => [cell, centre]))].map(([cell, centre]) => {
        const holders = regions.filter(({ polygons }) => polygons.some((rings) => isInside(rings, centre)))
        if (holders.length > 1) throw new Error(`the centre of ${cell} lies in ${holders.map(({ code }) => code)}; the test knows no overlaps`)
        return [cell, holders[0]?.code ?? 'elsewhere']
    }))
    const parts = [...Map.groupBy(placed, ({ cell }) => codes.get(cell))]
        .map(([code, inside]) => ({ code, inside, visits: sum(inside, ({ share }) => share) }))
    return { parts: hidden(parts), placed: sum(placed, ({ share }) => share), unplaced: sum(visits.filter(({ cell }) => !cell), ({ share }) => share) }
}

/** Parts below the floor are hidden; as long as what is shown gives one of them away, the smallest shown is too. */
function hidden(parts) {
    const marked = parts.map((part) => ({ ...part, hidden: part.visits < floor }))
    for (;;) {
        const away = marked.filter((part) => part.hidden)
        const shown = marked.filter((part) => !part.hidden).toSorted((one, other) => one.visits - other.visits)
        const tells = away.length === 1 || (away.length > 1 && away.every(({ inside }) => inside.length === 1))
        if (!tells || shown.length === 0) return marked
        shown[0].hidden = true
    }
}
