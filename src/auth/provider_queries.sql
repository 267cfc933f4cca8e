-- Providers that companies chose, and whom their subjects are

-- name: find_identity_provider :optional
select company_id, sign_in_name, issuer, client_id, joins_as, secret_sealed, version, set_at
from auth.identity_providers
where company_id = $1

-- name: find_identity_provider_by_name :optional
select company_id, sign_in_name, issuer, client_id, joins_as, secret_sealed, version, set_at
from auth.identity_providers
where sign_in_name = $1

-- Until the transaction ends nobody sets another.
-- name: hold_identity_provider :optional
select company_id, sign_in_name, issuer, client_id, joins_as, secret_sealed, version, set_at
from auth.identity_providers
where company_id = $1
for update

-- name: delete_identity_provider :exec
delete from auth.identity_providers
where company_id = $1

-- Nothing when another company has that name.
-- name: insert_identity_provider :exec
insert into auth.identity_providers
    (company_id, sign_in_name, issuer, client_id, joins_as, secret_sealed, version, set_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
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
