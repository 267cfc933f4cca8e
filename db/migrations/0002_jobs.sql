create schema jobs;
grant usage on schema jobs to mobilytics_app;

-- A platform table, outside of the tenants' wall: only the server itself reads it, and company_id is who a job is for.
-- A finished job is deleted in the statement that finishes it; what stays is waiting, running, or wants a person.
create table jobs.jobs (
    id uuid primary key,
    kind text not null,
    company_id uuid,
    payload text not null,
    state text not null default 'ready' check (state in ('ready', 'running', 'dead', 'discarded')),
    run_at timestamptz not null,                -- by the product's clock
    key text,
    concurrency_key text,
    attempts integer not null default 0,        -- counted when taken, so that a crash counts too
    max_attempts integer not null check (max_attempts > 0),
    lease bigint not null default 0,            -- one more with each taking; who finishes must name it
    leased_until timestamptz,                   -- by the database's clock, the one all workers share
    worker text,
    error text,
    enqueued_at timestamptz not null default now(),
    ended_at timestamptz,
    check ((state = 'running') = (leased_until is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

create unique index jobs_pending_key on jobs.jobs (kind, key) where state = 'ready' and key is not null;
create unique index jobs_running_concurrency on jobs.jobs (concurrency_key)
    where state = 'running' and concurrency_key is not null;
create index jobs_due on jobs.jobs (run_at, id) where state = 'ready';
create index jobs_leases on jobs.jobs (leased_until) where state = 'running';
create index jobs_ended on jobs.jobs (ended_at) where ended_at is not null;

-- When each recurring kind is due next, so that of many workers one enqueues it.
create table jobs.schedules (
    kind text primary key,
    next_at timestamptz not null
);

grant select, insert, update, delete on jobs.jobs, jobs.schedules to mobilytics_app;
