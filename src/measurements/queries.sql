-- name: insert_batches :many
-- A batch that is already there is left alone and not returned: its records are then not stored again.
insert into measurements.batches (company_id, sender_id, batch, body_sha256, answer, received_at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::timestamptz[])
on conflict (company_id, sender_id, batch) do nothing
returning company_id, sender_id, batch;

-- name: find_batch :optional
select body_sha256, answer from measurements.batches where company_id = $1 and sender_id = $2 and batch = $3;

-- name: forget_batches :exec
delete from measurements.batches where received_at < $1;

-- name: copy_positions :copy
copy measurements.positions (company_id, device_id, at, lat, lon, speed_mps, heading_deg, accuracy_m)
from stdin (format binary);

-- name: copy_sightings :copy
copy measurements.sightings (company_id, device_id, at, visitor, rssi_dbm, randomized) from stdin (format binary);

-- name: copy_heartbeats :copy
copy measurements.heartbeats (company_id, device_id, at, firmware, battery, temperature, queue_depth)
from stdin (format binary);

-- name: insert_dirty :exec
insert into measurements.dirty
    (company_id, dirty_id, device_id, asset_id, from_at, to_at, positions, visits, coverage, marked_at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[],
                     $7::boolean[], $8::boolean[], $9::boolean[], $10::timestamptz[]);

-- name: companies_with_work :many
select distinct company_id from measurements.dirty;

-- name: marks_waiting :one
select count(*) from measurements.dirty;

-- name: oldest_mark :optional
select marked_at from measurements.dirty order by marked_at limit 1;

-- name: lock_version :one
-- One refresh of a company at a time, whichever process runs it.
insert into measurements.versions (company_id, version, refreshed_at, opened_to) values ($1, 1, $2, $3)
on conflict (company_id) do update set version = measurements.versions.version
returning version, opened_to;

-- name: advance_opened_to :exec
update measurements.versions set opened_to = $2 where company_id = $1;

-- name: companies_to_open :many
select company_id from measurements.versions where opened_to < $1;

-- name: advance_version :exec
update measurements.versions set version = version + 1, refreshed_at = $2 where company_id = $1;

-- name: oldest_dirty :many
-- By time: what is complete grows from the past on, and an hour that many devices touched is rolled up once.
select dirty_id, device_id, asset_id, from_at, to_at, positions, visits, coverage from measurements.dirty
where company_id = $1 order by from_at limit $2;

-- name: delete_dirty :exec
delete from measurements.dirty where company_id = $1 and dirty_id = any($2::uuid[]);

-- name: read_sightings :many
select at, visitor, rssi_dbm from measurements.read_sightings($1, $2, $3);

-- name: read_positions :many
select at, lat, lon, speed_mps, heading_deg, accuracy_m from measurements.read_positions($1, $2, $3);

-- name: read_heartbeats :many
select at from measurements.read_heartbeats($1, $2, $3) order by at;

-- name: raw_extent :one
select first_at, last_at from measurements.raw_extent($1);

-- name: forget_last_position :exec
delete from measurements.last_positions where company_id = $1 and device_id = $2 and at >= $3 and at < $4;

-- name: latest_reports :many
-- The newest heartbeat and fix of each device since an instant, for "last seen" and the live map.
select device_id, heartbeat_at, firmware, battery, temperature, queue_depth, fix_at, lat, lon, speed_mps, heading_deg
from measurements.latest_reports($1::uuid[], $2);

-- name: delete_visits :many
-- The asset-hours that had some.
with gone as (
    delete from measurements.visits
    where company_id = $1 and device_id = $2 and started_at >= $3 and started_at < $4
    returning asset_id, started_at
)
select distinct asset_id, date_trunc('hour', started_at, 'UTC') from gone where asset_id is not null;

-- name: first_start_overlapping :one
select min(started_at) from measurements.visits
where company_id = $1 and device_id = $2 and started_at < $4 and ended_at >= $3;

