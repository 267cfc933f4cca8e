-- The parked policy shown with a company is the one in force at the instant given; before the first row everything
-- counts.

-- name: insert_company :exec
insert into companies.companies (company_id, name, zone, country, created_at)
values ($1, $2, $3, $4, $5)

-- name: find_company :optional
select c.company_id, c.name, c.zone, c.country, c.state, c.privacy_floor, c.version, c.created_at,
       p.effective_from, p.kind, p.cap_minutes
from companies.companies c
left join lateral (
    select q.effective_from, q.kind, q.cap_minutes from companies.parked_policies q
    where q.company_id = c.company_id and q.effective_from <= $2
    order by q.effective_from desc limit 1) p on true
where c.company_id = $1

-- name: list_companies :many
select c.company_id, c.name, c.zone, c.country, c.state, c.privacy_floor, c.version, c.created_at,
       p.effective_from, p.kind, p.cap_minutes
from companies.companies c
left join lateral (
    select q.effective_from, q.kind, q.cap_minutes from companies.parked_policies q
    where q.company_id = c.company_id and q.effective_from <= $2
    order by q.effective_from desc limit 1) p on true
where $1::uuid is null or c.company_id < $1
order by c.company_id desc
limit $3

-- Whoever joins meanwhile need not wait: a membership only asks for the key.
-- name: lock_company :optional
select company_id
from companies.companies
where company_id = $1
for no key update

-- name: update_company :exec
update companies.companies
set name = $2, zone = $3, state = $4, version = version + 1
where company_id = $1

-- name: count_change :exec
update companies.companies
set version = version + 1
where company_id = $1

-- name: companies_by_ids :many
select company_id, name, zone, country
from companies.companies
where company_id = any($1)

-- name: put_parked_policy :exec
insert into companies.parked_policies (company_id, effective_from, kind, cap_minutes)
values ($1, $2, $3, $4)
on conflict (company_id, effective_from) do update
set kind = excluded.kind, cap_minutes = excluded.cap_minutes

-- name: list_parked_policies :many
select effective_from, kind, cap_minutes
from companies.parked_policies
where company_id = $1 and ($2::timestamptz is null or effective_from < $2)
order by effective_from desc
limit $3

-- name: parked_policies :many
select effective_from, kind, cap_minutes
from companies.parked_policies
where company_id = $1
order by effective_from
