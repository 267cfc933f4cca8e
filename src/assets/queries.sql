-- name: insert_asset :exec
insert into assets.assets (company_id, asset_id, kind, name, plate, lat, lon, state, version, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: update_asset :exec
update assets.assets
set name = $3, plate = $4, lat = $5, lon = $6, state = $7, version = $8
where company_id = $1 and asset_id = $2;

-- name: insert_face :exec
insert into assets.faces (company_id, face_id, asset_id, name, format, placement, created_at)
values ($1, $2, $3, $4, $5, $6, $7);

-- Assets come with a row per face, and one row with nulls where there is none.
-- name: find_asset :many
select a.asset_id, a.kind, a.name, a.plate, a.lat, a.lon, a.state, a.version, a.created_at,
       f.face_id, f.name, f.format, f.placement
from assets.assets a
left join assets.faces f on f.company_id = a.company_id and f.asset_id = a.asset_id
where a.company_id = $1 and a.asset_id = $2
order by f.face_id;

-- Not "for update": rows that only point to the asset may come meanwhile.
-- name: hold_asset :optional
select asset_id from assets.assets where company_id = $1 and asset_id = $2 for no key update;

-- name: list_assets :many
with page as (
    select company_id, asset_id, kind, name, plate, lat, lon, state, version, created_at
    from assets.assets
    where company_id = $1
      and ($2::text is null or kind = $2)
      and ($3::text is null or strpos(lower(name), lower($3)) > 0 or strpos(lower(plate), lower($3)) > 0)
      and ($4::uuid is null or asset_id < $4)
    order by asset_id desc
    limit $5)
select p.asset_id, p.kind, p.name, p.plate, p.lat, p.lon, p.state, p.version, p.created_at,
       f.face_id, f.name, f.format, f.placement
from page p
left join assets.faces f on f.company_id = p.company_id and f.asset_id = p.asset_id
order by p.asset_id desc, f.face_id;

-- name: all_assets :many
select a.asset_id, a.kind, a.name, a.plate, a.lat, a.lon, a.state, a.version, a.created_at,
       f.face_id, f.name, f.format, f.placement
from assets.assets a
left join assets.faces f on f.company_id = a.company_id and f.asset_id = a.asset_id
where a.company_id = $1
order by a.asset_id, f.face_id;

-- name: names_of_assets :many
select asset_id, name from assets.assets where company_id = $1 and asset_id = any($2);

-- name: faces_by_id :many
select f.face_id, f.asset_id, f.name, f.format, f.placement, a.name as asset_name, a.state as asset_state
from assets.faces f
join assets.assets a on a.company_id = f.company_id and a.asset_id = f.asset_id
where f.company_id = $1 and f.face_id = any($2);

-- name: count_assets :one
-- No further than is asked for.
select count(*) from (select from assets.assets where company_id = $1 limit $2) as counted;