-- name: insert_visits :exec
-- Row-level security refuses COPY, so a refresh inserts by arrays.
insert into measurements.visits (company_id, device_id, started_at, visitor, ended_at, strongest_dbm, asset_id, lat,
                                 lon, cell, speed_class, ots, ots_low, ots_high, parked_out, method_version)
select $1, v.* , 1
from unnest($2::uuid[], $3::timestamptz[], $4::bigint[], $5::timestamptz[], $6::smallint[], $7::uuid[],
            $8::double precision[], $9::double precision[], $10::bigint[], $11::smallint[],
            $12::double precision[], $13::double precision[], $14::double precision[], $15::boolean[]) v;

-- name: track_states :many
select s.asset_id, s.hour, s.state
from unnest($2::uuid[], $3::timestamptz[]) as boundary (asset_id, hour)
join measurements.track_states s
  on s.company_id = $1 and s.asset_id = boundary.asset_id and s.hour = boundary.hour;

-- name: save_track_states :exec
insert into measurements.track_states (company_id, asset_id, hour, state)
select $1, s.* from unnest($2::uuid[], $3::timestamptz[], $4::bytea[]) s
on conflict (company_id, asset_id, hour) do update set state = excluded.state;

-- name: delete_track_states :exec
delete from measurements.track_states s using unnest($2::uuid[], $3::timestamptz[]) as boundary (asset_id, hour)
where s.company_id = $1 and s.asset_id = boundary.asset_id and s.hour = boundary.hour;

-- name: asset_hours_with_rows :many
-- Those among these hours of assets that have roll-up rows.
select distinct a.asset_id, a.hour
from unnest($2::uuid[], $3::timestamptz[]) as unit (asset_id, hour)
join measurements.asset_hours a on a.company_id = $1 and a.asset_id = unit.asset_id and a.hour = unit.hour;

-- name: delete_asset_hours :exec
delete from measurements.asset_hours a using unnest($2::uuid[], $3::timestamptz[]) as touched (asset_id, hour)
where a.company_id = $1 and a.asset_id = touched.asset_id and a.hour = touched.hour;

