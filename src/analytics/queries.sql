-- Roll-ups are summed by UTC hour. Hours that a report's edges cut (only in zones whose offset is not a whole hour) are
-- left out of the sums, $5, and taken from the visits' own instants: the pieces below.

-- How far the roll-ups go.
-- name: find_standing :one
select v.version, v.opened_to, o.at as dirty_from
from measurements.open_from($1) as o
left join measurements.versions v on v.company_id = $1;

-- name: bucket_sums :many
select width_bucket(hour, $6::timestamptz[]) - 1 as bucket, sum(visits), sum(ots), sum(ots_low), sum(ots_high),
       sum(lts), sum(unshared_visits), sum(unshared_ots), sum(dwell_s),
       array[sum(bins[1]), sum(bins[2]), sum(bins[3]), sum(bins[4]), sum(bins[5]), sum(bins[6]), sum(bins[7]),
             sum(bins[8]), sum(bins[9])] as bins,
       sum(calibrated), sum(placed), sum(parked_out)::bigint, sum(parked_s), sum(crawl_s), sum(urban_s), sum(fast_s),
       sum(minutes_expected), sum(minutes_covered)
from measurements.asset_hours
where company_id = $1 and campaign_id = $2 and hour >= $3 and hour < $4 and hour <> all($5::timestamptz[])
group by 1
order by 1;

-- name: asset_sums :many
select asset_id, sum(visits), sum(ots), sum(ots_low), sum(ots_high), sum(lts), sum(unshared_visits), sum(unshared_ots),
       sum(dwell_s),
       array[sum(bins[1]), sum(bins[2]), sum(bins[3]), sum(bins[4]), sum(bins[5]), sum(bins[6]), sum(bins[7]),
             sum(bins[8]), sum(bins[9])] as bins,
       sum(calibrated), sum(placed), sum(parked_out)::bigint, sum(parked_s), sum(crawl_s), sum(urban_s), sum(fast_s),
       sum(minutes_expected), sum(minutes_covered)
from measurements.asset_hours
where company_id = $1 and campaign_id = $2 and hour >= $3 and hour < $4 and hour <> all($5::timestamptz[])
group by asset_id
order by asset_id;

-- Reach is a union of sketches, never a sum. $6 to $8 are the pieces' spans: asset, from, to.
-- name: utc_day_sums :many
with part as (
    select date_trunc('day', hour, 'UTC') as day, hll_union_agg(sketch) as sketch, sum(unshared_visits) as visits,
           sum(unshared_ots) as ots
    from measurements.asset_hours
    where company_id = $1 and campaign_id = $2 and hour >= $3 and hour < $4 and hour <> all($5::timestamptz[])
    group by 1
    union all
    select date_trunc('day', v.started_at, 'UTC'), hll_add_agg(hll_hash_bigint(v.visitor), 12, 5), count(*), sum(v.ots)
    from unnest($6::uuid[], $7::timestamptz[], $8::timestamptz[]) as s (asset_id, from_at, to_at)
    join measurements.visits v
      on v.company_id = $1 and v.asset_id = s.asset_id and v.started_at >= s.from_at and v.started_at < s.to_at
    where not v.parked_out
    group by 1
)
select day, coalesce(hll_cardinality(hll_union_agg(sketch)), 0) as visitors, sum(visits)::double precision as visits,
       sum(ots)::double precision as ots
from part
group by day
having sum(visits) > 0
order by day;

-- Visits on no asset belong to no campaign: the company's, in the window's whole hours and its pieces.
-- name: unattached_visits :one
select (select coalesce(sum(u.visits), 0) from measurements.unattached_hours u
        where u.company_id = $1 and u.hour >= $2 and u.hour < $3 and u.hour <> all($4::timestamptz[]))::bigint
     + (select count(*) from unnest($5::timestamptz[], $6::timestamptz[]) as p (from_at, to_at)
        join measurements.visits v
          on v.company_id = $1 and v.started_at >= p.from_at and v.started_at < p.to_at
        where v.asset_id is null) as visits;

