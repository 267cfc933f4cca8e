-- People

-- name: find_user_by_email :optional
select user_id, email, name, password_hash, locale, staff_role, disabled_at is not null, email_verified_at is not null
from auth.users
where email = $1

-- name: find_user :optional
select user_id, email, name, password_hash, locale, staff_role, disabled_at is not null, email_verified_at is not null
from auth.users
where user_id = $1

-- Waits for a concurrent insert of the same address; the caller then finds that row by its e-mail.
-- name: insert_user :exec
insert into auth.users (user_id, email, name, password_hash, locale, staff, staff_role, created_at, email_verified_at)
values ($1, $2, $3, $4, $5, $6::text is not null, $6, $7, $8)
on conflict (email) do nothing

-- name: update_password_hash :exec
update auth.users
set password_hash = $2
where user_id = $1

-- name: update_profile :exec
update auth.users
set name = $2, locale = $3
where user_id = $1

-- name: verify_email :exec
update auth.users
set email_verified_at = coalesce(email_verified_at, $2)
where user_id = $1

-- Nothing when the address is somebody else's.
-- name: change_email :exec
update auth.users
set email = $2, email_verified_at = $3
where user_id = $1 and not exists (select from auth.users other where other.email = $2 and other.user_id <> $1)

-- name: make_staff :exec
update auth.users
set staff = true, staff_role = $2, name = $3, password_hash = coalesce($4, password_hash), disabled_at = null
where user_id = $1

-- Memberships

-- name: insert_membership :exec
insert into auth.memberships (company_id, user_id, role, created_at)
values ($1, $2, $3, $4)
on conflict (company_id, user_id) do nothing

-- name: memberships_of_user :many
select company_id, role, suspended, factor_missing
from auth.entrances
where user_id = $1
order by created_at, company_id

-- name: list_members :many
select m.user_id, u.email, u.name, m.role, m.created_at,
       exists (select from auth.factor_holders h where h.user_id = m.user_id)
from auth.memberships m
join auth.users u on u.user_id = m.user_id
where m.company_id = $1 and ($2::uuid is null or m.user_id > $2)
order by m.user_id
limit $3

-- name: find_member :optional
select m.user_id, u.email, u.name, m.role, m.created_at,
       exists (select from auth.factor_holders h where h.user_id = m.user_id)
from auth.memberships m
join auth.users u on u.user_id = m.user_id
where m.company_id = $1 and m.user_id = $2

-- Those who can sign in. Locks them, so that of two owners who remove each other one fails.
-- name: hold_owners :many
select m.user_id
from auth.memberships m
join auth.users u on u.user_id = m.user_id and u.disabled_at is null
where m.company_id = $1 and m.role = 'owner'
order by m.user_id
for update of m

-- name: change_role :exec
update auth.memberships
set role = $3
where company_id = $1 and user_id = $2

-- name: delete_membership :exec
delete from auth.memberships
where company_id = $1 and user_id = $2

-- name: suspend_company :exec
insert into auth.suspensions (company_id, since)
values ($1, $2)
on conflict (company_id) do nothing

-- name: reinstate_company :exec
delete from auth.suspensions
where company_id = $1

-- Invitations

