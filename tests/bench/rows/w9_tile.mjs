// W9: a heat map's tile made in C++ beside ST_AsMVT of the same cells. tile_bench keeps the pairs itself, since both sides
// are calls within one program; each line it prints is a comparison.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { digits, ratio } from '../print.mjs'
import { built } from '../programs.mjs'

export const title = 'W9 tile'

const execute = promisify(execFile)
const cells = 5000

export async function run({ pairs }) {
    const { stdout } = await execute(built('tile_bench'), [cells, pairs].map(String))
    // The README has the tile itself; gzip and cold views stand in docs/figures.md.
    return stdout.trim().split('\n').filter((line) => line.includes('"zoom"')).map((line) => JSON.parse(line)).map(({ zoom, what, cells: shown, bytes, ours_ms, postgis_ms, ratio: found, dropped }) => ({
        short: what === 'encoded' ? `a tile of summed cells, zoom ${zoom}, beside ST_AsMVT` : undefined,
        what: `zoom ${zoom}, ${shown} of ${cells} cells, ${bytes} bytes: ${what}`,
        ours: `${digits(ours_ms)} ms CPU`,
        limit: `${digits(postgis_ms)} ms CPU in PostGIS`,
        ratio: ratio(found, { kept: pairs - dropped, dropped }),
        aim: 'CPU ≤ 0.3',
    }))
}
