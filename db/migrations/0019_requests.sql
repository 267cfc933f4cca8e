-- The server tells at /readyz whether the schema is the one it knows.
grant select on platform.migrations to mobilytics_app;

create schema requests;
grant usage on schema requests to mobilytics_app;

-- Requests with an Idempotency-Key, and what was answered. company_id is nil where the caller acts for no company. The
-- key itself is not here: its hash finds the row, and what the key holder was told is sealed with it.
create table requests.answers (
    company_id uuid not null,
    caller text not null,                -- printed id of the person or key
    key_hash bytea not null check (length(key_hash) = 32),
    fingerprint bytea not null check (length(fingerprint) = 32),  -- of method, address and body
    attempt uuid not null,               -- who holds the row; a later attempt takes it over
    request_id text not null,            -- of that attempt, as the trail's events name it
    claimed_at timestamptz not null,
    held_until timestamptz,              -- null once it is answered
    answer bytea,
    keep_until timestamptz not null,
    primary key (company_id, caller, key_hash),
    check ((answer is null) = (held_until is not null))
);
create index answers_by_age on requests.answers (keep_until);
select platform.protect('requests.answers');
grant select, insert, update, delete on requests.answers to mobilytics_app;

-- Of the request that a job follows from, as W3C Trace Context writes it; empty: of none.
alter table jobs.jobs add column traceparent text not null default '';
