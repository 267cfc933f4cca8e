-- A second factor: what an authenticator app knows, and codes on paper for when the phone is gone.

create table auth.second_factors (
    user_id uuid primary key references auth.users,
    secret_sealed bytea not null,
    last_step bigint not null default 0,  -- of the last code that was taken: none is good twice
    created_at timestamptz not null,
    confirmed_at timestamptz              -- null: begun, and asked for nowhere
);

create table auth.recovery_codes (
    user_id uuid not null references auth.users,
    code_sha256 bytea not null check (length(code_sha256) = 32),
    primary key (user_id, code_sha256)
);

grant select, insert, update, delete on auth.second_factors to mobilytics_app;
grant select, insert, delete on auth.recovery_codes to mobilytics_app;
