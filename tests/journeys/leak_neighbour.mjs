// A company that stands in the database alone: as full as a company may be, kept out, measured in the hours that the others
// are measured in, and left alone by everybody. Whatever counts, ends or sums over all companies meets it: what another
// wants to add is one too many, or its rows are no longer the same. Its ids come last in every list that is shown.
import { span } from './furnished.mjs'
import { hour, instant } from './measure.mjs'

const id = (number) => `('00000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
const company = '00000000-0000-7000-8000-000000000000'
const measured = instant(span.from + hour)

// What a company may have at most, of each.
const most = { assets: 20_000, campaigns: 20_000, devices: 20_000, invitations: 200, keys: 200, members: 1000, endpoints: 20 }
const numbered = (many) => `generate_series(1, ${many}) n`

const full = (model) => `
    insert into assets.assets (company_id, asset_id, kind, name, created_at)
        select '${company}', ${id('n')}, 'vehicle', 'Truck ' || n, now() from ${numbered(most.assets)};
    insert into campaigns.campaigns (company_id, campaign_id, name, flight, zone, created_at)
        select '${company}', ${id('n')}, 'Campaign ' || n, '[2001-01-01, 2001-01-02)', 'UTC', now() from ${numbered(most.campaigns)};
    insert into devices.devices (company_id, device_id, model_id, serial, name, created_at)
        select '${company}', ${id('n')}, '${model}', 'N-' || n, 'Eye ' || n, now() from ${numbered(most.devices)};
    insert into webhooks.endpoints (company_id, endpoint_id, url, description, enabled, disabled_because, secret, version, created_at)
        select '${company}', ${id('n')}, 'https://neighbour.example', '', false, 'person', '', 1, now() from ${numbered(most.endpoints)};
    insert into auth.api_keys (company_id, key_id, name, role, secret_sha256, hint, created_at)
        select '${company}', ${id('n')}, 'Key ' || n, 'viewer', sha256('neighbour'), '', now() from ${numbered(most.keys)};`

// People are listed from the first to the last, so that these come last.
const people = `
    insert into auth.users (user_id, email, name, password_hash, created_at)
        select ('ffffffff' || substr(${id('n')}::text, 9))::uuid, 'n' || n || '@neighbour.example', 'Neighbour', '', now() from ${numbered(most.members)};
    insert into auth.memberships (company_id, user_id, role, created_at)
        select '${company}', user_id, 'owner', now() from auth.users where email like '%@neighbour.example';
    insert into auth.invitations (company_id, invitation_id, email, role, locale, created_at, expires_at)
        select '${company}', ${id('n')}, 'invited' || n || '@neighbour.example', 'owner', 'en-CA', now(), now() + interval '7 days'
        from ${numbered(most.invitations)};
    insert into auth.outside_identities (company_id, subject, user_id, linked_at)
        select '${company}', 'subject', user_id, now() from auth.users where email = 'n1@neighbour.example';`

// A set that all companies have under this name, and a region with the whole world in it.
const places = `
    insert into analytics.region_sets (company_id, set_id, name, revision, imported_at) values ('${company}', 'harbour', 'Neighbour', '${company}', now());
    insert into analytics.regions (company_id, set_id, code, name, shape)
        values ('${company}', 'harbour', 'a', 'All', st_multi(st_makeenvelope(0, 0, 1, 1, 4326)));
    insert into analytics.region_cells (company_id, set_id, code, first_cell, last_cell) values ('${company}', 'harbour', 'a', 0, 9223372036854775807);`

// No hour opens for it, so that its version stays. With its policy the visits of everybody who stands still would not count.
const kept = `
    insert into companies.companies (company_id, name, zone, country, state, created_at) values ('${company}', 'Neighbour', 'UTC', 'CA', 'suspended', now());
    insert into auth.suspensions (company_id, since) values ('${company}', now());
    insert into auth.access_rules (company_id, factor_asked_since) values ('${company}', now());
    insert into companies.parked_policies (company_id, effective_from, kind) values ('${company}', '${instant(span.from)}', 'exclude');
    insert into measurements.versions (company_id, version, refreshed_at, opened_to) values ('${company}', 1, now(), '2100-01-01');
    insert into measurements.unattached_hours (company_id, hour, visits) values ('${company}', '${measured}', 7);
    insert into measurements.visits (company_id, device_id, started_at, visitor, ended_at, strongest_dbm, speed_class, ots, parked_out, method_version)
        select '${company}', ${id('1')}, '${measured}', n, '${measured}', -60, 0, 1, false, 1 from ${numbered(7)};`

/** Makes the company, whose devices are of a model. */
export const addNeighbour = (server, model) => server.run(`${kept}${places}${full(model)}${people}`)

/** Its id, as the database has it. */
export const neighbour = company
