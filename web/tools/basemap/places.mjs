// Which places get a label, and how important each is (rank 0 is the first to be drawn).

const home = new Set(['US', 'CA'])
// Parts of a town, abandoned and historical places.
const parts = new Set(['PPLX', 'PPLL'])
const never = new Set(['PPLW', 'PPLQ', 'PPLH', 'PPLCH'])
const smallest = { home: 1500, part: 4000, neighbour: 20000, world: 300000 }
const steps = [2000000, 750000, 300000, 100000, 40000, 15000, 5000]

function isKept(city) {
    if (never.has(city.featureCode)) return false
    if (!home.has(city.country)) return city.population >= (city.country === 'MX' ? smallest.neighbour : smallest.world)
    return city.population >= (parts.has(city.featureCode) ? smallest.part : smallest.home)
}

export function places(cities) {
    const kept = cities.filter(isKept).map((city) => {
        const step = steps.findIndex((limit) => city.population >= limit)
        const rank = step < 0 ? steps.length : step
        // A quarter is named only when its town already is.
        const shown = parts.has(city.featureCode) ? Math.max(rank, 6) : rank
        const [lon, lat] = city.loc.coordinates
        return { population: city.population, place: { name: city.name, rank: shown, lon, lat } }
    })
    kept.sort((a, b) => b.population - a.population || a.place.name.localeCompare(b.place.name))
    return kept.map(({ place }) => place)
}
