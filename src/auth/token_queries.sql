-- Keys that sign

-- name: signing_key :optional
select seed_sealed, key_id
from auth.signing_keys
where signs_from <= $1 and signs_until > $1
order by signs_from desc, key_id
limit 1

-- name: newest_signing_key :optional
select signs_from, signs_until
from auth.signing_keys
order by signs_until desc
limit 1

-- Those that sign, will, or did until a while ago.
-- name: published_keys :many
select public_key
from auth.signing_keys
where signs_until > $1
order by signs_from, key_id

-- name: find_public_key :optional
select public_key
from auth.signing_keys
where key_id = $1 and signs_until > $2

-- name: insert_signing_key :exec
insert into auth.signing_keys (key_id, public_key, seed_sealed, created_at, signs_from, signs_until)
values ($1, $2, $3, $4, $5, $6)

-- name: delete_old_signing_keys :exec
delete from auth.signing_keys
where signs_until <= $1

-- name: delete_signing_keys :exec
delete from auth.signing_keys

-- name: hold_signing_seeds :many
select seed_sealed, key_id from auth.signing_keys for update

-- name: put_signing_seed :exec
update auth.signing_keys set seed_sealed = $2 where key_id = $1

-- Families of tokens

-- name: insert_family :exec
insert into auth.token_families
    (company_id, family_id, key_id, scopes, token_sha256, address, created_at, used_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $7, $8)

-- name: find_family :optional
select key_id, scopes, token_sha256, previous_sha256, previous_until, successor_sealed,
       exists (select from auth.spent_tokens s
               where s.company_id = f.company_id and s.family_id = f.family_id and s.token_sha256 = $3)
from auth.token_families f
where company_id = $1 and family_id = $2 and expires_at > $4 and used_at > $5

-- name: hold_family :exec
select from auth.token_families where company_id = $1 and family_id = $2 for update

-- Whether an access token's family goes on, and the key that signed it was not taken back.
-- name: is_token_in_force :optional
select true
from auth.token_families f
join auth.signing_keys s on s.key_id = $4 and s.signs_until > $5
where f.company_id = $1 and f.family_id = $2 and f.key_id = $3 and f.expires_at > $6

-- name: spend_token :exec
insert into auth.spent_tokens (company_id, family_id, token_sha256)
values ($1, $2, $3)

-- name: rotate_family :exec
update auth.token_families
set previous_sha256 = token_sha256, token_sha256 = $3, previous_until = $4, successor_sealed = $5, used_at = $6
where company_id = $1 and family_id = $2

-- name: list_families :many
select family_id, scopes, address, created_at, used_at, expires_at
from auth.token_families
where company_id = $1 and key_id = $2 and expires_at > $3 and used_at > $4 and ($5::uuid is null or family_id < $5)
order by family_id desc
limit $6

-- Beyond so many of a key those that were used longest ago, unless that was a short while ago.
-- name: trim_families :exec
delete from auth.token_families
where company_id = $1 and key_id = $2 and used_at <= $4 and family_id in (
    select family_id from auth.token_families
    where company_id = $1 and key_id = $2
    order by used_at desc, family_id desc
    offset $3)

-- name: count_families :one
select count(*)
from auth.token_families
where company_id = $1 and key_id = $2

-- name: end_family :optional
delete from auth.token_families f
using auth.api_keys k
where f.company_id = $1 and f.family_id = $2 and ($3::uuid is null or f.key_id = $3)
  and k.company_id = f.company_id and k.key_id = f.key_id
returning f.key_id, k.name

-- name: end_families_of :exec
delete from auth.token_families
where company_id = $1 and key_id = $2

-- Of every company: by the clock, and those whose key is revoked.
-- name: delete_ended_families :exec
delete from auth.token_families f
using auth.api_keys k
where k.company_id = f.company_id and k.key_id = f.key_id
  and (f.expires_at <= $1 or f.used_at <= $2 or k.revoked_at is not null)
