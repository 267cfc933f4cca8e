// The second wall by itself, asked of the running database: what its roles see and may write when the program in front of
// them names no company, or the wrong one. Everything is rolled back.
import { uuidOf } from './markers.mjs'

const tables = `
    select c.oid::regclass::text as name, c.oid in (
        select format('%I.%I', hypertable_schema, hypertable_name)::regclass from timescaledb_information.hypertables) as raw
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'm') and n.nspname !~ '^(pg_|_?timescaledb|information_schema|public)'
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped)
    order by 1`

// The queue names a company only to say whom a job is for, and is read by no request.
const queue = ['jobs.jobs', 'jobs.batches']

export const serverRoles = ['mobilytics_app', 'mobilytics_ingest', 'mobilytics_reporting']

/** Tables with a company: those behind policies, and the raw streams, which nobody may read. */
export function tenantTables(server) {
    const all = server.rows(tables).filter(({ name }) => !queue.includes(name))
    return { policed: all.filter(({ raw }) => !raw).map(({ name }) => name), raw: all.filter(({ raw }) => raw).map(({ name }) => name) }
}

const preparing = `
    begin;
    create schema wall;
    grant usage on schema wall to public;
    create function wall.told(statement text) returns text language plpgsql as $told$
    declare rows bigint;
    begin
        execute statement;
        get diagnostics rows = row_count;
        raise exception 'undone % rows', rows using errcode = 'ZZ001';
    exception when others then
        return case when sqlstate = 'ZZ001' then split_part(sqlerrm, ' ', 2) else sqlstate end;
    end $told$;
    create table wall.model (company_id uuid primary key);
    select 'protected' from platform.protect('wall.model');`

/** Tables whose row-level security is not what platform.protect gives: for those that hold no row to be seen. */
const unlike = (names) => `reset role;
    with walls as (select c.oid::regclass::text as name, row(c.relrowsecurity, c.relforcerowsecurity,
            (select jsonb_agg(row(p.polpermissive, p.polcmd, p.polroles, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))
             from pg_policy p where p.polrelid = c.oid))::text as wall
        from pg_class c where c.oid = any ('{${['wall.model', ...names].join(',')}}'::regclass[]))
    select coalesce(jsonb_agg(name), '[]') from walls where wall <> (select wall from walls where name = 'wall.model');`

const entering = (role, company) => `
    reset role;
    set local app.scope = '';
    set local app.company_id = '${company}';
    set local role ${role};`

/** What a role may do in the scope of a company to rows of another: a line of JSON. */
const asking = (names, role, inside, outside) => `${entering(role, inside)}
    select jsonb_agg(jsonb_build_object('name', t, 'seen', wall.told(format('select from %s where company_id = %L', t, '${outside}')),
        'changed', wall.told(format('update %s set company_id = company_id where company_id = %L', t, '${outside}')),
        'deleted', wall.told(format('delete from %s where company_id = %L', t, '${outside}')),
        'added', wall.told(format('insert into %s (company_id) values (%L)', t, '${outside}')),
        'emptied', wall.told(format('delete from %s', t))))
    from unnest('{${names.join(',')}}'::text[]) t;`

/** Functions that run as their owner and are given a device. */
const readers = (device) => ({
    read_sightings: `'${device}', '-infinity', 'infinity'`, read_positions: `'${device}', '-infinity', 'infinity'`,
    read_heartbeats: `'${device}', '-infinity', 'infinity'`, raw_extent: `'${device}'`, latest_reports: `'{${device}}', '-infinity'`,
})
const reading = (device, company) => `${entering('mobilytics_app', company)}
    select jsonb_build_object(${Object.entries(readers(device)).map(([name, words]) => `'${name}',
        (select count(*) from measurements.${name}(${words}) one where one::text ~ '[0-9]{2}:[0-9]{2}:[0-9]{2}')`)});`

/** What is left of a device's fixes after a company asked for all of them to go. */
const erasing = (device, company) => `
    savepoint before_it;${entering('mobilytics_app', company)}
    do $$ begin perform measurements.erase_raw('${device}', '-infinity', 'infinity'); end $$;
    reset role;
    select jsonb_build_object('left', (select count(*) from measurements.positions where device_id = '${device}')
        * (select count(*) from measurements.sightings where device_id = '${device}') * (select count(*) from measurements.heartbeats where device_id = '${device}'));
    rollback to before_it;`

