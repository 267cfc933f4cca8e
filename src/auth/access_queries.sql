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
