// GET /v1/campaigns/{id}/metrics by hour, for windows of whole UTC hours.
import { uuidOf } from './credentials.mjs'

const hour = 3_600_000
const lateWindow = 90 * 24 * hour

const findCampaign = {
    name: 'find_campaign',
    text: `select c.zone, p.privacy_floor, v.version, v.opened_to, measurements.open_from(c.company_id) as dirty_from
           from campaigns.campaigns c join companies.companies p on p.company_id = c.company_id
           left join measurements.versions v on v.company_id = c.company_id
           where c.company_id = $1 and c.campaign_id = $2`,
}
const sumHours = {
    name: 'sum_hours',
    text: `select hour, sum(visits) as visits, sum(ots) as ots, sum(ots_low) as ots_low, sum(ots_high) as ots_high, sum(lts) as lts,
                  sum(unshared_visits) as unshared_visits, sum(dwell_s) as dwell_s,
                  array[sum(bins[1]), sum(bins[2]), sum(bins[3]), sum(bins[4]), sum(bins[5]), sum(bins[6]), sum(bins[7]),
                        sum(bins[8]), sum(bins[9])] as bins,
                  sum(calibrated) as calibrated, sum(placed) as placed, sum(parked_out)::bigint as parked_out,
                  sum(minutes_expected) as minutes_expected, sum(minutes_covered) as minutes_covered
           from measurements.asset_hours
           where company_id = $1 and campaign_id = $2 and hour >= $3 and hour < $4
           group by hour order by hour`,
}
const sumDays = {
    name: 'sum_days',
    text: `select date_trunc('day', hour, 'UTC') as day, coalesce(hll_cardinality(hll_union_agg(sketch)), 0) as visitors,
                  sum(unshared_visits) as visits, sum(unshared_ots) as ots
           from measurements.asset_hours
           where company_id = $1 and campaign_id = $2 and hour >= $3 and hour < $4
           group by 1 having sum(unshared_visits) > 0 order by 1`,
}
const countUnattached = {
    name: 'count_unattached',
    text: `select coalesce(sum(visits), 0)::bigint as visits from measurements.unattached_hours
           where company_id = $1 and hour >= $2 and hour < $3`,
}

const share = (part, whole) => (whole > 0 ? part / whole : null)
const floorHour = (at) => Math.floor(at / hour) * hour

// Minutes east of UTC.
function offsetOf(zone, at) {
    const part = new Intl.DateTimeFormat('en-CA', { timeZone: zone, timeZoneName: 'longOffset' })
        .formatToParts(at).find(({ type }) => type === 'timeZoneName').value
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(part)
    return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0
}

function localHour(at, offset) {
    const two = (number) => String(number).padStart(2, '0')
    const distance = Math.abs(offset)
    return `${new Date(at + offset * 60_000).toISOString().slice(0, 16)}${offset < 0 ? '-' : '+'}${two(Math.trunc(distance / 60))}:${two(distance % 60)}`
}

function bucketOf(start, local, completeTo, row) {
    const measured = row && (row.unshared_visits > 0 || (row.minutes_expected > 0 && row.minutes_covered > 0))
    const bucket = {
        start: new Date(start).toISOString(), local, state: start + hour > completeTo ? 'pending' : measured ? 'measured' : 'no_data',
        visits: null, ots: null, ots_low: null, ots_high: null, lts: null, dwell_s: null, mean_dwell_s: null, bins: null,
        calibrated_visits: null, reach: null,
        minutes_expected: row?.minutes_expected ?? 0, minutes_covered: row?.minutes_covered ?? 0,
    }
    if (!measured) return bucket
    const bound = (value) => (row.calibrated > 0 ? value : null)
    return Object.assign(bucket, {
        visits: row.visits, ots: row.ots, ots_low: bound(row.ots_low), ots_high: bound(row.ots_high), lts: row.lts, dwell_s: row.dwell_s,
        mean_dwell_s: share(row.dwell_s, row.visits), bins: row.bins, calibrated_visits: row.calibrated,
    })
}

