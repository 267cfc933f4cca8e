create schema devices;
grant usage on schema devices to mobilytics_app;

-- Models are the platform's, shared by all companies: a reference table without a company.
create table devices.models (
    model_id uuid primary key,
    name text not null unique check (length(name) between 1 and 100),
    expected_interval_s integer not null check (expected_interval_s between 1 and 86400),
    created_at timestamptz not null
);

create table devices.model_calibrations (
    model_id uuid not null references devices.models,
    calibration_id uuid not null,
    effective_from timestamptz not null,
    factor double precision not null check (factor >= 0),
    low double precision not null check (low >= 0),
    high double precision not null,
    method text not null,
    by_whom text not null,
    primary key (model_id, calibration_id),
    unique (model_id, effective_from),
    check (low <= factor and factor <= high)
);

create table devices.devices (
    company_id uuid not null references companies.companies,
    device_id uuid not null,
    model_id uuid not null references devices.models,
    serial text not null check (length(serial) between 1 and 64),
    name text not null check (length(name) between 1 and 200),
    state text not null default 'in_stock' check (state in ('in_stock', 'active', 'faulty', 'retired', 'disabled')),
    created_at timestamptz not null,
    primary key (company_id, device_id),
    unique (company_id, serial)
);
select platform.protect('devices.devices');

-- Dated settings: the row in force at a visit's start applies. Without a row the platform's default (-75 dBm) does.
create table devices.near_thresholds (
    company_id uuid not null,
    device_id uuid not null,
    effective_from timestamptz not null,
    near_dbm smallint not null check (near_dbm between -110 and -20),
    primary key (company_id, device_id, effective_from),
    foreign key (company_id, device_id) references devices.devices
);
select platform.protect('devices.near_thresholds');

create table devices.calibrations (
    company_id uuid not null,
    device_id uuid not null,
    calibration_id uuid not null,
    effective_from timestamptz not null,
    factor double precision not null check (factor >= 0),
    low double precision not null check (low >= 0),
    high double precision not null,
    method text not null,
    by_whom text not null,
    primary key (company_id, device_id, calibration_id),
    unique (company_id, device_id, effective_from),
    foreign key (company_id, device_id) references devices.devices,
    check (low <= factor and factor <= high)
);
select platform.protect('devices.calibrations');

create table devices.tokens (
    company_id uuid not null,
    token_id uuid not null,
    device_id uuid not null,
    secret_sha256 bytea not null check (length(secret_sha256) = 32),
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (company_id, token_id),
    foreign key (company_id, device_id) references devices.devices
);
create index tokens_of_device on devices.tokens (company_id, device_id);
select platform.protect('devices.tokens');

-- Which device was on which asset, when. Parameters for these keys are bound as uuid and tstzrange, so both halves of
-- the GiST keys are used; an empty range would slip past EXCLUDE, so the CHECK stops it.
create table devices.attachments (
    company_id uuid not null,
    attachment_id uuid not null,
    device_id uuid not null,
    asset_id uuid not null,
    position text not null default 'main' check (length(position) between 1 and 40),
    during tstzrange not null,
    created_at timestamptz not null,
    primary key (company_id, attachment_id),
    foreign key (company_id, device_id) references devices.devices,
    foreign key (company_id, asset_id) references assets.assets,
    constraint during_sane check (not isempty(during) and lower_inc(during) and not upper_inc(during)
                                  and not lower_inf(during)),
    constraint one_asset_per_device
        exclude using gist (company_id with =, device_id with =, during with &&),
    constraint one_device_per_position
        exclude using gist (company_id with =, asset_id with =, position with =, during with &&)
);
create index attachments_of_asset on devices.attachments (company_id, asset_id);
select platform.protect('devices.attachments');

-- Last word from each device; written at most about once a minute per device by the ingest path.
create table devices.last_seen (
    company_id uuid not null,
    device_id uuid not null,
    at timestamptz not null,
    firmware text,
    battery double precision,
    temperature double precision,
    queue_depth bigint,
    primary key (company_id, device_id),
    foreign key (company_id, device_id) references devices.devices
);
select platform.protect('devices.last_seen');

grant select, insert, update, delete on all tables in schema devices to mobilytics_app;
