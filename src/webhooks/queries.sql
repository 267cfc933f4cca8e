-- name: insert_endpoint :exec
insert into webhooks.endpoints (
    company_id, endpoint_id, url, description, event_types, per_second, enabled, secret, version, created_at)
values ($1, $2, $3, $4, $5, $6, true, $7, $8, $9);

-- name: count_endpoints :one
select count(*) from webhooks.endpoints where company_id = $1;

-- What waits for a slot at the old pace may go at once at the new one.
-- name: update_endpoint :exec
update webhooks.endpoints
set url = $3, description = $4, event_types = $5,
    next_slot_at = case when per_second is distinct from $6 then null else next_slot_at end,
    per_second = $6, enabled = $7, disabled_because = $8, disabled_at = $9, failing_since = $10, version = $11
where company_id = $1 and endpoint_id = $2;

-- name: delete_endpoint :exec
delete from webhooks.endpoints where company_id = $1 and endpoint_id = $2;

-- name: find_endpoint :optional
select endpoint_id, url, description, event_types, per_second, enabled, disabled_because, disabled_at, failing_since,
       previous_until, version, created_at
from webhooks.endpoints
where company_id = $1 and endpoint_id = $2;

-- name: hold_endpoint :optional
select endpoint_id, url, description, event_types, per_second, enabled, disabled_because, disabled_at, failing_since,
       previous_until, version, created_at
from webhooks.endpoints
where company_id = $1 and endpoint_id = $2
for no key update;

-- name: list_endpoints :many
select endpoint_id, url, description, event_types, per_second, enabled, disabled_because, disabled_at, failing_since,
       previous_until, version, created_at
from webhooks.endpoints
where company_id = $1 and ($2::uuid is null or endpoint_id < $2)
order by endpoint_id desc
limit $3;

-- name: count_disabled_since :one
select count(*) from webhooks.endpoints where not enabled and disabled_because <> 'person' and disabled_at >= $1;

-- name: find_secret :optional
select secret, previous_until from webhooks.endpoints where company_id = $1 and endpoint_id = $2;

-- name: rotate_secret :exec
update webhooks.endpoints
set previous_secret = secret, previous_until = $4, secret = $3, version = version + 1
where company_id = $1 and endpoint_id = $2;

-- Of all companies. One before it that signs no more is no loss.
-- name: hold_secrets :many
select company_id, endpoint_id, secret, case when previous_until > $1::timestamptz then previous_secret end
from webhooks.endpoints
for update;

-- What the endpoint's people see stays as it was: no new version.
-- name: put_secrets :exec
update webhooks.endpoints set secret = $3, previous_secret = $4 where company_id = $1 and endpoint_id = $2;

-- name: endpoints_for :many
select endpoint_id from webhooks.endpoints
where company_id = $1 and enabled and (event_types is null or $2::text = any (event_types))
order by endpoint_id;

-- name: insert_message :exec
insert into webhooks.messages (company_id, message_id, type, body, created_at) values ($1, $2, $3, $4, $5);

-- name: insert_delivery :exec
insert into webhooks.deliveries (
    company_id, delivery_id, endpoint_id, message_id, type, state, next_attempt_at, created_at)
values ($1, $2, $3, $4, $5, 'pending', $6, $6);

-- name: update_delivery :exec
update webhooks.deliveries
set state = $3, attempts = $4, round = $5, round_began_at = $6, next_attempt_at = $7, last_status = $8, ended_at = $9
where company_id = $1 and delivery_id = $2;

-- name: find_delivery :optional
select d.delivery_id, d.endpoint_id, d.message_id, d.type, d.state, d.attempts, d.round, d.round_began_at,
       d.next_attempt_at, d.last_status, d.created_at, d.ended_at
from webhooks.deliveries d
where d.company_id = $1 and d.delivery_id = $2;

-- name: hold_delivery :optional
select d.delivery_id, d.endpoint_id, d.message_id, d.type, d.state, d.attempts, d.round, d.round_began_at,
       d.next_attempt_at, d.last_status, d.created_at, d.ended_at
from webhooks.deliveries d
where d.company_id = $1 and d.delivery_id = $2
for update;

-- name: list_deliveries :many
select d.delivery_id, d.endpoint_id, d.message_id, d.type, d.state, d.attempts, d.round, d.round_began_at,
       d.next_attempt_at, d.last_status, d.created_at, d.ended_at
from webhooks.deliveries d
where d.company_id = $1 and d.endpoint_id = $2
  and ($3::text is null or d.state = $3)
  and ($4::text is null or d.type = $4)
  and ($5::uuid is null or d.delivery_id < $5)
order by d.delivery_id desc
limit $6;

-- name: find_body :one
select body from webhooks.messages where company_id = $1 and message_id = $2;

-- name: list_attempts :many
select number, at, took_ms, status, failure, url, request_headers, response_body
from webhooks.attempts
where company_id = $1 and delivery_id = $2
order by number;

-- name: insert_attempt :exec
insert into webhooks.attempts (
    company_id, delivery_id, number, at, took_ms, status, failure, url, request_headers, response_body)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- What an attempt needs. The endpoint's part is null once it was deleted.
-- name: prepare_attempt :optional
select d.state, d.attempts, d.endpoint_id, d.message_id, m.body, e.enabled, e.url, e.per_second, e.secret,
       e.previous_secret, e.previous_until
from webhooks.deliveries d
join webhooks.messages m on m.company_id = d.company_id and m.message_id = d.message_id
left join webhooks.endpoints e on e.company_id = d.company_id and e.endpoint_id = d.endpoint_id
where d.company_id = $1 and d.delivery_id = $2;

-- The slot that is this attempt's: $3 is now, $4 the seconds between two.
-- name: reserve_slot :one
update webhooks.endpoints
set next_slot_at = greatest(next_slot_at, $3) + $4::float8 * interval '1 second'
where company_id = $1 and endpoint_id = $2
returning next_slot_at - $4::float8 * interval '1 second';

-- name: note_success :exec
update webhooks.endpoints set failing_since = null
where company_id = $1 and endpoint_id = $2 and failing_since is not null;

-- name: note_failure :exec
update webhooks.endpoints set failing_since = $3
where company_id = $1 and endpoint_id = $2 and failing_since is null;

-- Oldest first, so that two who ask for the same wait for each other and do not lock each other out.
-- name: ask_again :many
with chosen as (
    select delivery_id from webhooks.deliveries
    where company_id = $1 and endpoint_id = $2 and created_at >= $3 and created_at < $4
      and state <> 'pending' and ($5 or state <> 'succeeded')
    order by delivery_id
    limit $6
    for update)
update webhooks.deliveries d
set state = 'pending', round = 0, round_began_at = null, next_attempt_at = $7, ended_at = null
from chosen
where d.company_id = $1 and d.delivery_id = chosen.delivery_id
returning d.delivery_id;

-- Their deliveries and attempts go with them.
-- name: forget_messages :exec
delete from webhooks.messages m
using (select company_id, message_id from webhooks.messages where created_at < $1 order by created_at limit $2) old
where m.company_id = old.company_id and m.message_id = old.message_id;
