-- People as Mobilytics' staff see them, and staff themselves.

-- Sessions that go on: $2 is now, $3 when the idle ones were last heard of.
-- name: see_person :optional
select u.user_id, u.email, u.name, u.locale, u.email_verified_at is not null, u.created_at, u.disabled_at, u.staff_role,
       exists (select from auth.second_factors f where f.user_id = u.user_id and f.confirmed_at is not null),
       (select count(*) from auth.passkeys p where p.user_id = u.user_id),
       (select count(*) from auth.recovery_codes c where c.user_id = u.user_id),
       (select count(*) from auth.sessions s
        where s.user_id = u.user_id and s.expires_at > $2 and s.last_seen_at > $3),
       (select max(t.expires_at) from auth.mailed_tokens t
        where t.user_id = u.user_id and t.purpose = 'recovery' and t.expires_at > $2)
from auth.users u
where u.user_id = $1

-- Those who can act. Locks them, so that of two admins who demote each other one fails.
-- name: hold_admins :many
select user_id
from auth.users
where staff_role = 'admin' and disabled_at is null
order by user_id
for update

-- name: disable_person :exec
update auth.users
set disabled_at = $2
where user_id = $1

-- name: enable_person :exec
update auth.users
set disabled_at = null
where user_id = $1

-- In all companies: how many, by company.
-- name: revoke_keys_made_by :many
with revoked as (
    update auth.api_keys
    set revoked_at = $2
    where created_by = $1 and revoked_at is null
    returning company_id
)
select company_id, count(*) from revoked group by company_id

-- name: password_reset_at :one
select password_reset_at
from auth.users
where user_id = $1

-- name: note_password_reset :exec
update auth.users
set password_reset_at = $2
where user_id = $1

-- Staff

-- name: list_staff :many
select u.user_id, u.email, u.name, u.staff_role, u.created_at, u.disabled_at is not null,
       exists (select from auth.factor_holders h where h.user_id = u.user_id)
from auth.users u
where u.staff_role is not null and ($1::uuid is null or u.user_id > $1)
order by u.user_id
limit $2

-- name: find_staff :optional
select u.user_id, u.email, u.name, u.staff_role, u.created_at, u.disabled_at is not null,
       exists (select from auth.factor_holders h where h.user_id = u.user_id)
from auth.users u
where u.staff_role is not null and u.user_id = $1

-- name: set_staff_role :exec
update auth.users
set staff = $2::text is not null, staff_role = $2
where user_id = $1

-- name: list_staff_keys :many
select k.key_id, k.user_id, u.name, k.name, k.created_at, k.expires_at, k.revoked_at
from auth.staff_keys k
join auth.users u on u.user_id = k.user_id
where ($1::uuid is null or k.user_id = $1) and ($2::uuid is null or k.key_id < $2)
order by k.key_id desc
limit $3

-- name: revoke_staff_key :optional
with before as (
    select name, revoked_at is null as active
    from auth.staff_keys
    where key_id = $1 and ($2::uuid is null or user_id = $2)
    for update
)
update auth.staff_keys as key
set revoked_at = coalesce(key.revoked_at, $3)
from before
where key.key_id = $1
returning before.name, before.active

-- name: count_good_staff_keys :one
select count(*)
from auth.staff_keys
where user_id = $1 and revoked_at is null and expires_at > $2

-- name: revoke_staff_keys_of :exec
update auth.staff_keys
set revoked_at = $2
where user_id = $1 and revoked_at is null

-- A way back

-- name: delete_recoveries_of :exec
delete from auth.mailed_tokens
where user_id = $1 and purpose = 'recovery'

-- name: delete_any_factor :exec
delete from auth.second_factors
where user_id = $1

-- name: delete_passkeys_of :exec
delete from auth.passkeys
where user_id = $1

-- Whom staff invite as a company's first owner

-- One whose account is disabled is an owner still: else staff who disable somebody could put themselves in their place.
-- name: has_owner :one
select exists (select from auth.memberships where company_id = $1 and role = 'owner')

-- name: find_owners_invitation :optional
select i.invitation_id, i.email, i.role, i.locale, u.name, i.created_at, i.expires_at, i.sent_at
from auth.invitations i
left join auth.users u on u.user_id = i.invited_by
where i.company_id = $1 and i.role = 'owner'
order by i.invitation_id desc
limit 1

-- And whatever else that address was invited to.
-- name: delete_owners_invitations :many
delete from auth.invitations
where company_id = $1 and (role = 'owner' or email = $2)
returning invitation_id, email
