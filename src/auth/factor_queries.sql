-- Second factors: apps and recovery codes

-- name: has_factor :one
select exists (select from auth.factor_holders where user_id = $1)

-- name: find_factor :optional
select secret_sealed, confirmed_at
from auth.second_factors
where user_id = $1

-- Nothing when one is asked for already.
-- name: begin_factor :exec
insert into auth.second_factors as factor (user_id, secret_sealed, created_at)
values ($1, $2, $3)
on conflict (user_id) do update
set secret_sealed = excluded.secret_sealed, created_at = excluded.created_at, last_step = 0
where factor.confirmed_at is null

-- name: confirm_factor :exec
update auth.second_factors
set confirmed_at = $3, last_step = $2
where user_id = $1 and confirmed_at is null

-- name: hold_factor :optional
select true
from auth.second_factors
where user_id = $1 and confirmed_at is not null
for update

-- name: delete_factor :exec
delete from auth.second_factors
where user_id = $1 and confirmed_at is not null

-- Of two who come with the same code at once one finds the row changed.
-- name: take_step :exec
update auth.second_factors
set last_step = $2
where user_id = $1 and last_step < $2 and confirmed_at is not null

-- name: delete_recovery_codes :exec
delete from auth.recovery_codes
where user_id = $1

-- They stand in for a factor: without one they are asked for nowhere.
-- name: drop_idle_codes :exec
delete from auth.recovery_codes
where user_id = $1
  and not exists (select from auth.second_factors where user_id = $1 and confirmed_at is not null)
  and not exists (select from auth.passkeys where user_id = $1)

-- name: count_recovery_codes :one
select count(*) from auth.recovery_codes where user_id = $1

-- name: insert_recovery_codes :exec
insert into auth.recovery_codes (user_id, code_sha256)
select $1, code from unnest($2::bytea[]) as made (code)

-- name: take_recovery_code :exec
delete from auth.recovery_codes
where user_id = $1 and code_sha256 = $2

-- name: hold_factor_secrets :many
select user_id, secret_sealed from auth.second_factors for update

-- name: put_factor_secret :exec
update auth.second_factors set secret_sealed = $2 where user_id = $1
