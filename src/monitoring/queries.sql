-- name: hold_alerts :many
-- What did not end, and what ended a moment ago, the latest of each. One judgement at a time holds them.
select alert_id, rule, about, value, since, fired_at, calm_since, resolved_at, told_at, judged_at, acknowledged_at,
       acknowledged_by, note
from monitoring.alerts
where resolved_at is null or resolved_at >= $1
order by alert_id
for update

-- name: hold_alert :optional
select alert_id, rule, about, value, since, fired_at, calm_since, resolved_at, told_at, judged_at, acknowledged_at,
       acknowledged_by, note
from monitoring.alerts
where alert_id = $1 and fired_at is not null
for update

-- name: list_alerts :many
select alert_id, rule, about, value, since, fired_at, calm_since, resolved_at, told_at, judged_at, acknowledged_at,
       acknowledged_by, note
from monitoring.alerts
where fired_at is not null
  and ($1::boolean is null or (resolved_at is null) = $1)
  and ($2::uuid is null or alert_id < $2)
order by alert_id desc
limit $3

-- name: save_alert :exec
insert into monitoring.alerts
    (alert_id, rule, about, value, since, fired_at, calm_since, resolved_at, told_at, judged_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (alert_id) do update set
    value = excluded.value, since = excluded.since, fired_at = excluded.fired_at, calm_since = excluded.calm_since,
    resolved_at = excluded.resolved_at, told_at = excluded.told_at, judged_at = excluded.judged_at

-- name: acknowledge_alert :exec
update monitoring.alerts set acknowledged_at = $2, acknowledged_by = $3, note = $4 where alert_id = $1

-- name: delete_alert :exec
delete from monitoring.alerts where alert_id = $1

-- name: forget_alerts :exec
delete from monitoring.alerts where resolved_at < $1

-- name: count_firing :many
select rule, count(*) from monitoring.alerts where fired_at is not null and resolved_at is null group by rule

-- name: probe :one
select 1

-- name: newest_migration :one
select max(number) from platform.migrations
