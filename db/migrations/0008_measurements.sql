create schema measurements;
grant usage on schema measurements to mobilytics_app, mobilytics_ingest;

-- Raw streams: append-only hypertables, written by COPY only. They have no unique key: one record per natural key is
-- chosen when visits are derived. No role of the server may read them; reads go through the functions below.
create table measurements.positions (
    company_id uuid not null,
    device_id uuid not null,
    at timestamptz not null,
    lat double precision not null,
    lon double precision not null,
    speed_mps real,
    heading_deg real,
    accuracy_m real
);
select platform.make_time_partitioned('measurements.positions', 'at', interval '7 days');
create index positions_by_device on measurements.positions (company_id, device_id, at);

create table measurements.sightings (
    company_id uuid not null,
    device_id uuid not null,
    at timestamptz not null,
    visitor bigint not null,
    rssi_dbm smallint not null,
    randomized boolean
);
select platform.make_time_partitioned('measurements.sightings', 'at', interval '1 day');
create index sightings_by_device on measurements.sightings (company_id, device_id, at);

create table measurements.heartbeats (
    company_id uuid not null,
    device_id uuid not null,
    at timestamptz not null,
    firmware text not null,
    battery real,
    temperature real,
    queue_depth bigint
);
select platform.make_time_partitioned('measurements.heartbeats', 'at', interval '7 days');
create index heartbeats_by_device on measurements.heartbeats (company_id, device_id, at);

-- One row per batch that was acknowledged, in the same transaction as its records: a batch sent again is answered from
-- here and stores nothing. Kept 90 days.
create table measurements.batches (
    company_id uuid not null,
    sender_id uuid not null,            -- device or API key
    batch text not null check (length(batch) between 1 and 128),
    body_sha256 bytea not null check (length(body_sha256) = 32),
    answer text not null,
    received_at timestamptz not null,
    primary key (company_id, sender_id, batch)
);
create index batches_by_age on measurements.batches (received_at);
select platform.protect('measurements.batches');

-- What must be derived again: spans of a device, of an asset, or of the whole company where both are null; appended by
-- whoever changes the truth, taken and deleted by the refresh job. Append-only, so writers never wait for the job.
create table measurements.dirty (
    company_id uuid not null,
    dirty_id uuid not null,
    device_id uuid,
    asset_id uuid,
    from_at timestamptz not null,
    to_at timestamptz not null,
    positions boolean not null default false,
    visits boolean not null default false,
    coverage boolean not null default false,
    marked_at timestamptz not null,
    primary key (company_id, dirty_id)
);
create index dirty_by_time on measurements.dirty (company_id, from_at);
select platform.protect('measurements.dirty');

-- Visits: ours, the contract. Near ones only; asset_id is null where the device was on none, cell is null where the
-- place is unknown.
create table measurements.visits (
    company_id uuid not null,
    device_id uuid not null,
    started_at timestamptz not null,
    visitor bigint not null,
    ended_at timestamptz not null,
    strongest_dbm smallint not null,
    asset_id uuid,
    lat double precision,
    lon double precision,
    cell bigint,
    speed_class smallint not null,      -- 0 unknown 1 parked 2 crawl 3 urban 4 fast 5 static
    ots double precision not null,
    ots_low double precision,
    ots_high double precision,
    parked_out boolean not null,
    method_version smallint not null,
    primary key (company_id, device_id, started_at, visitor)
);
create index visits_by_start on measurements.visits (company_id, started_at);
create index visits_by_asset on measurements.visits (company_id, asset_id, started_at);
select platform.protect('measurements.visits');

-- State of an asset's track at the end of an hour, so that a correction is followed only until the tracks agree.
create table measurements.track_states (
    company_id uuid not null,
    asset_id uuid not null,
    hour timestamptz not null,
    state bytea not null,
    primary key (company_id, asset_id, hour)
);
select platform.protect('measurements.track_states');

-- Roll-ups. The nil campaign is "all". speed: seconds on the road by class; minutes: of the whole asset-hour as far as
-- assignment, flight and daypart hold.
create table measurements.asset_hours (
    company_id uuid not null,
    campaign_id uuid not null,
    hour timestamptz not null,
    asset_id uuid not null,
    visits double precision not null,
    ots double precision not null,
    ots_low double precision not null,
    ots_high double precision not null,
    lts double precision not null,
    unshared_visits double precision not null,
    unshared_ots double precision not null,
    dwell_s double precision not null,
    bins double precision[] not null,
    sketch hll not null,
    calibrated double precision not null,
    placed double precision not null,
    parked_out bigint not null,
    parked_s double precision not null,
    crawl_s double precision not null,
    urban_s double precision not null,
    fast_s double precision not null,
    minutes_expected double precision not null,
    minutes_covered double precision not null,
    source text not null,
    method_version smallint not null,
    primary key (company_id, campaign_id, hour, asset_id)
);
select platform.protect('measurements.asset_hours');

create table measurements.cell_hours (
    company_id uuid not null,
    campaign_id uuid not null,
    hour timestamptz not null,
    cell bigint not null,               -- 0 is "unplaced"
    visits double precision not null,
    ots double precision not null,
    ots_low double precision not null,
    ots_high double precision not null,
    lts double precision not null,
    unshared_visits double precision not null,
    dwell_s double precision not null,
    bins double precision[] not null,
    sketch hll not null,
    calibrated double precision not null,
    source text not null,
    method_version smallint not null,
    primary key (company_id, campaign_id, hour, cell)
);
create index cell_hours_by_cell on measurements.cell_hours (company_id, campaign_id, cell, hour);
select platform.protect('measurements.cell_hours');

