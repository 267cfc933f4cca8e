-- Tokens for programs: keys that sign them, and families of refresh tokens.

-- Every process signs with the newest key whose time has come, and anyone may know the public halves. Of no company.
create table auth.signing_keys (
    key_id text primary key check (length(key_id) = 43),  -- RFC 7638 of the public half
    public_key bytea not null check (length(public_key) = 32),
    seed_sealed bytea not null,
    created_at timestamptz not null,
    signs_from timestamptz not null,                      -- published before
    signs_until timestamptz not null,                     -- published a while longer
    check (signs_from < signs_until)
);
grant select, insert, delete on auth.signing_keys to mobilytics_app;

-- What began when a program showed its key, and goes on by refresh tokens, of which one is in force. A row goes when
-- the family ends, and its access tokens with it: they name it, and are looked up with it.
create table auth.token_families (
    company_id uuid not null,
    family_id uuid not null,
    key_id uuid not null,
    scopes text[] check (cardinality(scopes) > 0),        -- null: all that the key may
    token_sha256 bytea not null check (length(token_sha256) = 32),
    previous_sha256 bytea check (length(previous_sha256) = 32),
    previous_until timestamptz,                           -- until then the one before gets the same successor again,
    successor_sealed bytea,                               -- which only its holder can open
    address text not null,                                -- where it began
    created_at timestamptz not null,
    used_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (company_id, family_id),
    foreign key (company_id, key_id) references auth.api_keys
);
create index token_families_of_key on auth.token_families (company_id, key_id, family_id);
create index token_families_by_end on auth.token_families (expires_at);
select platform.protect('auth.token_families');

-- Refresh tokens that were replaced. Whoever shows one has it from somewhere else, or lost the answer.
create table auth.spent_tokens (
    company_id uuid not null,
    family_id uuid not null,
    token_sha256 bytea not null check (length(token_sha256) = 32),
    primary key (company_id, family_id, token_sha256),
    foreign key (company_id, family_id) references auth.token_families on delete cascade
);
select platform.protect('auth.spent_tokens');

grant select, insert, update, delete on auth.token_families, auth.spent_tokens to mobilytics_app;
