-- Who reads reports can do nothing else: one role more, which may SELECT what reports are made of and nothing besides.
grant usage on schema platform, assets, campaigns, measurements, analytics, jobs to mobilytics_reporting;
grant select on all tables in schema assets, campaigns, analytics to mobilytics_reporting;
alter default privileges in schema assets, campaigns, analytics grant select on tables to mobilytics_reporting;

grant select on measurements.asset_hours, measurements.cell_hours, measurements.unattached_hours, measurements.versions,
    measurements.visits, measurements.visibility, measurements.dirty to mobilytics_reporting;
grant execute on function measurements.open_from(uuid) to mobilytics_reporting;

-- open_from looks for changes that are still under way. The queue is under no policy for the server, which works for
-- all companies; this role is shown the changes of the company in whose scope it reads.
grant select (company_id, kind, payload) on jobs.jobs to mobilytics_reporting;
alter table jobs.jobs enable row level security;
create policy all_of_the_server on jobs.jobs to mobilytics_app using (true) with check (true);
create policy changes_of_the_company on jobs.jobs for select to mobilytics_reporting
    using (company_id = (select platform.current_company()) and kind like 'measurements.on.%');
