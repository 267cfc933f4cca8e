// Stored roll-ups for rows that read them: written as they would have been derived, without the weeks of ingest.
import { hour } from '../journeys/measure.mjs'
import { addCampaign, addCompany, addTruck } from '../journeys/world.mjs'
import { uuidOf } from './peers/credentials.mjs'
import { sql } from './programs.mjs'

export const hours = 168
const filler = { assets: 2560 }  // with which the table holds about 432 000 rows, as a year of some fleets would leave
const people = 30  // of an asset-hour

/** A company with a key and campaigns of a week on `fleets` many vehicles each: {key, campaigns, window, company}. */
export async function companyWithCampaigns(server, fleets) {
    const { api } = server
    const staff = await server.staff()
    const { company, owner } = await addCompany(api, staff, { name: 'Reader', email: 'owner@reader.example' })
    const key = await api.post(owner, '/v1/api-keys', { name: 'bench', role: 'viewer' })
    const to = Math.floor(Date.now() / hour) * hour
    const window = { from: to - hours * hour, to }
    const campaigns = []
    for (const fleet of fleets) {
        const assets = []
        for (let index = 0; index < fleet; index += 1) assets.push(await addTruck(api, owner, `Truck ${fleet}-${index}`))
        const faces = assets.map(({ faces: [face] }) => [face, 0.5])
        campaigns.push({ ...await addCampaign(api, owner, { name: `On ${fleet}`, ...window, faces }), assets })
    }
    await sql(server, `insert into measurements.versions (company_id, version, refreshed_at, opened_to)
        values ('${uuidOf(company.id)}', 1, now(), now())
        on conflict (company_id) do update set version = 1, refreshed_at = now(), opened_to = now()`)
    return { company, key, campaigns, window }
}

/** Hours of the campaign's assets, and of others around them, so that the table is not small. */
export async function fillAssetHours(server, { company, campaigns, window }) {
    const rows = (campaign, assets) => `
        insert into measurements.asset_hours
        select '${uuidOf(company.id)}', ${campaign}, to_timestamp(${window.from / 1000}) + h * interval '1 hour', a.id,
               10 + h % 7, 15 + h % 7, 12, 19, 8, 20 + 2 * (h % 7), 30 + 2 * (h % 7), 300 + h,
               array[1, 2, 3, 1, 1, 1, 0.5, 0.25, 0.25]::double precision[], s.sketch, 10 + h % 7, 9, h % 3, 600, 600, 1800, 600, 60, 55,
               'mobilytics', 1
        from ${assets} as a (id), generate_series(0, ${hours - 1}) as h
        join lateral (select hll_add_agg(hll_hash_bigint(h * 10 + p), 12, 5) as sketch from generate_series(1, ${people}) as p) s on true;`
    await sql(server, `
        ${campaigns.map(({ id, assets }) => rows(`'${uuidOf(id)}'::uuid`,
            `unnest(array[${assets.map((asset) => `'${uuidOf(asset.id)}'`).join()}]::uuid[])`)).join('\n')}
        ${rows("'00000000-0000-0000-0000-00000000000f'::uuid", `(select gen_random_uuid() from generate_series(1, ${filler.assets}))`)}
        analyze measurements.asset_hours;`)
    return Number(await sql(server, 'select count(*) from measurements.asset_hours'))
}
