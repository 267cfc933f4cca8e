-- name: insert_model :exec
insert into devices.models (model_id, name, expected_interval_s, created_at) values ($1, $2, $3, $4);

-- Models come with a row per calibration, and one row with nulls where there is none.
-- name: find_model :many
select m.model_id, m.name, m.expected_interval_s, m.created_at,
       c.calibration_id, c.effective_from, c.factor, c.low, c.high, c.method, c.by_whom
from devices.models m
left join devices.model_calibrations c on c.model_id = m.model_id
where m.model_id = $1
order by c.effective_from desc;

-- name: list_models :many
with page as (
    select model_id, name, expected_interval_s, created_at
    from devices.models
    where $1::uuid is null or model_id < $1
    order by model_id desc
    limit $2)
select p.model_id, p.name, p.expected_interval_s, p.created_at,
       c.calibration_id, c.effective_from, c.factor, c.low, c.high, c.method, c.by_whom
from page p
left join devices.model_calibrations c on c.model_id = p.model_id
order by p.model_id desc, c.effective_from desc;

-- name: insert_model_calibration :exec
insert into devices.model_calibrations (model_id, calibration_id, effective_from, factor, low, high, method, by_whom)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- Until when a calibration that is in force from an instant stays so.
-- name: model_calibration_end :one
select min(effective_from) from devices.model_calibrations where model_id = $1 and effective_from > $2;

-- name: companies_with_model :many
select distinct company_id from devices.devices where model_id = $1 order by company_id;

-- name: insert_device :exec
insert into devices.devices (company_id, device_id, model_id, serial, name, created_at)
values ($1, $2, $3, $4, $5, $6);

-- Not "for update": rows that only point to the device may come meanwhile.
-- name: hold_device :optional
select device_id from devices.devices where company_id = $1 and device_id = $2 for no key update;

-- name: update_device :exec
update devices.devices set name = coalesce($3, name), state = coalesce($4, state)
where company_id = $1 and device_id = $2;

-- name: find_device :many
select d.device_id, d.serial, d.name, d.model_id, m.name, m.expected_interval_s, d.state, d.created_at,
       (select n.near_dbm from devices.near_thresholds n
        where n.company_id = d.company_id and n.device_id = d.device_id and n.effective_from <= $3
        order by n.effective_from desc limit 1),
       exists (select from devices.calibrations c
               where c.company_id = d.company_id and c.device_id = d.device_id and c.effective_from <= $3)
           or exists (select from devices.model_calibrations c
                      where c.model_id = d.model_id and c.effective_from <= $3),
       l.at, l.firmware, l.battery, l.temperature, l.queue_depth, a.asset_id, lower(a.during)
from devices.devices d
join devices.models m on m.model_id = d.model_id
left join devices.last_seen l on l.company_id = d.company_id and l.device_id = d.device_id
left join devices.attachments a
       on a.company_id = d.company_id and a.device_id = d.device_id and a.during @> $3::timestamptz
where d.company_id = $1 and d.device_id = $2;

-- The same for a page. $4: a status; $7 to $9: the constants of its rule.
-- name: list_devices :many
select d.device_id, d.serial, d.name, d.model_id, m.name, m.expected_interval_s, d.state, d.created_at,
       (select n.near_dbm from devices.near_thresholds n
        where n.company_id = d.company_id and n.device_id = d.device_id and n.effective_from <= $2
        order by n.effective_from desc limit 1),
       exists (select from devices.calibrations c
               where c.company_id = d.company_id and c.device_id = d.device_id and c.effective_from <= $2)
           or exists (select from devices.model_calibrations c
                      where c.model_id = d.model_id and c.effective_from <= $2),
       l.at, l.firmware, l.battery, l.temperature, l.queue_depth, a.asset_id, lower(a.during)
from devices.devices d
join devices.models m on m.model_id = d.model_id
left join devices.last_seen l on l.company_id = d.company_id and l.device_id = d.device_id
left join devices.attachments a
       on a.company_id = d.company_id and a.device_id = d.device_id and a.during @> $2::timestamptz
where d.company_id = $1
  and ($3::text is null or strpos(lower(d.serial), lower($3)) > 0 or strpos(lower(d.name), lower($3)) > 0)
  and ($4::text is null or $4 = case
      when l.at is null then 'never_seen'
      when $2 - l.at <= make_interval(secs => $7::int * greatest(m.expected_interval_s, $9::int)) then 'online'
      when $2 - l.at <= make_interval(secs => $8::int * greatest(m.expected_interval_s, $9::int)) then 'stale'
      else 'offline' end)
  and ($5::uuid is null or d.device_id < $5)
order by d.device_id desc
limit $6;

-- name: registry :many
select device_id, state from devices.devices where company_id = $1;

-- Rows come ordered by company and device, so that two writers never wait for each other in a ring.
-- name: heard_from :exec
insert into devices.last_seen (company_id, device_id, at, firmware, battery, temperature, queue_depth)
select company_id, device_id, at, firmware, battery, temperature, queue_depth
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::float8[], $6::float8[], $7::int8[])
     as heard (company_id, device_id, at, firmware, battery, temperature, queue_depth)
