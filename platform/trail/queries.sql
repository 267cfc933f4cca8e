-- name: hold_head :one
-- The update changes nothing: it is there for its lock, which keeps events of one company in one line.
insert into trail.heads as head (company_id, sequence, hash)
values ($1, 0, '\x')
on conflict (company_id) do update set sequence = head.sequence
returning head.sequence, head.hash

-- name: insert_event :exec
insert into trail.events (
    company_id, sequence, event_id, at, actor_kind, actor_id, actor_label, impersonator, session_id, method, address,
    user_agent, request_id, trace_id, action, resource_id, resource_label, changes, outcome, reason, version, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)

-- name: move_head :exec
update trail.heads set sequence = $2, hash = $3 where company_id = $1

-- name: newest_events :many
select company_id, sequence, event_id, at, actor_kind, actor_id, actor_label, impersonator, session_id, method, address,
       user_agent, request_id, trace_id, action, resource_id, resource_label, changes, outcome, reason, hash
from trail.events
where company_id = $1
  and ($2::bigint is null or sequence < $2)
  and ($3::text is null or action = $3 or (right($3, 1) = '.' and starts_with(action, $3)))
  and ($4::text is null or actor_id = $4 or impersonator = $4)
  and ($5::text is null or resource_id = $5)
  and ($6::text is null or outcome = $6)
  and ($7::timestamptz is null or at >= $7)
  and ($8::timestamptz is null or at < $8)
  and (not $9::boolean or actor_kind = 'staff' or impersonator <> '')
order by sequence desc
limit $10

-- name: events_after :many
select company_id, sequence, event_id, at, actor_kind, actor_id, actor_label, impersonator, session_id, method, address,
       user_agent, request_id, trace_id, action, resource_id, resource_label, changes, outcome, reason, hash
from trail.events
where company_id = $1 and sequence > $2
order by sequence
limit $3

-- name: head :optional
select sequence, hash from trail.heads where company_id = $1

-- name: count_events :one
select count(*)
from (
    select
    from trail.events
    where company_id = $1
      and ($2::text is null or action = $2 or (right($2, 1) = '.' and starts_with(action, $2)))
      and ($3::text is null or actor_id = $3 or impersonator = $3)
      and ($4::text is null or resource_id = $4)
      and ($5::text is null or outcome = $5)
      and ($6::timestamptz is null or at >= $6)
      and ($7::timestamptz is null or at < $7)
      and (not $8::boolean or actor_kind = 'staff' or impersonator <> '')
    limit $9
) as counted

-- name: companies :many
select company_id from trail.heads order by company_id

-- name: anchor :optional
select sequence, hash from trail.anchors where company_id = $1

-- name: prune :one
select trail.prune($1, $2, $3)
