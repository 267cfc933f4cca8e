-- Passkeys: public keys whose owners sign in without a password.

-- What authenticators know a person by: random, since it lies on devices that others may look into.
alter table auth.users add column passkey_handle bytea unique check (length(passkey_handle) = 32);

create table auth.passkeys (
    passkey_id uuid primary key,
    user_id uuid not null references auth.users,
    credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
    algorithm integer not null,           -- COSE's number
    public_key bytea not null,
    sign_count bigint not null,           -- 0: the authenticator does not count
    name text not null check (length(name) between 1 and 100),
    aaguid bytea not null check (length(aaguid) = 16),  -- the kind of authenticator
    transports text[] not null,           -- how browsers reach it: a hint for them alone
    backup_eligible boolean not null,
    backed_up boolean not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index passkeys_of_user on auth.passkeys (user_id);

-- Challenges that were answered. They are sealed, not stored, when they are given out; none is answered twice.
create table auth.spent_challenges (
    challenge_sha256 bytea primary key check (length(challenge_sha256) = 32),
    expires_at timestamptz not null
);
create index spent_challenges_by_end on auth.spent_challenges (expires_at);

grant select, insert, update, delete on auth.passkeys to mobilytics_app;
grant select, insert, delete on auth.spent_challenges to mobilytics_app;
