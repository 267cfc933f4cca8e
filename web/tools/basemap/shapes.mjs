// Small geometry steps of the base map build: rounding, dropping what rounding left empty, feature wrapping.

// A thousandth of a degree is about 100 m: finer than the sources are.
const decimals = 3

export const shape = (geometry, properties) => ({ type: 'Feature', properties, geometry })

export const point = ({ lon, lat, ...properties }) =>
    ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: [rounded(lon), rounded(lat)] } })

const rounded = (value) => Number(value.toFixed(decimals))

function roundLine(line) {
    const kept = []
    for (const [lon, lat] of line) {
        const next = [rounded(lon), rounded(lat)]
        const last = kept[kept.length - 1]
        if (!last || last[0] !== next[0] || last[1] !== next[1]) kept.push(next)
    }
    return kept
}

const roundRings = (rings) => rings.map(roundLine).filter((ring) => ring.length > 3)

export function round(feature) {
    const { type, coordinates } = feature.geometry
    const steps = {
        MultiLineString: () => coordinates.map(roundLine).filter((line) => line.length > 1),
        Polygon: () => roundRings(coordinates),
        MultiPolygon: () => coordinates.map(roundRings).filter((rings) => rings.length > 0),
    }
    if (!steps[type]) throw new Error(`the base map has no rule for a ${type}`)
    return { ...feature, geometry: { type, coordinates: steps[type]() } }
}

// Web Mercator ends at 85.05 degrees; a polygon that runs to the pole would smear along the edge.
export function clipToWorld(feature) {
    const limit = (line) => line.map(([lon, lat]) => [lon, Math.max(-85, Math.min(85, lat))])
    const coordinates = feature.geometry.coordinates.map((rings) => rings.map(limit))
    return { ...feature, geometry: { ...feature.geometry, coordinates } }
}

/** Does the feature's own box meet the given one, and is it at least so many square degrees large? */
export function touches({ geometry }, [west, south, east, north], least) {
    const points = geometry.coordinates.flat(geometry.type === 'Polygon' ? 1 : 2)
    const [lons, lats] = [points.map((p) => p[0]), points.map((p) => p[1])]
    const [left, right] = [Math.min(...lons), Math.max(...lons)]
    const [bottom, top] = [Math.min(...lats), Math.max(...lats)]
    return left <= east && right >= west && bottom <= north && top >= south && (right - left) * (top - bottom) >= least
}
