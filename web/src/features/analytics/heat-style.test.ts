import { expect, test } from 'vitest'
import type { FillLayerSpecification } from 'maplibre-gl'
import { ramp } from '@/lib/colour'
import { distinct, legendColours } from './class-style'
import { heatOverlay } from './heat-style'

const frame = (id: string, isShown = true) => ({ id, tiles: `https://x/${id}/{z}/{x}/{y}.mvt`, isShown })
const heat = (breaks: number[], off: number[] = []) =>
    heatOverlay('dark', 'dwell', distinct(breaks), new Set(off), [frame('whole')]).layers[0] as FillLayerSpecification

test('bounds that repeat make one class, so that the steps ascend', () => {
    const [, , step] = heat([5, 5, 9, 12]).paint!['fill-color'] as unknown as [string, unknown, unknown[]]
    expect(step.slice(0, 2)).toEqual(['step', ['get', 'mean_dwell_s']])
    expect(step.filter((part) => typeof part === 'number')).toEqual([9, 12])
})

test('one class needs no steps', () => {
    expect(typeof (heat([5]).paint!['fill-color'] as unknown as unknown[])[2]).toBe('string')
})

test('hexagons have no edges of their own, which would show as seams', () => {
    expect(heat([1, 2]).paint!['fill-antialias']).toBe(false)
})

test('all classes on is no filter; a class that is off is left out, and so is what is hidden', () => {
    expect(heat([1, 2, 3]).filter).toBeUndefined()
    const filter = JSON.stringify(heat([1, 2, 3], [1, -1]).filter)
    expect(filter).toContain('["<",["to-number",["get","mean_dwell_s"],0],2]')
    expect(filter).not.toContain('["!",["has"')
})

test('without frames there is nothing to draw', () => {
    expect(heatOverlay('light', 'ots', [], new Set(), [])).toEqual({ sources: {}, layers: [] })
})

test('the frame that comes next is fetched, but not seen', () => {
    const { sources, layers } = heatOverlay('light', 'ots', [1, 2], new Set(), [frame('a'), frame('b', false)])
    expect(Object.keys(sources)).toEqual(['heat-a', 'heat-b'])
    const next = layers.find(({ id }) => id === 'heat-b') as FillLayerSpecification
    expect(next.paint!['fill-opacity']).toBe(0)
    // A layer that is not visible would not fetch its tiles.
    expect(next.layout?.visibility).toBeUndefined()
})

test('the legend shows the colours as the map does, with the land shining through', () => {
    const { shown, hidden } = legendColours('dark', 7)
    expect(new Set([...shown, hidden]).size).toBe(8)
    expect(shown).not.toContain(ramp('dark', 7)[0])
})
