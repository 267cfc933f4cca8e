create schema assets;
grant usage on schema assets to mobilytics_app;

create table assets.assets (
    company_id uuid not null references companies.companies,
    asset_id uuid not null,
    kind text not null check (kind in ('vehicle', 'billboard')),
    name text not null check (length(name) between 1 and 200),
    plate text,
    lat double precision check (lat between -90 and 90),
    lon double precision check (lon between -180 and 180),
    state text not null default 'active' check (state in ('active', 'retired')),
    version integer not null default 1, -- grows with every change of the asset or its faces; its ETag
    created_at timestamptz not null,
    primary key (company_id, asset_id),
    -- a billboard stands at a surveyed point; a vehicle has none of its own
    constraint surveyed_point check ((kind = 'billboard') = (lat is not null and lon is not null))
);
select platform.protect('assets.assets');

create table assets.faces (
    company_id uuid not null,
    face_id uuid not null,
    asset_id uuid not null,
    name text not null check (length(name) between 1 and 100),
    format text not null,
    placement text not null,
    created_at timestamptz not null,
    primary key (company_id, face_id),
    foreign key (company_id, asset_id) references assets.assets
);
create index faces_of_asset on assets.faces (company_id, asset_id);
select platform.protect('assets.faces');

grant select, insert, update on all tables in schema assets to mobilytics_app;
