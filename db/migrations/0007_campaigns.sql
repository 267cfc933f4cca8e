create schema campaigns;
grant usage on schema campaigns to mobilytics_app;

create table campaigns.campaigns (
    company_id uuid not null references companies.companies,
    campaign_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    advertiser text not null default '',
    state text not null default 'draft'
        check (state in ('draft', 'booked', 'live', 'paused', 'finished', 'cancelled')),
    flight tstzrange not null,
    zone text not null,
    goal_impressions double precision check (goal_impressions > 0),
    version integer not null default 1, -- grows with every change of the campaign or its assignments; its ETag
    created_at timestamptz not null,
    primary key (company_id, campaign_id),
    constraint flight_sane check (not isempty(flight) and lower_inc(flight) and not upper_inc(flight)
                                  and not lower_inf(flight) and not upper_inf(flight))
);
select platform.protect('campaigns.campaigns');

-- Local wall-clock windows; "end" before or equal to "start" crosses midnight and belongs to the weekday of its start.
create table campaigns.dayparts (
    company_id uuid not null,
    campaign_id uuid not null,
    ordinal smallint not null,
    weekdays smallint[] not null,       -- 0 = Monday
    start_minute smallint not null check (start_minute between 0 and 1439),
    end_minute smallint not null check (end_minute between 0 and 1440),
    primary key (company_id, campaign_id, ordinal),
    foreign key (company_id, campaign_id) references campaigns.campaigns
);
select platform.protect('campaigns.dayparts');

-- Locked (select for update) while assignments of a face change, so that two of them cannot both fit under 1.
create table campaigns.booked_faces (
    company_id uuid not null,
    face_id uuid not null,
    primary key (company_id, face_id),
    foreign key (company_id, face_id) references assets.faces
);
select platform.protect('campaigns.booked_faces');

create table campaigns.assignments (
    company_id uuid not null,
    assignment_id uuid not null,
    campaign_id uuid not null,
    face_id uuid not null,
    asset_id uuid not null,
    during tstzrange not null,
    share double precision not null default 1 check (share > 0 and share <= 1),
    created_at timestamptz not null,
    primary key (company_id, assignment_id),
    foreign key (company_id, campaign_id) references campaigns.campaigns,
    foreign key (company_id, face_id) references assets.faces,
    foreign key (company_id, asset_id) references assets.assets,
    constraint during_sane check (not isempty(during) and lower_inc(during) and not upper_inc(during)
                                  and not lower_inf(during))
);
create index assignments_of_campaign on campaigns.assignments (company_id, campaign_id);
create index assignments_of_face on campaigns.assignments (company_id, face_id);
create index assignments_of_asset on campaigns.assignments (company_id, asset_id);
select platform.protect('campaigns.assignments');

grant select, insert, update, delete on all tables in schema campaigns to mobilytics_app;
