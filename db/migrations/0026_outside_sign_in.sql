-- Sign-in by an OpenID provider that a company chose. It speaks for that company and for nothing else.

create table auth.identity_providers (
    company_id uuid primary key references companies.companies,
    issuer text not null check (length(issuer) between 1 and 2000),
    client_id text not null check (length(client_id) between 1 and 255),
    secret_sealed bytea not null,
    joins_as text check (joins_as <> 'owner'),            -- role of whom nobody knows yet; null: they are refused
    version integer not null check (version > 0),
    set_at timestamptz not null
);
select platform.protect('auth.identity_providers');

-- What people type, or have in a link, before anybody knows whose they are: of no company, as an address is.
create table auth.sign_in_names (
    sign_in_name text primary key
        check (sign_in_name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(sign_in_name) between 3 and 40),
    leads_to uuid not null unique
);

-- Whom the provider's subjects are. A link goes with the membership.
create table auth.outside_identities (
    company_id uuid not null,
    subject text not null check (length(subject) between 1 and 255),
    user_id uuid not null,
    linked_at timestamptz not null,
    primary key (company_id, subject),
    unique (company_id, user_id),
    foreign key (company_id, user_id) references auth.memberships on delete cascade
);
select platform.protect('auth.outside_identities');
grant select, insert, update, delete on auth.identity_providers to mobilytics_app;
grant select, insert, delete on auth.sign_in_names, auth.outside_identities to mobilytics_app;

-- A session that a provider opened is good for its company alone.
alter table auth.sessions add column bound_company uuid,
    add constraint sessions_stay_bound
        check (bound_company is null or bound_company is not distinct from entered_company);
create index sessions_by_bound_company on auth.sessions (bound_company) where bound_company is not null;
