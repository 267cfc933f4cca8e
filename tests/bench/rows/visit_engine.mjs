// The measurement engine without its database: sightings of a device-hour to visits, and visits to stored rows.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median, spread } from '../pairs.mjs'
import { count, perSecond, ratio } from '../print.mjs'
import { built } from '../programs.mjs'

export const title = 'Visit engine'

const execute = promisify(execFile)
const aim = 1_000_000

/** Google Benchmark interleaves the repetitions of all its benchmarks; rates are by CPU time, so of one core. */
async function rates(pairs) {
    const { stdout } = await execute(built('visit_engine_bench'), ['--benchmark_format=json', `--benchmark_repetitions=${pairs}`,
        '--benchmark_enable_random_interleaving=true', '--benchmark_min_time=0.2s'], { maxBuffer: 1 << 26 })
    const runs = JSON.parse(stdout).benchmarks.filter(({ run_type }) => run_type === 'iteration')
    return (name) => {
        const found = runs.filter(({ run_name }) => run_name === name).map(({ items_per_second }) => items_per_second)
        if (found.length !== pairs) throw new Error(`${found.length} runs of ${name}, not ${pairs}`)
        return found
    }
}

export async function run({ pairs }) {
    const of = await rates(pairs)
    const beside = (ours, limit) => ratio(spread(ours.map((rate, index) => rate / limit[index])), { kept: pairs, dropped: 0 })
    const visits = (sightings, how, sorted) => {
        const [ours, limit] = [of(`visits_of_an_hour/sightings:${sightings}/sorted:${sorted}`), of(`bare_sort/${sightings}`)]
        return {
            short: sightings === 1_000_000 ? 'sightings to visits' : undefined,
            figure: perSecond(median(ours)),
            what: `${count(sightings)} sightings of an hour, ${how}, to visits; a bare sort of as many, as they arrived`,
            ours: `${perSecond(median(ours))} sightings`, limit: `${perSecond(median(limit))} sightings`,
            ratio: beside(ours, limit), aim: `≥ ${count(aim)}/s a core`,
        }
    }
    const rows = of('rows_on_a_moving_vehicle/100000')
    return [
        visits(100_000, 'as they arrived', 0),
        visits(1_000_000, 'as they arrived', 0),
        {
            what: 'visits of 100 000 sightings to rows on a moving vehicle (place, cell, speed, people)',
            ours: `${perSecond(median(rows))} visits`, limit: 'none', ratio: '', aim: 'not set',
        },
    ]
}
