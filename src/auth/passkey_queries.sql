-- Passkeys, and challenges that were answered.

-- The first call decides; who comes second gets the same.
-- name: give_passkey_handle :one
update auth.users
set passkey_handle = coalesce(passkey_handle, $2)
where user_id = $1
returning passkey_handle

-- name: list_passkeys :many
select passkey_id, name, credential_id, transports, backed_up, created_at, last_used_at
from auth.passkeys
where user_id = $1 and ($2::uuid is null or passkey_id > $2)
order by passkey_id
limit $3

-- name: has_passkeys :one
select exists (select from auth.passkeys where user_id = $1)

-- Nothing when somebody has that credential.
-- name: insert_passkey :exec
insert into auth.passkeys
    (passkey_id, user_id, credential_id, algorithm, public_key, sign_count, name, aaguid, transports, backup_eligible,
     backed_up, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (credential_id) do nothing

-- name: find_passkey :optional
select k.passkey_id, k.user_id, k.name, k.algorithm, k.public_key, u.passkey_handle
from auth.passkeys k
join auth.users u on u.user_id = k.user_id and u.disabled_at is null
where k.credential_id = $1

-- name: hold_passkey :optional
select passkey_id, name, credential_id, transports, backed_up, created_at, last_used_at
from auth.passkeys
where user_id = $1 and passkey_id = $2
for update

-- name: rename_passkey :exec
update auth.passkeys
set name = $3
where user_id = $1 and passkey_id = $2

-- name: delete_passkey :exec
delete from auth.passkeys
where user_id = $1 and passkey_id = $2

-- A counter that does not grow is a copy's; of two who come with the same at once one finds the row changed.
-- name: use_passkey :exec
update auth.passkeys
set sign_count = $2, backed_up = $3, last_used_at = $4
where passkey_id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))

-- name: spend_challenge :exec
insert into auth.spent_challenges (challenge_sha256, expires_at)
values ($1, $2)
on conflict do nothing

-- name: forget_challenges :exec
delete from auth.spent_challenges
where expires_at <= $1