on conflict (company_id, device_id) do update
set at = excluded.at, firmware = excluded.firmware, battery = excluded.battery,
    temperature = excluded.temperature, queue_depth = excluded.queue_depth
where excluded.at > last_seen.at;

-- name: set_near_threshold :exec
insert into devices.near_thresholds (company_id, device_id, effective_from, near_dbm)
values ($1, $2, $3, $4)
on conflict (company_id, device_id, effective_from) do update set near_dbm = excluded.near_dbm;

-- name: near_threshold_end :one
select min(effective_from) from devices.near_thresholds
where company_id = $1 and device_id = $2 and effective_from > $3;

-- name: insert_calibration :exec
insert into devices.calibrations
    (company_id, device_id, calibration_id, effective_from, factor, low, high, method, by_whom)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: calibration_end :one
select min(effective_from) from devices.calibrations
where company_id = $1 and device_id = $2 and effective_from > $3;

-- name: list_calibrations :many
select calibration_id, effective_from, factor, low, high, method, by_whom
from devices.calibrations
where company_id = $1 and device_id = $2 and ($3::timestamptz is null or effective_from < $3)
order by effective_from desc
limit $4;

-- name: insert_token :exec
insert into devices.tokens (company_id, token_id, device_id, secret_sha256, created_at)
values ($1, $2, $3, $4, $5);

-- name: count_active_tokens :one
select count(*) from devices.tokens where company_id = $1 and device_id = $2 and revoked_at is null;

-- name: list_tokens :many
select token_id, created_at, last_used_at, revoked_at
from devices.tokens
where company_id = $1 and device_id = $2 and ($3::uuid is null or token_id < $3)
order by token_id desc
limit $4;

-- Whether it was active until now: revoking again changes nothing.
-- name: revoke_token :optional
with before as (
    select revoked_at is null as active
    from devices.tokens
    where company_id = $1 and device_id = $2 and token_id = $3
    for update
)
update devices.tokens as token set revoked_at = coalesce(token.revoked_at, $4)
from before
where token.company_id = $1 and token.device_id = $2 and token.token_id = $3
returning before.active;

-- name: active_token :optional
select device_id, secret_sha256, last_used_at
from devices.tokens
where company_id = $1 and token_id = $2 and revoked_at is null;

-- name: touch_token :exec
update devices.tokens set last_used_at = $3
where company_id = $1 and token_id = $2 and (last_used_at is null or last_used_at < $3);

-- name: insert_attachment :exec
insert into devices.attachments (company_id, attachment_id, device_id, asset_id, position, during, created_at)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: put_in_service :exec
update devices.devices set state = 'active' where company_id = $1 and device_id = $2 and state = 'in_stock';

-- name: find_attachment :many
select attachment_id, device_id, asset_id, position, during
from devices.attachments
where company_id = $1 and attachment_id = $2;

-- name: correct_attachment :exec
update devices.attachments set during = $3 where company_id = $1 and attachment_id = $2;

-- name: delete_attachment :exec
delete from devices.attachments where company_id = $1 and attachment_id = $2;

-- name: list_attachments_of_device :many
select attachment_id, device_id, asset_id, position, during
from devices.attachments
where company_id = $1 and device_id = $2
  and ($3::timestamptz is null or (lower(during), attachment_id) < ($3, $4::uuid))
order by lower(during) desc, attachment_id desc
limit $5;

-- name: list_attachments_of_asset :many
select attachment_id, device_id, asset_id, position, during
from devices.attachments
where company_id = $1 and asset_id = $2
  and ($3::timestamptz is null or (lower(during), attachment_id) < ($3, $4::uuid))
order by lower(during) desc, attachment_id desc
limit $5;

-- What keeps an attachment from being: the device elsewhere, or another device in its position.
-- name: overlapping_attachments :many
select attachment_id, device_id, asset_id, position, during
from devices.attachments
where company_id = $1 and attachment_id <> $2 and during && $3
  and (device_id = $4 or (asset_id = $5 and position = $6))
order by lower(during)
limit 1;

-- name: past_of_devices :many
select d.device_id, d.model_id, m.expected_interval_s, d.state = 'disabled'
from devices.devices d
join devices.models m on m.model_id = d.model_id
where d.company_id = $1
order by d.device_id;

-- name: past_of_near_thresholds :many
select device_id, effective_from, near_dbm
from devices.near_thresholds
where company_id = $1
order by device_id, effective_from;

-- name: past_of_calibrations :many
select device_id, effective_from, factor, low, high
from devices.calibrations
where company_id = $1
order by device_id, effective_from;

-- name: past_of_model_calibrations :many
select model_id, effective_from, factor, low, high
from devices.model_calibrations
where model_id in (select d.model_id from devices.devices d where d.company_id = $1)
order by model_id, effective_from;

-- name: past_of_attachments :many
select device_id, asset_id, position, during
from devices.attachments
where company_id = $1
order by lower(during), device_id;

-- name: count_devices :one
-- No further than is asked for.
select count(*) from (select from devices.devices where company_id = $1 limit $2) as counted;
