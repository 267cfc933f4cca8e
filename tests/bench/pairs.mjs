// How everything here is measured: ours and what it is compared with in turn, A B A B ..., in one run; the median of the
// rounds' ratios counts. A round during which the host took more than 5 % of the machine away is left out.
import { cpuOfDatabase, cpuOfEndedPrograms, cpuOfServer, machineTime } from './machine.mjs'

const mostStolen = 0.05
const attemptsPerRound = 3

export const median = (list) => {
    const sorted = list.toSorted((one, other) => one - other)
    const middle = sorted.length >> 1
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A number's median over the rounds and how far it went: {median, least, most}. */
export const spread = (list) => ({ median: median(list), least: Math.min(...list), most: Math.max(...list) })

/** Runs `work`, which says how many operations it did in how many seconds, and adds the CPU of each per operation. */
export async function measure(server, work) {
    const pids = server.pids ?? [server.child.pid]
    const postmaster = server.postmaster()
    const times = () => ({
        server: pids.reduce((sum, pid) => sum + cpuOfServer(pid), 0), database: cpuOfDatabase(postmaster), client: cpuOfEndedPrograms(),
    })
    const before = times()
    const done = await work()
    const after = times()
    const each = (name) => 1e6 * (after[name] - before[name]) / done.operations
    return { ...done, rate: done.operations / done.seconds, server_us: each('server'), database_us: each('database'), client_us: each('client') }
}

/**
 * Interleaved rounds of all sides, of which the first is ours, after one of each that does not count. Gives {rounds:
 * [[ours, other, ...], ...], kept, dropped}: how many those are, and how many were left out.
 */
export async function interleaved({ count, sides }) {
    const round = async () => {
        const results = []
        for (const side of sides) results.push(await side())
        return results
    }
    await round()
    const rounds = []
    let dropped = 0
    for (let attempt = 0; rounds.length < count && attempt < count * attemptsPerRound; ++attempt) {
        const before = machineTime()
        const results = await round()
        const after = machineTime()
        if ((after.stolen - before.stolen) / (after.all - before.all) > mostStolen) dropped += 1
        else rounds.push(results)
    }
    if (rounds.length === 0) throw new Error(`the host took more than 5 % of the machine in each of ${dropped} rounds`)
    return { rounds, kept: rounds.length, dropped }
}

/** The spread of the ratio of ours to the side `other` over the rounds; `of` picks the number out of a side. */
export const ratioOf = ({ rounds }, of, other = 1) => spread(rounds.map((sides) => of(sides[0]) / of(sides[other])))

/** The median of a number of one side: 0 is ours. */
export const medianOf = ({ rounds }, side, of) => median(rounds.map((sides) => of(sides[side])))
