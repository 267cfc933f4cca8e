create schema companies;
grant usage on schema companies to mobilytics_app;

create table companies.companies (
    company_id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    zone text not null,                 -- IANA name; days of "all" rows are cut in it
    country text not null check (country ~ '^[A-Z]{2}$'),
    state text not null default 'active' check (state in ('active', 'suspended')),
    privacy_floor integer not null default 10 check (privacy_floor >= 1),
    version bigint not null default 1,  -- changes with every edit; ETag and If-Match
    created_at timestamptz not null
);
select platform.protect('companies.companies');

-- What to do with visits that begin while a vehicle stands still. Dated: the row in force at a visit's start applies.
create table companies.parked_policies (
    company_id uuid not null references companies.companies,
    effective_from timestamptz not null,
    kind text not null check (kind in ('count', 'exclude', 'cap')),
    cap_minutes integer not null default 10 check (cap_minutes between 0 and 1440),
    primary key (company_id, effective_from)
);
select platform.protect('companies.parked_policies');

grant select, insert, update on all tables in schema companies to mobilytics_app;
