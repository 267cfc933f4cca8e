-- How people get in without an operator: invitations, forgotten passwords, addresses that are confirmed.

alter table auth.users add column email_verified_at timestamptz;  -- when a letter sent to the address was answered

-- A session as its person sees it in a list, and when its password was shown last. After a rotation the token before
-- is good for some seconds more: other tabs have requests on their way.
alter table auth.sessions
    add column address text not null default '',
    add column user_agent text not null default '',
    add column confirmed_at timestamptz,
    add column previous_sha256 bytea check (length(previous_sha256) = 32),
    add column previous_until timestamptz;
create index sessions_previous_token on auth.sessions (previous_sha256) where previous_sha256 is not null;

alter table auth.memberships drop constraint memberships_role_check;
alter table auth.memberships add constraint memberships_role_check
    check (role in ('owner', 'manager', 'analyst', 'viewer', 'installer', 'billing'));
alter table auth.api_keys drop constraint api_keys_role_check;
alter table auth.api_keys add constraint api_keys_role_check
    check (role in ('owner', 'manager', 'analyst', 'viewer', 'installer', 'billing'));

-- Open invitations. A row goes when it is accepted or withdrawn; the trail keeps what happened. The token is made when
-- its letter is sent, so that it stands nowhere but in the letter.
create table auth.invitations (
    company_id uuid not null references companies.companies,
    invitation_id uuid not null,
    email text not null check (email = lower(email) and length(email) between 3 and 254),
    role text not null check (role in ('owner', 'manager', 'analyst', 'viewer', 'installer', 'billing')),
    locale text not null,
    invited_by uuid,                    -- null: by an API key
    token_sha256 bytea check (length(token_sha256) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    sent_at timestamptz,
    primary key (company_id, invitation_id),
    unique (company_id, email)
);
select platform.protect('auth.invitations');
grant select, insert, update, delete on auth.invitations to mobilytics_app;

-- What a letter to a person's address lets its reader do, once.
create table auth.mailed_tokens (
    token_sha256 bytea primary key check (length(token_sha256) = 32),
    user_id uuid not null references auth.users,
    purpose text not null check (purpose in ('password', 'email')),
    email text not null,                -- where the letter went
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index mailed_tokens_of_user on auth.mailed_tokens (user_id);
create index mailed_tokens_by_end on auth.mailed_tokens (expires_at);
grant select, insert, delete on auth.mailed_tokens to mobilytics_app;
