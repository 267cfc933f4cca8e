create schema monitoring;
grant usage on schema monitoring to mobilytics_app;

-- What is or was wrong with the product, as it judged itself. Of no company: about kinds of jobs and processes.
create table monitoring.alerts (
    alert_id uuid primary key,
    rule text not null,
    about text not null,
    value double precision not null,      -- as last measured
    since timestamptz not null,
    fired_at timestamptz,                 -- null: noticed, not for long enough yet
    calm_since timestamptz,
    resolved_at timestamptz,
    told_at timestamptz,                  -- when staff were last written to
    judged_at timestamptz not null,
    acknowledged_at timestamptz,
    acknowledged_by text,
    note text,
    check (resolved_at is null or fired_at is not null),
    check ((acknowledged_at is null) = (acknowledged_by is null)),
    check ((acknowledged_at is null) = (note is null))
);
create unique index one_alert_of_a_thing on monitoring.alerts (rule, about) where resolved_at is null;
create index ended_alerts on monitoring.alerts (resolved_at) where resolved_at is not null;
grant select, insert, update, delete on monitoring.alerts to mobilytics_app;

-- The last time that the trail was signed, as far as it was whole.
create schema audit;
grant usage on schema audit to mobilytics_app;
create table audit.signings (
    one boolean primary key default true check (one),
    signed_at timestamptz not null,
    broken integer not null check (broken >= 0)   -- chains that were not what was written, and so were not signed
);
grant select, insert, update on audit.signings to mobilytics_app;