-- name: cell_sums :many
select cell, sum(visits) as visits, sum(ots) as ots, sum(lts) as lts, sum(dwell_s) as dwell_s,
       sum(unshared_visits) as whole_visits
from measurements.cell_hours
where company_id = $1 and campaign_id = $2 and hour >= $3 and hour < $4 and hour <> all($5::timestamptz[])
group by cell
having sum(visits) > 0
order by cell;

-- Seconds and minutes of cut hours, to be divided by time.
-- name: cut_hour_rows :many
select hour, asset_id, parked_s, crawl_s, urban_s, fast_s, minutes_expected, minutes_covered
from measurements.asset_hours
where company_id = $1 and campaign_id = $2 and hour = any($3::timestamptz[])
order by hour, asset_id;

-- Visits of the pieces. The spans say in which part of a piece the campaign counts on an asset, with which share, and
-- whose face's likelihood to be seen applies.
-- name: piece_sums :many
with counted as (
    select s.bucket, s.asset_id, s.share, v.ots, coalesce(v.ots_low, 0) as ots_low, coalesce(v.ots_high, 0) as ots_high,
           v.ots_low is not null as is_calibrated, v.cell is not null as is_placed, v.parked_out,
           extract(epoch from v.ended_at - v.started_at)::double precision as dwell_s,
           v.ots * coalesce(f.factor, 1) as lts
    from unnest($2::integer[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::double precision[], $7::text[],
                $8::text[]) as s (bucket, asset_id, from_at, to_at, share, format, placement)
    join measurements.visits v
      on v.company_id = $1 and v.asset_id = s.asset_id and v.started_at >= s.from_at and v.started_at < s.to_at
    left join measurements.visibility f
      on f.version = 1 and f.format = s.format and f.placement = s.placement and f.speed_class = v.speed_class
)
select bucket, asset_id, coalesce(sum(share) filter (where not parked_out), 0) as visits,
       coalesce(sum(ots * share) filter (where not parked_out), 0) as ots,
       coalesce(sum(ots_low * share) filter (where not parked_out), 0) as ots_low,
       coalesce(sum(ots_high * share) filter (where not parked_out), 0) as ots_high,
       coalesce(sum(lts * share) filter (where not parked_out), 0) as lts,
       (count(*) filter (where not parked_out))::double precision as unshared_visits,
       coalesce(sum(ots) filter (where not parked_out), 0) as unshared_ots,
       coalesce(sum(dwell_s * share) filter (where not parked_out), 0) as dwell_s,
       array[coalesce(sum(share) filter (where not parked_out and dwell_s < 5), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 5 and dwell_s < 15), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 15 and dwell_s < 60), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 60 and dwell_s < 120), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 120 and dwell_s < 300), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 300 and dwell_s < 900), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 900 and dwell_s < 1800), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 1800 and dwell_s < 3600), 0),
             coalesce(sum(share) filter (where not parked_out and dwell_s >= 3600), 0)] as bins,
       coalesce(sum(share) filter (where not parked_out and is_calibrated), 0) as calibrated,
       coalesce(sum(share) filter (where not parked_out and is_placed), 0) as placed,
       count(*) filter (where parked_out) as parked_out
from counted
group by bucket, asset_id
order by bucket, asset_id;

-- name: piece_cells :many
select coalesce(v.cell, 0) as cell, sum(s.share) as visits, sum(v.ots * s.share) as ots,
       sum(v.ots * coalesce(f.factor, 1) * s.share) as lts,
       sum(extract(epoch from v.ended_at - v.started_at)::double precision * s.share) as dwell_s,
       count(*)::double precision as whole_visits
from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::double precision[], $6::text[],
            $7::text[]) as s (asset_id, from_at, to_at, share, format, placement)
