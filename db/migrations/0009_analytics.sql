create schema analytics;
grant usage on schema analytics to mobilytics_app;

-- Region sets of a company: postal areas, tracts, own polygons. Cells are taken by their centre point when a set is
-- imported, so that no report touches a geometry.
create table analytics.region_sets (
    company_id uuid not null references companies.companies,
    set_id text not null check (set_id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name text not null check (length(name) between 1 and 200),
    attribution text,
    revision uuid not null,             -- new with every import: what was read of the set before is old
    imported_at timestamptz not null,
    primary key (company_id, set_id)
);
select platform.protect('analytics.region_sets');

create table analytics.regions (
    company_id uuid not null,
    set_id text not null,
    code text not null check (length(code) between 1 and 64),
    name text not null,
    shape geometry(MultiPolygon, 4326) not null,
    primary key (company_id, set_id, code),
    foreign key (company_id, set_id) references analytics.region_sets on delete cascade
);
select platform.protect('analytics.regions');

-- Cells of resolution 9 as ranges of their numbers: the cells of a coarser one are neighbours in number, so an area
-- takes rows by its outline and not by its surface.
create table analytics.region_cells (
    company_id uuid not null,
    set_id text not null,
    code text not null,
    first_cell bigint not null,
    last_cell bigint not null,
    primary key (company_id, set_id, code, first_cell),
    foreign key (company_id, set_id, code) references analytics.regions on delete cascade,
    check (first_cell <= last_cell)
);
select platform.protect('analytics.region_cells');

grant select, insert, update, delete on all tables in schema analytics to mobilytics_app;
