import { expect, test } from 'vitest'
import { tilesOver } from './cells'

const toronto = [-79.52, 43.57, -79.25, 43.79] as const

test('the tiles over an area hold its corners', () => {
    expect(tilesOver(toronto, 9)).toEqual([
        { z: 9, x: 142, y: 186 }, { z: 9, x: 142, y: 187 }, { z: 9, x: 143, y: 186 }, { z: 9, x: 143, y: 187 },
    ])
})

test('a wide area is read at a lower zoom rather than in more tiles', () => {
    const tiles = tilesOver([-125, 25, -65, 50], 9)
    expect(tiles.length).toBeLessThanOrEqual(24)
    expect(tiles[0]!.z).toBeLessThan(9)
})
