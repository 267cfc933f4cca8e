import { expect, test } from 'vitest'
import type { FillLayerSpecification } from 'maplibre-gl'
import type { Region, RegionShapes } from '@/api/schema'
import { classesOf, regionOverlay, withFigures } from './region-style'

const region = (code: string, visits: number | null): Region => ({
    code, name: `Region ${code}`, hidden: visits === null, visits, ots: visits && visits * 2, lts: visits, dwell_s: visits && visits * 30,
    mean_dwell_s: visits && 30, share_of_placed: null,
})
const shapes: RegionShapes = {
    type: 'FeatureCollection',
    features: ['a', 'b', 'c'].map((code) => ({
        type: 'Feature', properties: { code, name: `Region ${code}` },
        geometry: { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] },
    })),
}
const reached = [region('a', 12), region('b', null)]

test('the classes are the quantiles of the regions that are shown, as the server makes them of hexagons', () => {
    const regions = Array.from({ length: 14 }, (_, i) => region(String(i), 140 - i * 10))
    expect(classesOf([...regions, region('hidden', null)], 'visits')).toEqual([10, 30, 50, 70, 90, 110, 130])
    expect(classesOf(regions, 'ots')).toEqual([20, 60, 100, 140, 180, 220, 260])
    expect(classesOf(regions, 'dwell')).toEqual([30])
})

test('few regions make few classes, and hidden ones none', () => {
    expect(classesOf([region('a', 12), region('b', 40)], 'visits')).toEqual([12, 40])
    expect(classesOf([region('a', null)], 'visits')).toEqual([])
    expect(classesOf([], 'visits')).toEqual([])
})

test('a region has its figures, or that it is hidden, or only its name when nobody was there', () => {
    expect(withFigures(shapes, reached).features.map(({ properties }) => properties)).toEqual([
        { code: 'a', name: 'Region a', hidden: false, visits: 12, ots: 24, lts: 12, mean_dwell_s: 30 },
        { code: 'b', name: 'Region b', hidden: true },
        { code: 'c', name: 'Region c' },
    ])
})

const fill = (off: number[]) => {
    const drawn = { regions: withFigures(shapes, reached), attribution: '', breaks: [10, 20], chosen: undefined }
    return regionOverlay('light', 'visits', new Set(off), drawn).layers[0] as FillLayerSpecification
}

test('a region without a visit has no fill', () => {
    expect(fill([]).paint!['fill-opacity']).toEqual(['case', ['has', 'hidden'], expect.anything(), 0])
})

test('it answers the pointer even when the hidden ones are switched off', () => {
    expect(fill([]).filter).toBeUndefined()
    expect(fill([-1]).filter).toEqual(['any', ['!', ['has', 'hidden']], expect.arrayContaining(['any'])])
})
