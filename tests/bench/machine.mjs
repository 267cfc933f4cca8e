// What the kernel says: CPU seconds of processes, and what the host took away.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** CPU seconds of a process: its own, and of the children that it has waited for. */
function cpuOf(pid) {
    let text
    try {
        text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    } catch {
        return { own: 0, waited: 0 }
    }
    // The name in brackets may hold anything.
    const [user, system, childUser, childSystem] = text.slice(text.lastIndexOf(')') + 2).split(' ').slice(11, 15).map(Number)
    return { own: (user + system) / ticksPerSecond, waited: (childUser + childSystem) / ticksPerSecond }
}

const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

export const cpuOfServer = (pid) => cpuOf(pid).own

/** Of a whole PostgreSQL: backends that ended count in what the postmaster waited for. */
export function cpuOfDatabase(postmaster) {
    const { own, waited } = cpuOf(postmaster)
    return children(postmaster).reduce((sum, pid) => sum + cpuOf(pid).own, own + waited)
}

/** Of the programs that this one has started and seen end. */
export const cpuOfEndedPrograms = () => cpuOf(process.pid).waited

/** Ticks of all processors: altogether, and stolen by the host. */
export function machineTime() {
    const [user, nice, system, idle, wait, irq, softIrq, stolen] =
        readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).slice(1).map(Number)
    return { all: user + nice + system + irq + softIrq + idle + wait + stolen, stolen }
}

const first = (file, args) => execFileSync(file, args, { encoding: 'utf8' }).split('\n', 1)[0].trim()

/** What absolute figures are worth nothing without. */
export function circumstances(root) {
    const memory_gb = Math.round(os.totalmem() / 2 ** 30)
    const changed = execFileSync('git', ['-C', root, 'status', '--porcelain', '--untracked-files=no', 'src', 'platform', 'app', 'db'],
        { encoding: 'utf8' }).trim()
    const revision = first('git', ['-C', root, 'rev-parse', '--short', 'HEAD'])
    const { dependencies: peers } = JSON.parse(readFileSync(path.join(root, 'tests/bench/peers/package.json'), 'utf8'))
    return {
        date: new Date().toISOString().slice(0, 10),
        machine: `${os.cpus().length} x ${os.cpus()[0].model.trim()} (virtual), ${memory_gb} GB, Linux ${os.release().split('-')[0]}`,
        versions: [
            ...[['PostgreSQL', 'postgresql-17'], ['TimescaleDB', 'postgresql-17-timescaledb'], ['PostGIS', 'postgresql-17-postgis-3'], ['g++', 'g++-14']]
                .map(([name, wanted]) => `${name} ${first('dpkg-query', ['-W', '-f', '${source:Upstream-Version}', wanted]).replace('+dfsg', '')}`),
            `Node ${process.versions.node}`, `Fastify ${peers.fastify}`, `pg ${peers.pg}`,
            `graphile-worker ${peers['graphile-worker']}`, `pg-boss ${peers['pg-boss']}`,
        ].join(', '),
        commit: changed ? `${revision} with changes` : revision,
    }
}
