-- name: claim :exec
insert into requests.answers (company_id, caller, key_hash, fingerprint, attempt, request_id, claimed_at, held_until,
                              keep_until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (company_id, caller, key_hash) do nothing

-- name: find_claim :optional
select fingerprint, request_id, claimed_at, held_until, answer, keep_until
from requests.answers
where company_id = $1 and caller = $2 and key_hash = $3
for update

-- name: take_over :exec
update requests.answers
set fingerprint = $4, attempt = $5, request_id = $6, claimed_at = $7, held_until = $8, keep_until = $9, answer = null
where company_id = $1 and caller = $2 and key_hash = $3

-- name: keep_answer :exec
update requests.answers set answer = $5, held_until = null, keep_until = $6
where company_id = $1 and caller = $2 and key_hash = $3 and attempt = $4 and answer is null

-- name: hold_until :exec
update requests.answers set held_until = $5
where company_id = $1 and caller = $2 and key_hash = $3 and attempt = $4 and answer is null

-- name: let_go :exec
delete from requests.answers
where company_id = $1 and caller = $2 and key_hash = $3 and attempt = $4 and answer is null

-- name: forget_answers :exec
delete from requests.answers where keep_until <= $1

-- name: trace_in_company :optional
select action from trail.events where company_id = $1 and at >= $2 and request_id = $3 and outcome = 'success' limit 1

-- name: trace_anywhere :optional
-- For staff, whose events are their companies' own. It reads far, but only after a crash.
select action from trail.events where at >= $1 and request_id = $2 and outcome = 'success' limit 1