/** Functions that run as their owner: those asked here, and one that is under the owner's own forced policies. */
const trusted = [...Object.keys(readers('')), 'erase_raw', 'prune']
const strangers = `select coalesce(jsonb_agg(p.proname), '[]') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname in (select schemaname from pg_tables where tableowner = 'mobilytics_owner') and p.proname <> all ('{${trusted.join(',')}}');`

const refused = '42501'
const invisible = (told) => told === '0' || told === refused

/**
 * Breaches of the wall, in words, and how much was asked: rows of `victim`, in the scope of `other` and in none. Each
 * question may do something to the database first (`before`), which is undone, and keep to one table (`only`).
 */
export function breachesOf(server, victim, other, questions = [{}]) {
    const { policed, raw } = tenantTables(server)
    const [inside, outside] = [uuidOf(other.company.id), uuidOf(victim.company.id)]
    const [{ device }] = server.rows(`select device_id::text as device from measurements.positions where company_id = '${outside}' limit 1`)
    // The owner of the tables too: it is what migrations and functions that run as their owner see.
    const cases = ['mobilytics_owner', ...serverRoles].flatMap((role) => [inside, ''].map((company) => ({ role, company })))
    const scopes = [inside, '', outside]
    const namesOf = ({ only }) => (only ? [only] : [...policed, ...raw])
    const scriptOf = (question) => ['savepoint question;', question.before ?? '',
        ...cases.map(({ role, company }) => asking(namesOf(question), role, company, outside)),
        ...scopes.map((company) => reading(device, company)), ...scopes.map((company) => erasing(device, company)), strangers,
        unlike(namesOf(question).filter((name) => !raw.includes(name))), 'rollback to question;']
    const script = [preparing, ...questions.flatMap(scriptOf), 'rollback;'].join('\n')
    const lines = server.administer(script).split('\n').filter((line) => /^[[{]/.test(line)).map((line) => JSON.parse(line)).values()
    const next = () => lines.next().value
    return questions.map((question) => {
        const tables = cases.flatMap(({ role, company }) => next().flatMap((told) => opened(told, role, raw.includes(told.name))
            .map((what) => `${role} in the scope of ${company ? 'another' : 'no'} company: ${told.name} ${what} (${told[what]})`)))
        // Its own company is shown them, and may erase them: otherwise there would be nothing to see.
        const read = scopes.flatMap((company) => Object.entries(next()).filter(([, seen]) => (seen > 0) !== (company === outside))
            .map(([name, seen]) => `measurements.${name} gives ${seen} rows in the scope of '${company}'`))
        const erased = scopes.filter((company) => (next().left === 0) !== (company === outside)).map((company) => `measurements.erase_raw in the scope of '${company}'`)
        const unknown = next().map((name) => `${name} runs as its owner, and is not asked here`)
        const changed = next().map((name) => `${name} is not under the policy that platform.protect gives`)
        const many = namesOf(question).length
        return { breaches: [...tables, ...read, ...erased, ...unknown, ...changed], tables: many, asked: cases.length * many * 5 + scopes.length * (trusted.length - 1) }
    })
}

/** Which of these a role got done. */
function opened({ seen, changed, deleted, added, emptied }, role, isRaw) {
    // Raw streams are under no policy: their owner sees them, the roles of the server never.
    if (isRaw && role === 'mobilytics_owner') return []
    const held = isRaw ? (told) => told === refused : invisible
    // Who may delete and not read could still empty them; under a policy that would be the own rows.
    const open = Object.entries({ seen, changed, deleted, ...(isRaw ? { emptied } : {}) }).filter(([, told]) => !held(told)).map(([what]) => what)
    // Ingest adds raw rows for the company that the device's token named; there is nothing to compare them with.
    return added === refused || (isRaw && role === 'mobilytics_ingest') ? open : [...open, 'added']
}

// What moves by itself as time goes by: hours that open, and when a thing was last heard of.
const moving = { 'measurements.versions': ['version', 'refreshed_at', 'opened_to'], 'auth.api_keys': ['last_used_at', 'refused_at'] }

/** A digest of every row of a company (a UUID), by table, less what moves; of hours those before an instant, since hours open as time goes by. */
export function digestsOf(server, id, until, less = moving) {
    const { policed, raw } = tenantTables(server)
    const parts = [...policed, ...raw].map((name) => `select '${name}' as name, count(*) as rows,
        md5(string_agg(r, '' order by r)) as digest
        from (select (to_jsonb(t) - '{${(less[name] ?? []).join(',')}}'::text[])::text as r from ${name} t
              where t.company_id = '${id}' and coalesce((to_jsonb(t) ->> 'hour')::timestamptz < '${until}', true)) x`)
    return server.rows(parts.join(' union all '))
}
