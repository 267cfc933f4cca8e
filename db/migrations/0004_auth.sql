create schema auth;
grant usage on schema auth to mobilytics_app;

-- Directory tables: an e-mail address is one person everywhere, so people and their sessions stand above the
-- companies and carry no company id. Which company a person may enter is a membership, which does.
create table auth.users (
    user_id uuid primary key,
    email text not null check (email = lower(email) and length(email) between 3 and 254),
    name text not null,
    password_hash text not null,
    locale text not null default 'en-CA',
    staff boolean not null default false,
    disabled_at timestamptz,
    created_at timestamptz not null
);
create unique index users_email on auth.users (email);

create table auth.sessions (
    session_id uuid primary key,
    user_id uuid not null references auth.users,
    token_sha256 bytea not null check (length(token_sha256) = 32),
    csrf_token text not null,
    entered_company uuid,               -- the membership in use; checked against memberships at every request
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null
);
create unique index sessions_token on auth.sessions (token_sha256);
create index sessions_of_user on auth.sessions (user_id);
create index sessions_by_end on auth.sessions (expires_at);

-- Streaks of attempts to sign in, by address of the person (hashed: typed text is not always an address) and of the
-- caller. A row goes at success and twelve hours after the last attempt.
create table auth.sign_in_attempts (
    email_sha256 bytea not null check (length(email_sha256) = 32),
    address text not null,
    attempts integer not null,
    last_at timestamptz not null,
    blocked_until timestamptz not null,
    primary key (email_sha256, address)
);
create index sign_in_attempts_by_age on auth.sign_in_attempts (last_at);

create table auth.memberships (
    company_id uuid not null references companies.companies,
    user_id uuid not null references auth.users,
    role text not null check (role in ('owner', 'manager', 'analyst', 'viewer', 'installer')),
    created_at timestamptz not null,
    primary key (company_id, user_id)
);
create index memberships_of_user on auth.memberships (user_id);
select platform.protect('auth.memberships');

-- Companies whose people and keys are kept out. Written in the transaction that changes the company's state, so that
-- every request learns it from the same query that finds its session or key.
create table auth.suspensions (
    company_id uuid primary key references companies.companies,
    since timestamptz not null
);
select platform.protect('auth.suspensions');

-- The printed key names its company and row, so looking it up needs no search across companies.
create table auth.api_keys (
    company_id uuid not null references companies.companies,
    key_id uuid not null,
    name text not null check (length(name) between 1 and 100),
    role text not null check (role in ('owner', 'manager', 'analyst', 'viewer', 'installer')),
    secret_sha256 bytea not null check (length(secret_sha256) = 32),
    hint text not null,
    created_by uuid,
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (company_id, key_id)
);
select platform.protect('auth.api_keys');

-- Keys of staff's programs; they act as their person, as long as that person is staff and not disabled.
create table auth.staff_keys (
    key_id uuid primary key,
    user_id uuid not null references auth.users,
    name text not null check (length(name) between 1 and 100),
    secret_sha256 bytea not null check (length(secret_sha256) = 32),
    created_at timestamptz not null,
    revoked_at timestamptz
);

grant select, insert, update, delete on all tables in schema auth to mobilytics_app;