join measurements.visits v
  on v.company_id = $1 and v.asset_id = s.asset_id and v.started_at >= s.from_at and v.started_at < s.to_at
left join measurements.visibility f
  on f.version = 1 and f.format = s.format and f.placement = s.placement and f.speed_class = v.speed_class
where not v.parked_out
group by 1
order by 1;

-- name: list_region_sets :many
select s.set_id, s.name, s.attribution,
       (select count(*) from analytics.regions r where r.company_id = s.company_id and r.set_id = s.set_id) as regions
from analytics.region_sets s
where s.company_id = $1 and ($2::text is null or s.set_id > $2)
order by s.set_id
limit $3;

-- name: find_region_set :optional
select name, revision from analytics.region_sets where company_id = $1 and set_id = $2;

-- name: regions_of_set :many
select code, name from analytics.regions where company_id = $1 and set_id = $2 order by code;

-- name: ranges_of_set :many
select first_cell, last_cell, code from analytics.region_cells where company_id = $1 and set_id = $2
order by first_cell, code;

-- Outlines as one GeoJSON text, simplified together so that neighbours keep sharing an edge: $3 in degrees.
-- name: shapes_of_set :optional
with simple as (
    select code, name, st_coveragesimplify(shape, $3) over () as shape
    from analytics.regions where company_id = $1 and set_id = $2
)
select s.revision,
       (select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
                   'type', 'Feature', 'properties', json_build_object('code', code, 'name', name),
                   'geometry', st_asgeojson(shape, 5)::json) order by code), '[]'::json))::text
        from simple) as geojson
from analytics.region_sets s where s.company_id = $1 and s.set_id = $2;

-- Takes the set's row, so that two imports of one set come one after the other.
-- name: put_region_set :exec
insert into analytics.region_sets (company_id, set_id, name, attribution, revision, imported_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (company_id, set_id) do update
set name = excluded.name, attribution = excluded.attribution, revision = excluded.revision,
    imported_at = excluded.imported_at;

-- Their cells go with them.
-- name: clear_regions :exec
delete from analytics.regions where company_id = $1 and set_id = $2;

-- Shapes of one code become one region. What is not an area (points, lines, slivers of repair) is dropped; a region
-- that has none left comes back without a shape.
-- name: read_shapes :many
with given as (
    select g.code, g.name, g.ordinal,
           case when g.geojson is not null then st_setsrid(st_geomfromgeojson(g.geojson), 4326)
                else st_setsrid(st_geomfromwkb(g.wkb), 4326) end as shape
    from unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) with ordinality
        as g (code, name, geojson, wkb, ordinal)
), joined as (
    select code, (array_agg(name order by ordinal))[1] as name, min(ordinal) as ordinal,
           st_multi(st_collectionextract(st_makevalid(
               st_union(st_collectionextract(st_makevalid(st_force2d(shape)), 3))), 3)) as shape
    from given
    group by code
)
select code, name, (ordinal - 1)::integer as first_index,
       case when st_isempty(shape) then null else st_asbinary(shape, 'NDR') end as wkb,
       coalesce(st_xmin(shape) >= -180 and st_xmax(shape) <= 180 and st_ymin(shape) >= -90 and st_ymax(shape) <= 90,
                false) as is_on_earth
from joined
order by code;

-- name: insert_regions :exec
insert into analytics.regions (company_id, set_id, code, name, shape)
select $1, $2, r.code, r.name, st_setsrid(st_geomfromwkb(r.wkb), 4326)
from unnest($3::text[], $4::text[], $5::bytea[]) as r (code, name, wkb);

-- Row-level security refuses COPY, so ranges come as arrays.
-- name: insert_region_cells :exec
insert into analytics.region_cells (company_id, set_id, code, first_cell, last_cell)
select $1, $2, r.code, r.first_cell, r.last_cell
from unnest($3::text[], $4::bigint[], $5::bigint[]) as r (code, first_cell, last_cell);
