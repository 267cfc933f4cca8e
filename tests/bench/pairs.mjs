// How everything here is measured: ours and its limit in turn, A B A B ..., in one run; the median of the pairs' ratios
// counts. A pair during which the host took more than 5 % of the machine away is left out.
import { cpuOfDatabase, cpuOfEndedPrograms, cpuOfServer, machineTime } from './machine.mjs'

const mostStolen = 0.05
const attemptsPerPair = 3

export const median = (list) => {
    const sorted = list.toSorted((one, other) => one - other)
    const middle = sorted.length >> 1
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A number's median over the pairs and how far it went: {median, least, most}. */
export const spread = (list) => ({ median: median(list), least: Math.min(...list), most: Math.max(...list) })

/** Runs `work`, which says how many operations it did in how many seconds, and adds the CPU of each per operation. */
export async function measure(server, work) {
    const [pid, postmaster] = [server.child.pid, server.postmaster()]
    const times = () => ({ server: cpuOfServer(pid), database: cpuOfDatabase(postmaster), client: cpuOfEndedPrograms() })
    const before = times()
    const done = await work()
    const after = times()
    const each = (name) => 1e6 * (after[name] - before[name]) / done.operations
    return { ...done, rate: done.operations / done.seconds, server_us: each('server'), database_us: each('database'), client_us: each('client') }
}

/**
 * Interleaved pairs of `ours` and `limit`, after one of each that does not count. Gives {pairs: [[ours, limit], ...],
 * kept, dropped}: how many those are, and how many were left out.
 */
export async function interleaved({ count, ours, limit }) {
    await ours()
    await limit()
    const pairs = []
    let dropped = 0
    for (let attempt = 0; pairs.length < count && attempt < count * attemptsPerPair; ++attempt) {
        const before = machineTime()
        const pair = [await ours(), await limit()]
        const after = machineTime()
        if ((after.stolen - before.stolen) / (after.all - before.all) > mostStolen) dropped += 1
        else pairs.push(pair)
    }
    if (pairs.length === 0) throw new Error(`the host took more than 5 % of the machine in each of ${dropped} pairs`)
    return { pairs, kept: pairs.length, dropped }
}

/** The spread of a ratio over the pairs; `of` picks the number out of one side. */
export const ratioOf = ({ pairs }, of) => spread(pairs.map(([ours, limit]) => of(ours) / of(limit)))

/** The median of a number of one side: 0 is ours, 1 the limit. */
export const medianOf = ({ pairs }, side, of) => median(pairs.map((pair) => of(pair[side])))