-- name: insert_asset_hours :exec
-- Rows of (campaign, asset, hour) from stored visits. A row exists wherever the asset had a device attached; the
-- spans say in which part of the hour the campaign counts there, with which share and which factor of likelihood to
-- see per speed class (array index = class + 1).
with row as (
    select * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::double precision[], $6::double precision[],
                         $7::double precision[], $8::double precision[], $9::double precision[],
                         $10::double precision[])
        as r (campaign_id, asset_id, hour, parked_s, crawl_s, urban_s, fast_s, minutes_expected, minutes_covered)
), span as (
    select * from unnest($11::uuid[], $12::uuid[], $13::timestamptz[], $14::timestamptz[], $15::double precision[],
                         $16::double precision[], $17::double precision[], $18::double precision[],
                         $19::double precision[], $20::double precision[], $21::double precision[])
        as s (campaign_id, asset_id, from_at, to_at, share, v0, v1, v2, v3, v4, v5)
), counted as (
    select s.campaign_id, v.asset_id, date_trunc('hour', v.started_at, 'UTC') as hour, v.visitor, v.ots,
           coalesce(v.ots_low, 0) as ots_low, coalesce(v.ots_high, 0) as ots_high, v.ots_low is not null as calibrated,
           v.cell is not null as placed, v.parked_out, s.share,
           extract(epoch from v.ended_at - v.started_at)::double precision as dwell_s,
           v.ots * case v.speed_class when 0 then s.v0 when 1 then s.v1 when 2 then s.v2 when 3 then s.v3
                                      when 4 then s.v4 else s.v5 end as lts
    from span s
    join measurements.visits v
      on v.company_id = $1 and v.asset_id = s.asset_id and v.started_at >= s.from_at and v.started_at < s.to_at
    where v.started_at >= $22 and v.started_at < $23
), total as (
    select campaign_id, asset_id, hour,
           sum(share) as visits, sum(ots * share) as ots, sum(ots_low * share) as ots_low,
           sum(ots_high * share) as ots_high, sum(lts * share) as lts,
           count(*)::double precision as unshared_visits, sum(ots) as unshared_ots, sum(dwell_s * share) as dwell_s,
           array[coalesce(sum(share) filter (where dwell_s < 5), 0),
                 coalesce(sum(share) filter (where dwell_s >= 5 and dwell_s < 15), 0),
                 coalesce(sum(share) filter (where dwell_s >= 15 and dwell_s < 60), 0),
                 coalesce(sum(share) filter (where dwell_s >= 60 and dwell_s < 120), 0),
                 coalesce(sum(share) filter (where dwell_s >= 120 and dwell_s < 300), 0),
                 coalesce(sum(share) filter (where dwell_s >= 300 and dwell_s < 900), 0),
                 coalesce(sum(share) filter (where dwell_s >= 900 and dwell_s < 1800), 0),
                 coalesce(sum(share) filter (where dwell_s >= 1800 and dwell_s < 3600), 0),
                 coalesce(sum(share) filter (where dwell_s >= 3600), 0)] as bins,
           hll_add_agg(hll_hash_bigint(visitor), 12, 5) as sketch,
           coalesce(sum(share) filter (where calibrated), 0) as calibrated,
           coalesce(sum(share) filter (where placed), 0) as placed
    from counted where not parked_out
    group by campaign_id, asset_id, hour
), left_out as (
    select campaign_id, asset_id, hour, count(*) as parked_out from counted where parked_out
    group by campaign_id, asset_id, hour
)
insert into measurements.asset_hours
    (company_id, campaign_id, hour, asset_id, visits, ots, ots_low, ots_high, lts, unshared_visits, unshared_ots,
     dwell_s, bins, sketch, calibrated, placed, parked_out, parked_s, crawl_s, urban_s, fast_s, minutes_expected,
     minutes_covered, source, method_version)
select $1, r.campaign_id, r.hour, r.asset_id, coalesce(t.visits, 0), coalesce(t.ots, 0), coalesce(t.ots_low, 0),
       coalesce(t.ots_high, 0), coalesce(t.lts, 0), coalesce(t.unshared_visits, 0), coalesce(t.unshared_ots, 0),
       coalesce(t.dwell_s, 0), coalesce(t.bins, array_fill(0::double precision, array[9])),
       coalesce(t.sketch, hll_empty(12, 5)), coalesce(t.calibrated, 0), coalesce(t.placed, 0),
       coalesce(l.parked_out, 0), r.parked_s, r.crawl_s, r.urban_s, r.fast_s, r.minutes_expected, r.minutes_covered,
       'mobilytics', 1
from row r
left join total t on t.campaign_id = r.campaign_id and t.asset_id = r.asset_id and t.hour = r.hour
left join left_out l on l.campaign_id = r.campaign_id and l.asset_id = r.asset_id and l.hour = r.hour;

-- name: group_by_sorting :exec
-- For the rest of the transaction. A sketch under construction takes 128 KB whatever it holds, so that hashed groups
-- spill to disk; sorted ones need one at a time, and take a quarter of the time.
select set_config('enable_hashagg', 'off', true);

-- name: first_hour_of_asset :one
select min(hour) from measurements.asset_hours where company_id = $1 and asset_id = $2;

-- name: delete_cell_hours :exec
delete from measurements.cell_hours where company_id = $1 and hour = any($2::timestamptz[]);

