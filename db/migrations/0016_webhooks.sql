create schema webhooks;
grant usage on schema webhooks to mobilytics_app;

-- Where a company wants to be told. The secret signs, so it must be read again: sealed by a key that is not in the
-- database (docs/decisions/0008).
create table webhooks.endpoints (
    company_id uuid not null references companies.companies,
    endpoint_id uuid not null,
    url text not null,
    description text not null,
    event_types text[],                  -- null: all, also those to come
    enabled boolean not null,
    disabled_because text check (disabled_because in ('person', 'gone', 'failing')),
    disabled_at timestamptz,
    per_second integer check (per_second > 0),
    next_slot_at timestamptz,            -- with per_second: before it nothing more is sent
    secret bytea not null,
    previous_secret bytea,
    previous_until timestamptz,          -- until then the previous secret signs too
    failing_since timestamptz,           -- the first failure after the last success
    version integer not null,
    created_at timestamptz not null,
    primary key (company_id, endpoint_id),
    check (enabled = (disabled_because is null)),
    check ((previous_secret is null) = (previous_until is null))
);
select platform.protect('webhooks.endpoints');

-- What is told, as the very bytes that are signed.
create table webhooks.messages (
    company_id uuid not null,
    message_id uuid not null,
    type text not null,
    body text not null,
    created_at timestamptz not null,
    primary key (company_id, message_id)
);
create index messages_by_age on webhooks.messages (created_at);
select platform.protect('webhooks.messages');

-- A message on its way to an endpoint. No foreign key to the endpoint: who records an event must not wait for who
-- deletes an endpoint, and what is on its way to one that is gone ends by itself.
create table webhooks.deliveries (
    company_id uuid not null,
    delivery_id uuid not null,
    endpoint_id uuid not null,
    message_id uuid not null,
    type text not null,
    state text not null check (state in ('pending', 'succeeded', 'failed', 'cancelled')),
    attempts integer not null default 0, -- in all
    round integer not null default 0,    -- attempts since it was last asked for, by the event or a person
    round_began_at timestamptz,          -- its first attempt
    next_attempt_at timestamptz,         -- while pending
    last_status integer,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (company_id, delivery_id),
    foreign key (company_id, message_id) references webhooks.messages on delete cascade,
    check ((state = 'pending') = (next_attempt_at is not null)),
    check ((state = 'pending') = (ended_at is null))
);
create index deliveries_of_endpoint on webhooks.deliveries (company_id, endpoint_id, delivery_id);
create index deliveries_of_message on webhooks.deliveries (company_id, message_id);
select platform.protect('webhooks.deliveries');

create table webhooks.attempts (
    company_id uuid not null,
    delivery_id uuid not null,
    number integer not null,
    at timestamptz not null,
    took_ms integer not null,
    status integer,                      -- null: no answer
    failure text not null,               -- why there was none
    url text not null,
    request_headers text[] not null,
    response_body text not null,         -- its beginning
    primary key (company_id, delivery_id, number),
    foreign key (company_id, delivery_id) references webhooks.deliveries on delete cascade
);
select platform.protect('webhooks.attempts');

grant select, insert, update, delete on all tables in schema webhooks to mobilytics_app;
