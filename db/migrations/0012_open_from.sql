-- The same as a function that the planner takes apart: the scalar one, with a setting of its own, was planned anew at
-- each call, which cost more than all else that a report or tile reads together. With the body parsed here, no search
-- path of a caller can change what it means.
drop function measurements.open_from(uuid);

create function measurements.open_from(company uuid) returns table (at timestamptz)
language sql stable
begin atomic
    select least(
        (select min(d.from_at) from measurements.dirty d where d.company_id = company),
        (select min(coalesce((j.payload::jsonb ->> 'from')::timestamptz, 'epoch')) from jobs.jobs j
         where j.company_id = company and j.kind like 'measurements.on.%'));
end;
revoke execute on function measurements.open_from(uuid) from public;
grant execute on function measurements.open_from(uuid) to mobilytics_app;