-- name: insert_cell_hours :exec
-- The same visits by cell, for whole company-hours; 0 is "unplaced".
with span as (
    select * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::double precision[],
                         $7::double precision[], $8::double precision[], $9::double precision[],
                         $10::double precision[], $11::double precision[], $12::double precision[])
        as s (campaign_id, asset_id, from_at, to_at, share, v0, v1, v2, v3, v4, v5)
), counted as (
    select s.campaign_id, date_trunc('hour', v.started_at, 'UTC') as hour, coalesce(v.cell, 0) as cell, v.visitor,
           v.ots,
           coalesce(v.ots_low, 0) as ots_low, coalesce(v.ots_high, 0) as ots_high, v.ots_low is not null as calibrated,
           s.share, extract(epoch from v.ended_at - v.started_at)::double precision as dwell_s,
           v.ots * case v.speed_class when 0 then s.v0 when 1 then s.v1 when 2 then s.v2 when 3 then s.v3
                                      when 4 then s.v4 else s.v5 end as lts
    from span s
    join measurements.visits v
      on v.company_id = $1 and v.asset_id = s.asset_id and v.started_at >= s.from_at and v.started_at < s.to_at
    where not v.parked_out and v.started_at >= $14 and v.started_at < $15
      and date_trunc('hour', v.started_at, 'UTC') = any($13::timestamptz[])
)
insert into measurements.cell_hours
    (company_id, campaign_id, hour, cell, visits, ots, ots_low, ots_high, lts, unshared_visits, dwell_s, bins, sketch,
     calibrated, source, method_version)
select $1, campaign_id, hour, cell, sum(share), sum(ots * share), sum(ots_low * share), sum(ots_high * share),
       sum(lts * share), count(*)::double precision, sum(dwell_s * share),
       array[coalesce(sum(share) filter (where dwell_s < 5), 0),
             coalesce(sum(share) filter (where dwell_s >= 5 and dwell_s < 15), 0),
             coalesce(sum(share) filter (where dwell_s >= 15 and dwell_s < 60), 0),
             coalesce(sum(share) filter (where dwell_s >= 60 and dwell_s < 120), 0),
             coalesce(sum(share) filter (where dwell_s >= 120 and dwell_s < 300), 0),
             coalesce(sum(share) filter (where dwell_s >= 300 and dwell_s < 900), 0),
             coalesce(sum(share) filter (where dwell_s >= 900 and dwell_s < 1800), 0),
             coalesce(sum(share) filter (where dwell_s >= 1800 and dwell_s < 3600), 0),
             coalesce(sum(share) filter (where dwell_s >= 3600), 0)],
       hll_add_agg(hll_hash_bigint(visitor), 12, 5), coalesce(sum(share) filter (where calibrated), 0), 'mobilytics', 1
from counted group by campaign_id, hour, cell;

-- name: delete_unattached_hours :exec
delete from measurements.unattached_hours where company_id = $1 and hour = any($2::timestamptz[]);

-- name: insert_unattached_hours :exec
insert into measurements.unattached_hours (company_id, hour, visits)
select $1, date_trunc('hour', started_at, 'UTC'), count(*) from measurements.visits
where company_id = $1 and asset_id is null and date_trunc('hour', started_at, 'UTC') = any($2::timestamptz[])
group by 2;

-- name: visibility_factors :many
select format, placement, speed_class, factor from measurements.visibility where version = 1;

-- name: save_last_positions :exec
insert into measurements.last_positions (company_id, device_id, at, lat, lon, speed_mps, heading_deg)
select $1, p.* from unnest($2::uuid[], $3::timestamptz[], $4::double precision[], $5::double precision[], $6::real[],
                           $7::real[]) p
on conflict (company_id, device_id) do update
set at = excluded.at, lat = excluded.lat, lon = excluded.lon, speed_mps = excluded.speed_mps,
    heading_deg = excluded.heading_deg
where measurements.last_positions.at <= excluded.at;

-- name: last_positions :many
select device_id, at, lat, lon, speed_mps, heading_deg from measurements.last_positions where company_id = $1;

-- name: erase_raw :exec
select measurements.erase_raw($1, $2, $3);
