-- What a company asks of those who sign in

-- name: asks_factor :one
select exists (select from auth.access_rules where company_id = $1)

-- name: ask_factor :exec
insert into auth.access_rules (company_id, factor_asked_since)
values ($1, $2)
on conflict (company_id) do nothing

-- name: stop_asking_factor :exec
delete from auth.access_rules
where company_id = $1

-- Limits of a company, and who of Mobilytics' own staff is written to

-- name: count_members :one
select count(*) from auth.memberships where company_id = $1

-- name: count_good_api_keys :one
select count(*) from auth.api_keys
where company_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)

-- name: staff_readers :many
select u.user_id, u.email, u.name, u.locale
from auth.users u
where u.staff_role = any ($1) and u.disabled_at is null
  and not exists (select from auth.muted_notices n where n.user_id = u.user_id and n.topic = $2)
order by u.user_id

-- name: staff_reader :optional
select user_id, email, name, locale from auth.users
where user_id = $1 and staff_role = any ($2) and disabled_at is null
