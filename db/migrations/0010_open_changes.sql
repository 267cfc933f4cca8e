-- From when on something known is still to come into the roll-ups of a company: dirty marks, and changes of
-- other rooms whose event has not been worked on. A dead event counts too: its correction never came.
create function measurements.open_from(company uuid) returns timestamptz
language sql stable set search_path = pg_catalog as $$
    select least(
        (select min(d.from_at) from measurements.dirty d where d.company_id = company),
        (select min(coalesce((j.payload::jsonb ->> 'from')::timestamptz, 'epoch')) from jobs.jobs j
         where j.company_id = company and j.kind like 'measurements.on.%'));
$$;
revoke execute on function measurements.open_from(uuid) from public;
grant execute on function measurements.open_from(uuid) to mobilytics_app;

create index jobs_of_company on jobs.jobs (company_id, kind);
