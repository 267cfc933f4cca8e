// W12: what quiet companies notice of a noisy one: time to answer with it, beside time to answer without.
import { hash, randomUUID } from 'node:crypto'
import path from 'node:path'
import { Server } from '../../journeys/server.mjs'
import { instant } from '../../journeys/measure.mjs'
import { interleaved, medianOf, ratioOf } from '../pairs.mjs'
import { idOf, printKey } from '../peers/credentials.mjs'
import { digits, perSecond, ratio } from '../print.mjs'
import { load, sql, writeRequests } from '../programs.mjs'
import { companyWithCampaigns, fillAssetHours } from '../rollups.mjs'

export const title = 'W12 neighbours'

const quiet = 199
const quietRate = 100  // requests a second, of all of them
const noisyFleet = 40
const noisyConnections = 32
const leastSeconds = 5  // for a 99th percentile

export async function run({ pairs: count, seconds: wanted }) {
    const seconds = Math.max(wanted, leastSeconds)
    const server = await Server.start('bench_neighbours', ['--only', 'api'])
    try {
        const world = await companyWithCampaigns(server, [noisyFleet])
        await fillAssetHours(server, world)
        const query = new URLSearchParams({ grain: 'hour', from: instant(world.window.from), to: instant(world.window.to) })
        const noise = writeRequests(path.join(server.home, 'noisy.tsv'),
            [{ target: `/v1/campaigns/${world.campaigns[0].id}/metrics?${query}`, bearer: world.key.secret }])
        const reads = writeRequests(path.join(server.home, 'quiet.tsv'), await quietCompanies(server))
        const alone = () => load(server, reads, 200, { connections: 32, rate: quietRate, seconds })
        const beside = async () => {
            const [noisy, found] = await Promise.all([load(server, noise, 200, { connections: noisyConnections, seconds }), alone()])
            return { ...found, noise: noisy.answers / noisy.seconds }
        }
        const measured = await interleaved({ count, sides: [beside, alone] })
        const times = (side) => ['p50', 'p99'].map((share) => digits(medianOf(measured, side, ({ latency_us }) => latency_us[share]) / 1000))
        const say = ([middle, late]) => `answer after ${middle} ms (p99 ${late})`
        return [{
            what: `${quiet} companies read an asset ${quietRate} times a second; a further one has ${noisyConnections} series on ${noisyFleet} vehicles under way all the time`,
            short: 'time to answer of quiet companies beside a noisy one, and without it',
            ours: `${say(times(0))}; the noisy one gets ${perSecond(medianOf(measured, 0, (side) => side.noise))}`,
            limit: `without it: ${say(times(1))}`,
            ratio: `p99 ${ratio(ratioOf(measured, ({ latency_us }) => latency_us.p99), measured)}`, aim: 'p99 ≤ 2',
        }]
    } finally {
        await server.end()
    }
}

/** Companies with an asset and a key each, written as they would have been made; gives a request of each. */
async function quietCompanies(server) {
    const made = Array.from({ length: quiet }, () => {
        const [company, asset, id] = [randomUUID(), randomUUID(), randomUUID()]
        return { company, asset, id, bearer: printKey(company, id) }
    })
    const rows = (row) => made.map((one, index) => `(${row(one, index)})`).join(',\n')
    await sql(server, `
        insert into companies.companies (company_id, name, zone, country, created_at)
        values ${rows(({ company }, index) => `'${company}', 'Quiet ${index}', 'America/Regina', 'CA', now()`)};
        insert into auth.api_keys (company_id, key_id, name, role, secret_sha256, hint, created_at)
        values ${rows(({ company, id, bearer }) => `'${company}', '${id}', 'bench', 'viewer', '\\x${hash('sha256', bearer)}', '', now()`)};
        insert into assets.assets (company_id, asset_id, kind, name, created_at)
        values ${rows(({ company, asset }) => `'${company}', '${asset}', 'vehicle', 'Truck', now()`)};
        insert into assets.faces (company_id, face_id, asset_id, name, format, placement, created_at)
        select company_id, gen_random_uuid(), asset_id, 'side', 'truck', 'side', now() from assets.assets where name = 'Truck';
        analyze companies.companies, auth.api_keys, assets.assets, assets.faces`)
    return made.map(({ asset, bearer }) => ({ target: `/v1/assets/${idOf('ast', asset)}`, bearer }))
}