create table measurements.unattached_hours (
    company_id uuid not null,
    hour timestamptz not null,
    visits bigint not null,
    primary key (company_id, hour)
);
select platform.protect('measurements.unattached_hours');

-- Per company: version of the published roll-ups (tiles are immutable by it). Locked by the refresh job.
create table measurements.versions (
    company_id uuid primary key,
    version bigint not null,
    refreshed_at timestamptz not null,
    opened_to timestamptz not null      -- hours before this have rows for every asset with a device attached
);
select platform.protect('measurements.versions');

-- Last fix of each device, for the live map; the refresh job writes it, newest wins.
create table measurements.last_positions (
    company_id uuid not null,
    device_id uuid not null,
    at timestamptz not null,
    lat double precision not null,
    lon double precision not null,
    speed_mps real,
    heading_deg real,
    primary key (company_id, device_id)
);
select platform.protect('measurements.last_positions');

-- Likelihood to see: factor by format, placement and speed class; versioned, default 1 where no row fits.
create table measurements.visibility (
    version smallint not null,
    format text not null,
    placement text not null,
    speed_class smallint not null,
    factor double precision not null check (factor >= 0 and factor <= 1),
    primary key (version, format, placement, speed_class)
);

-- Readers of the raw streams. They run as the owner, take the company from the transaction's scope, never from an
-- argument, and give nothing outside it.
create function measurements.read_sightings(device uuid, from_at timestamptz, to_at timestamptz)
returns table (at timestamptz, visitor bigint, rssi_dbm smallint)
language sql stable security definer set search_path = pg_catalog as $$
    select s.at, s.visitor, s.rssi_dbm from measurements.sightings s
    where s.company_id = platform.current_company() and s.device_id = device and s.at >= from_at and s.at < to_at
$$;

create function measurements.read_positions(device uuid, from_at timestamptz, to_at timestamptz)
returns table (at timestamptz, lat double precision, lon double precision, speed_mps real, heading_deg real,
               accuracy_m real)
language sql stable security definer set search_path = pg_catalog as $$
    select p.at, p.lat, p.lon, p.speed_mps, p.heading_deg, p.accuracy_m from measurements.positions p
    where p.company_id = platform.current_company() and p.device_id = device and p.at >= from_at and p.at < to_at
$$;

create function measurements.read_heartbeats(device uuid, from_at timestamptz, to_at timestamptz)
returns table (at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
    select h.at from measurements.heartbeats h
    where h.company_id = platform.current_company() and h.device_id = device and h.at >= from_at and h.at < to_at
$$;

create function measurements.raw_extent(device uuid)
returns table (first_at timestamptz, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
    select min(at), max(at) from (
        select min(s.at) as at from measurements.sightings s
        where s.company_id = platform.current_company() and s.device_id = device
        union all select max(s.at) from measurements.sightings s
        where s.company_id = platform.current_company() and s.device_id = device
        union all select min(p.at) from measurements.positions p
        where p.company_id = platform.current_company() and p.device_id = device
        union all select max(p.at) from measurements.positions p
        where p.company_id = platform.current_company() and p.device_id = device
        union all select min(h.at) from measurements.heartbeats h
        where h.company_id = platform.current_company() and h.device_id = device
        union all select max(h.at) from measurements.heartbeats h
        where h.company_id = platform.current_company() and h.device_id = device) ends
$$;

create function measurements.latest_reports(devices uuid[], since timestamptz)
returns table (device_id uuid, heartbeat_at timestamptz, firmware text, battery real, temperature real,
               queue_depth bigint, fix_at timestamptz, lat double precision, lon double precision, speed_mps real,
               heading_deg real)
language sql stable security definer set search_path = pg_catalog as $$
    select d.id, h.at, h.firmware, h.battery, h.temperature, h.queue_depth, p.at, p.lat, p.lon, p.speed_mps,
           p.heading_deg
    from unnest(devices) as d (id)
    left join lateral (
        select b.at, b.firmware, b.battery, b.temperature, b.queue_depth from measurements.heartbeats b
        where b.company_id = platform.current_company() and b.device_id = d.id and b.at >= since
        order by b.at desc, b.firmware limit 1) h on true
    left join lateral (
        select f.at, f.lat, f.lon, f.speed_mps, f.heading_deg from measurements.positions f
        where f.company_id = platform.current_company() and f.device_id = d.id and f.at >= since
        order by f.at desc, f.accuracy_m nulls last, f.lat, f.lon limit 1) p on true
$$;

-- Privacy request: removes a device's raw records of a span. The only way to delete raw data by device.
create function measurements.erase_raw(device uuid, from_at timestamptz, to_at timestamptz) returns void
language sql security definer set search_path = pg_catalog as $$
    delete from measurements.sightings where company_id = platform.current_company() and device_id = device
        and at >= from_at and at < to_at;
    delete from measurements.positions where company_id = platform.current_company() and device_id = device
        and at >= from_at and at < to_at;
    delete from measurements.heartbeats where company_id = platform.current_company() and device_id = device
        and at >= from_at and at < to_at;
$$;

revoke execute on all functions in schema measurements from public;
grant execute on all functions in schema measurements to mobilytics_app;

grant insert on measurements.positions, measurements.sightings, measurements.heartbeats to mobilytics_ingest;
grant insert on measurements.batches, measurements.dirty to mobilytics_ingest;
grant select on measurements.batches to mobilytics_ingest;

grant select, insert, update, delete on measurements.batches, measurements.dirty, measurements.visits,
    measurements.track_states, measurements.asset_hours, measurements.cell_hours, measurements.unattached_hours,
    measurements.versions, measurements.last_positions to mobilytics_app;
grant select on measurements.visibility to mobilytics_app;