function reachDayOf({ day, visitors, visits, ots }, from, to) {
    const reach = visitors * ots / visits
    return {
        utc_day: day.toISOString().slice(0, 10), reach, frequency: share(ots, reach),
        whole: from <= day.getTime() && day.getTime() + 24 * hour <= to,
    }
}

function aboutOf(campaign, sums, unattached, completeTo, now) {
    const total = (name) => sums.reduce((all, row) => all + row[name], 0)
    const visits = total('visits')
    return {
        source: 'mobilytics', method_version: 1, calibrated_share: share(total('calibrated'), visits),
        placed_share: share(total('placed'), visits), coverage: share(total('minutes_covered'), total('minutes_expected')),
        minutes_expected: total('minutes_expected'), minutes_covered: total('minutes_covered'), unattached_visits: unattached,
        parked_out_visits: total('parked_out'), complete_to: new Date(completeTo).toISOString(),
        final_to: new Date(floorHour(now - lateWindow)).toISOString(), data_version: String(campaign.version ?? 0),
        privacy_floor: campaign.privacy_floor,
    }
}

const text = { type: 'string' }
const number = { type: 'number' }
const perhaps = { type: ['number', 'null'] }
const list = (items) => ({ type: 'array', items })
const object = (properties) => ({ type: 'object', properties })
const fields = (names, type) => Object.fromEntries(names.split(' ').map((name) => [name, type]))
const shape = object({
    ...fields('campaign_id grain zone', text),
    buckets: list(object({
        ...fields('start local state', text), ...fields('visits ots ots_low ots_high lts dwell_s mean_dwell_s', perhaps),
        bins: { type: ['array', 'null'], items: number }, ...fields('calibrated_visits reach', perhaps),
        ...fields('minutes_expected minutes_covered', number),
    })),
    reach_days: list(object({ utc_day: text, reach: number, frequency: perhaps, whole: { type: 'boolean' } })),
    about: object({
        source: text, method_version: number, ...fields('calibrated_share placed_share coverage', perhaps),
        ...fields('minutes_expected minutes_covered unattached_visits parked_out_visits', number),
        ...fields('complete_to final_to data_version', text), privacy_floor: number,
    }),
})

export function metrics(server, pool, { key }) {
    server.get('/v1/campaigns/:id/metrics', { onRequest: key, schema: { response: { 200: shape } } }, async (request, reply) => {
        const { company } = request
        const id = uuidOf(request.params.id)
        const { from: first, to: last } = request.query
        const [from, to] = [Date.parse(first), Date.parse(last)]
        const [found, sums, days, unattached] = await Promise.all([
            pool.query({ ...findCampaign, values: [company, id] }),
            pool.query({ ...sumHours, values: [company, id, first, last] }),
            pool.query({ ...sumDays, values: [company, id, first, last] }),
            pool.query({ ...countUnattached, values: [company, first, last] }),
        ])
        const [campaign] = found.rows
        if (!campaign) return reply.code(404).send({ detail: 'There is no such campaign.' })
        const now = Date.now()
        const completeTo = floorHour(Math.min(now, campaign.opened_to ?? now, campaign.dirty_from ?? now))
        // A zone changes its offset twice a year: most windows have one.
        const [early, late] = [offsetOf(campaign.zone, from), offsetOf(campaign.zone, to - 1)]
        const byHour = new Map(sums.rows.map((row) => [row.hour.getTime(), row]))
        const buckets = []
        for (let start = from; start < to; start += hour) {
            const offset = early === late ? early : offsetOf(campaign.zone, start)
            buckets.push(bucketOf(start, localHour(start, offset), completeTo, byHour.get(start)))
        }
        return {
            campaign_id: request.params.id, grain: 'hour', zone: campaign.zone, buckets,
            reach_days: days.rows.map((row) => reachDayOf(row, from, to)),
            about: aboutOf(campaign, sums.rows, unattached.rows[0].visits, completeTo, now),
        }
    })
}
