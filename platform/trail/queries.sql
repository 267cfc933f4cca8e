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