-- Nothing when the address has an open one in the company.
-- name: insert_invitation :exec
insert into auth.invitations
    (company_id, invitation_id, email, role, locale, invited_by, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (company_id, email) do nothing

-- name: delete_expired_invitation :exec
delete from auth.invitations
where company_id = $1 and email = $2 and expires_at <= $3

-- name: count_invitations :one
select count(*)
from auth.invitations
where company_id = $1 and expires_at > $2

-- name: list_invitations :many
select i.invitation_id, i.email, i.role, i.locale, u.name, i.created_at, i.expires_at, i.sent_at
from auth.invitations i
left join auth.users u on u.user_id = i.invited_by
where i.company_id = $1 and ($2::uuid is null or i.invitation_id < $2)
order by i.invitation_id desc
limit $3

-- name: find_invitation :optional
select i.invitation_id, i.email, i.role, i.locale, u.name, i.created_at, i.expires_at, i.sent_at
from auth.invitations i
left join auth.users u on u.user_id = i.invited_by
where i.company_id = $1 and i.invitation_id = $2

-- name: find_invitation_by_token :optional
select i.invitation_id, i.email, i.role, i.locale, u.name, i.created_at, i.expires_at, i.sent_at
from auth.invitations i
left join auth.users u on u.user_id = i.invited_by
where i.company_id = $1 and i.invitation_id = $2 and i.token_sha256 = $3 and i.expires_at > $4

-- name: give_invitation_token :exec
update auth.invitations
set token_sha256 = $3, sent_at = $4
where company_id = $1 and invitation_id = $2 and expires_at > $4

-- name: prolong_invitation :exec
update auth.invitations
set expires_at = $3, sent_at = $4
where company_id = $1 and invitation_id = $2

-- name: delete_invitation :exec
delete from auth.invitations
where company_id = $1 and invitation_id = $2

-- The end of an invitation that is accepted: of two at the same time one finds nothing.
-- name: take_invitation :exec
delete from auth.invitations
where company_id = $1 and invitation_id = $2 and token_sha256 = $3 and expires_at > $4

-- What letters let their readers do

-- name: insert_mailed_token :exec
insert into auth.mailed_tokens (token_sha256, user_id, purpose, email, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6)

-- name: count_mailed_tokens :one
select count(*)
from auth.mailed_tokens
where user_id = $1 and purpose = $2 and expires_at > $3

-- name: find_mailed_token :optional
select t.user_id, t.email
from auth.mailed_tokens t
join auth.users u on u.user_id = t.user_id and u.disabled_at is null
where t.token_sha256 = $1 and t.purpose = $2 and t.expires_at > $3

-- name: take_mailed_token :exec
delete from auth.mailed_tokens
where token_sha256 = $1 and purpose = $2 and expires_at > $3

-- name: delete_mailed_tokens_of :exec
delete from auth.mailed_tokens
where user_id = $1

-- name: delete_old_mailed_tokens :exec
delete from auth.mailed_tokens
where expires_at <= $1

-- Sessions

-- name: insert_session :exec
insert into auth.sessions
    (session_id, user_id, token_sha256, csrf_token, entered_company, created_at, last_seen_at, expires_at,
     confirmed_at, address, user_agent, bound_company)
values ($1, $2, $3, $4, $5::uuid, $6::timestamptz, $6, $7, case when $10::bool then null else $6 end, $8, $9,
        case when $10 then $5 end)

-- A session ends at its absolute limit or when nothing was heard for the idle limit, whichever comes first.
-- name: find_session :optional
select s.session_id, s.user_id, u.name, s.csrf_token, s.last_seen_at, s.confirmed_at, u.staff_role,
       u.staff_role is not null and not exists (select from auth.factor_holders h where h.user_id = s.user_id),
       e.company_id, e.role, coalesce(e.suspended, false), coalesce(e.factor_missing, false),
       s.bound_company is not null
from auth.sessions s
join auth.users u on u.user_id = s.user_id and u.disabled_at is null
left join auth.entrances e on e.company_id = s.entered_company and e.user_id = s.user_id
where s.token_sha256 = $1 and s.expires_at > $2 and s.last_seen_at > $3

-- By the token that was good until a moment ago.
-- name: find_rotated_session :optional
select s.session_id, s.user_id, u.name, s.csrf_token, s.last_seen_at, s.confirmed_at, u.staff_role,
       u.staff_role is not null and not exists (select from auth.factor_holders h where h.user_id = s.user_id),
       e.company_id, e.role, coalesce(e.suspended, false), coalesce(e.factor_missing, false),
       s.bound_company is not null
from auth.sessions s
join auth.users u on u.user_id = s.user_id and u.disabled_at is null
left join auth.entrances e on e.company_id = s.entered_company and e.user_id = s.user_id
where s.previous_sha256 = $1 and s.previous_until > $2 and s.expires_at > $2 and s.last_seen_at > $3

-- name: rotate_session :exec
update auth.sessions
set previous_sha256 = token_sha256, previous_until = $3, token_sha256 = $2, confirmed_at = $4
where session_id = $1

-- $2: the company that the asking session is bound to; then those alone that are bound to it as well.
-- name: list_sessions :many
select session_id, created_at, last_seen_at, expires_at, address, user_agent
from auth.sessions
where user_id = $1 and ($2::uuid is null or bound_company = $2)
  and expires_at > $3 and last_seen_at > $4 and ($5::uuid is null or session_id < $5)
order by session_id desc
limit $6

-- name: delete_session_of :exec
delete from auth.sessions
where user_id = $1 and ($2::uuid is null or bound_company = $2) and session_id = $3

-- name: delete_other_sessions :exec
delete from auth.sessions
where user_id = $1 and ($2::uuid is null or bound_company = $2) and session_id <> $3

-- name: delete_sessions_in :exec
delete from auth.sessions
where user_id = $1 and entered_company = $2

-- name: find_persons_session :optional
select session_id, user_id, csrf_token, entered_company, expires_at, confirmed_at, bound_company is not null
from auth.sessions
where session_id = $1 and user_id = $2

-- name: touch_session :exec
update auth.sessions
set last_seen_at = $2
where session_id = $1 and last_seen_at < $2

-- name: enter_company :exec
update auth.sessions
set entered_company = $2
where session_id = $1

-- name: delete_session :exec
delete from auth.sessions
where session_id = $1

-- name: delete_session_by_token :exec
delete from auth.sessions
where token_sha256 = $1

-- name: delete_sessions_of :exec
delete from auth.sessions
where user_id = $1

-- name: delete_ended_sessions :exec
delete from auth.sessions
where expires_at <= $1 or last_seen_at <= $2

-- Attempts to sign in

-- Counts the attempt before the password is looked at, so that a burst of parallel guesses is counted one by one.
-- No row comes back while the pair must wait. $4: attempts that cost nothing; $5: longest wait in seconds;
-- $6: an older streak is forgotten.
-- name: count_attempt :optional
insert into auth.sign_in_attempts as a (email_sha256, address, attempts, last_at, blocked_until)
values ($1, $2, 1, $3, $6)
on conflict (email_sha256, address) do update
set attempts = case when a.last_at < $6 then 1 else a.attempts + 1 end,
    last_at = $3,
    blocked_until = case
        when a.last_at < $6 or a.attempts < $4 then $6
        else $3 + make_interval(secs => least($5, power(2::float8, least(a.attempts - $4, 30)))) end
where a.blocked_until <= $3
returning a.attempts

-- name: find_attempts :optional
select blocked_until
from auth.sign_in_attempts
where email_sha256 = $1 and address = $2

-- name: uncount_attempt :exec
update auth.sign_in_attempts
set attempts = greatest(attempts - 1, 0)
where email_sha256 = $1 and address = $2

-- A session that a company's provider opened proves nothing outside of that company.
-- name: has_session_from :optional
select exists (
    select from auth.users u
    join auth.sessions s on s.user_id = u.user_id
    where u.email = $1 and s.address = $2 and s.bound_company is null
)

-- name: forget_attempts :exec
delete from auth.sign_in_attempts
where email_sha256 = $1 and address = $2

-- name: forget_attempts_of :exec
delete from auth.sign_in_attempts
where email_sha256 = $1

-- name: forget_old_attempts :exec
delete from auth.sign_in_attempts
where last_at < $1

-- API keys

-- The database judges what it will compare later.
-- name: wrong_addresses :many
select ordinality - 1
from unnest($1::text[]) with ordinality as given (address, ordinality)
where not pg_input_is_valid(address, 'cidr')
order by ordinality

-- name: insert_api_key :exec
insert into auth.api_keys
    (company_id, key_id, name, role, secret_sha256, hint, created_by, created_at, scopes, addresses, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[]::cidr[], $11)

-- name: find_api_key :optional
select k.name, k.secret_sha256, case when k.previous_until > $4 then k.previous_sha256 end, k.role, k.scopes,
       k.addresses::text[], k.expires_at, k.last_used_at, s.company_id is not null,
       case
           when k.revoked_at is not null then 'revoked'
           when k.expires_at <= $4 then 'expired'
           when not coalesce(nullif($3, '')::inet <<= any (k.addresses), k.addresses is null) then 'address'
       end
from auth.api_keys k
left join auth.suspensions s on s.company_id = k.company_id
where k.company_id = $1 and k.key_id = $2

-- name: touch_api_key :exec
update auth.api_keys
set last_used_at = $3
where company_id = $1 and key_id = $2 and (last_used_at is null or last_used_at <= $4)

-- name: note_refusal :exec
update auth.api_keys
set refused_at = $3
where company_id = $1 and key_id = $2 and (refused_at is null or refused_at <= $4)

-- name: list_api_keys :many
select k.key_id, k.name, k.role, k.scopes, k.addresses::text[], k.expires_at, k.hint, k.created_at, k.last_used_at,
       k.previous_until, k.revoked_at, u.name
from auth.api_keys k
left join auth.users u on u.user_id = k.created_by
where k.company_id = $1 and ($2::uuid is null or k.key_id < $2)
order by k.key_id desc
limit $3

-- name: hold_api_key :optional
select k.key_id, k.name, k.role, k.scopes, k.addresses::text[], k.expires_at, k.hint, k.created_at, k.last_used_at,
       k.previous_until, k.revoked_at, u.name
from auth.api_keys k
left join auth.users u on u.user_id = k.created_by
where k.company_id = $1 and k.key_id = $2
for update of k

-- name: rotate_api_key :exec
update auth.api_keys
set previous_sha256 = secret_sha256, secret_sha256 = $3, hint = $4, previous_until = $5, expires_at = $6
where company_id = $1 and key_id = $2

-- name: revoke_api_key :optional
with before as (
    select name, revoked_at is null as active from auth.api_keys where company_id = $1 and key_id = $2 for update
)
update auth.api_keys as key
set revoked_at = coalesce(key.revoked_at, $3)
from before
where key.company_id = $1 and key.key_id = $2
returning before.name, before.active

-- name: revoke_keys_of :exec
update auth.api_keys
set revoked_at = $3
where company_id = $1 and created_by = $2 and revoked_at is null

-- name: insert_staff_key :exec
insert into auth.staff_keys (key_id, user_id, name, secret_sha256, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6)

-- name: find_staff_key :optional
select k.secret_sha256, k.user_id, u.name, u.staff_role,
       not exists (select from auth.factor_holders h where h.user_id = k.user_id)
from auth.staff_keys k
join auth.users u on u.user_id = k.user_id and u.staff_role is not null and u.disabled_at is null
where k.key_id = $1 and k.revoked_at is null and k.expires_at > $2

-- Letters that people may do without

-- name: hold_user :exec
select from auth.users where user_id = $1 for update

-- name: muted_topics :many
select topic from auth.muted_notices where user_id = $1 order by topic

-- name: mute_topic :exec
insert into auth.muted_notices (user_id, topic) values ($1, $2) on conflict do nothing

-- name: unmute_topic :exec
delete from auth.muted_notices where user_id = $1 and topic = $2

-- name: readers_of :many
select m.user_id, m.role
from auth.memberships m
join auth.users u on u.user_id = m.user_id and u.disabled_at is null
where m.company_id = $1
  and not exists (select from auth.muted_notices n where n.user_id = m.user_id and n.topic = $2)
order by m.user_id

-- name: is_reader :one
select exists (
    select from auth.memberships m
    join auth.users u on u.user_id = m.user_id and u.disabled_at is null
    where m.company_id = $1 and m.user_id = $2
)

-- Of every company: by the clock alone.
-- name: take_ending_keys :many
update auth.api_keys
set told_of_end = expires_at
where revoked_at is null and expires_at > $1 and expires_at <= $2 and told_of_end is distinct from expires_at
returning company_id, name, expires_at
