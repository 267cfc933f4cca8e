-- Providers that companies chose, and whom their subjects are

-- name: find_identity_provider :optional
select p.company_id, n.sign_in_name, p.issuer, p.client_id, p.joins_as, p.secret_sealed, p.version, p.set_at
from auth.identity_providers p
join auth.sign_in_names n on n.leads_to = p.company_id
where p.company_id = $1

-- Until the transaction ends nobody sets another.
-- name: hold_identity_provider :optional
select p.company_id, n.sign_in_name, p.issuer, p.client_id, p.joins_as, p.secret_sealed, p.version, p.set_at
from auth.identity_providers p
join auth.sign_in_names n on n.leads_to = p.company_id
where p.company_id = $1
for update of p

-- name: delete_identity_provider :exec
delete from auth.identity_providers
where company_id = $1

-- name: insert_identity_provider :exec
insert into auth.identity_providers (company_id, issuer, client_id, joins_as, secret_sealed, version, set_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (company_id) do nothing

-- name: find_sign_in_name :optional
select leads_to
from auth.sign_in_names
where sign_in_name = $1

-- name: delete_sign_in_name :exec
delete from auth.sign_in_names
where leads_to = $1

-- Nothing when another company has it.
-- name: insert_sign_in_name :exec
insert into auth.sign_in_names (sign_in_name, leads_to)
values ($1, $2)
on conflict do nothing

-- name: find_outside_identity :optional
select user_id
from auth.outside_identities
where company_id = $1 and subject = $2

-- Nothing when either is linked already.
-- name: link_outside_identity :exec
insert into auth.outside_identities (company_id, subject, user_id, linked_at)
values ($1, $2, $3, $4)
on conflict do nothing

-- name: drop_outside_identities :exec
delete from auth.outside_identities
where company_id = $1

-- name: end_bound_sessions :exec
delete from auth.sessions
where bound_company = $1

-- name: is_suspended :one
select exists (select from auth.suspensions where company_id = $1)

-- name: hold_provider_secrets :many
select company_id, secret_sealed from auth.identity_providers for update

-- The provider stays as it was set: no new version.
-- name: put_provider_secret :exec
update auth.identity_providers set secret_sealed = $2 where company_id = $1
