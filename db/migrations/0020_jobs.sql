-- A job's place in the line, its company's lane, what a member of staff asked of it, and how its runs failed.
alter table jobs.jobs
    add column priority smallint not null default 0 check (priority between 0 and 9),
    -- Who waits longer comes first; each step of priority counts as twenty seconds of waiting, so that nothing
    -- important waits for a backlog and nothing unimportant waits for ever. A job without a time (1970) waits from its
    -- enqueueing on.
    add column rank timestamp not null generated always as (
        (case when run_at = 'epoch' then enqueued_at else run_at end at time zone 'UTC')
        - priority * interval '20 seconds') stored,
    -- Companies take turns. What is for no company is a lane of its own, the last one.
    add column lane uuid not null
        generated always as (coalesce(company_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')) stored,
    add column cancel_wanted boolean not null default false,
    add column started_at timestamptz,              -- of the last run
    add column failures jsonb not null default '[]';

alter table jobs.jobs
    drop constraint jobs_state_check,
    add constraint jobs_state_check check (state in ('ready', 'running', 'dead', 'discarded', 'cancelled'));

-- The line itself: one lane after the other, in it one kind after the other. There is no table of lanes to keep. And
-- its head, whoever's: jobs of later are no part of it.
drop index jobs.jobs_due;
create index jobs_ready on jobs.jobs (lane, kind, rank, run_at, id) where state = 'ready';
create index jobs_line on jobs.jobs (rank) where state = 'ready';
create index jobs_running on jobs.jobs (kind, lane) where state = 'running';
create index jobs_given_up on jobs.jobs (state, id) where ended_at is not null;

-- The last ten failures of a job. `error` is a code, never words of a customer.
create function jobs.noted(failures jsonb, attempt integer, error text) returns jsonb
language sql stable
begin atomic
    select jsonb_path_query_array(
        failures || jsonb_build_object('attempt', attempt, 'at', now(), 'error', error), '$[last - 9 to last]');
end;
revoke execute on function jobs.noted(jsonb, integer, text) from public;
grant execute on function jobs.noted(jsonb, integer, text) to mobilytics_app;

-- What runners know how to run, with the limits that the code declares. A row is also the lock under which the running
-- jobs of a limited kind are counted.
create table jobs.kinds (
    kind text primary key,
    timeout_s double precision not null check (timeout_s > 0),
    max_running integer check (max_running > 0),
    max_running_per_company integer check (max_running_per_company > 0),
    max_per_minute integer check (max_per_minute > 0),
    max_per_minute_per_company integer check (max_per_minute_per_company > 0),
    paused_at timestamptz
);

-- When the next job of a kind, or of a kind and lane, would be begun if all came one after the other. Nil for the kind
-- as a whole. No row: it has been quiet.
create table jobs.rates (
    kind text not null,
    lane uuid not null,
    next_at timestamptz not null,                   -- by the database's clock
    primary key (kind, lane)
) with (fillfactor = 70);

-- How many may be begun now: a second's worth, less what is ahead of the even pace.
create function jobs.rate_room(of_kind text, of_lane uuid, per_minute integer) returns bigint
language sql stable
begin atomic
    select floor(ceil(per_minute / 60.0) - coalesce((
        select greatest(extract(epoch from r.next_at - now()), 0) from jobs.rates r
        where r.kind = of_kind and r.lane = of_lane), 0) * per_minute / 60.0)::bigint;
end;
revoke execute on function jobs.rate_room(text, uuid, integer) from public;
grant execute on function jobs.rate_room(text, uuid, integer) to mobilytics_app;

-- Jobs that one more waits for, with what that one will be.
create table jobs.batches (
    batch_id uuid primary key,
    open bigint not null check (open >= 0),
    given_up bigint not null default 0,
    kind text not null,
    company_id uuid,
    payload text not null,
    priority smallint not null,
    max_attempts integer not null,
    traceparent text not null
) with (fillfactor = 70);
alter table jobs.jobs add column batch_id uuid;

-- Whichever way a job ends, and whoever ends it.
create function jobs.leave_batch() returns trigger
language plpgsql as $$
declare
    batch jobs.batches;
begin
    update jobs.batches b
    set open = b.open - 1, given_up = b.given_up + (tg_op = 'UPDATE')::int
    where b.batch_id = old.batch_id
    returning b.batch_id, b.open, b.given_up, b.kind, b.company_id, b.payload, b.priority, b.max_attempts,
              b.traceparent into batch;
    if batch.open = 0 then
        insert into jobs.jobs (id, kind, company_id, payload, run_at, max_attempts, priority, traceparent)
        values (batch.batch_id, batch.kind, batch.company_id,
                (batch.payload::jsonb || jsonb_build_object('given_up', batch.given_up))::text,
                'epoch', batch.max_attempts, batch.priority, batch.traceparent);
        delete from jobs.batches b where b.batch_id = batch.batch_id;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    new.batch_id := null;
    return new;
end
$$;
revoke execute on function jobs.leave_batch() from public;
create trigger batch_job_is_done before delete on jobs.jobs
    for each row when (old.batch_id is not null) execute function jobs.leave_batch();
create trigger batch_job_is_given_up before update on jobs.jobs
    for each row when (old.batch_id is not null and new.ended_at is not null) execute function jobs.leave_batch();

-- Figures by kind and minute, added up in each process and written every few seconds. Bucket b holds durations up to
-- 2^(b/2) ms.
create table jobs.minutes (
    minute timestamptz not null,                    -- by the product's clock
    kind text not null,
    figure text not null check (figure in ('done', 'retried', 'given_up', 'timed_out', 'cancelled', 'rescued', 'wait')),
    bucket smallint not null,
    runs bigint not null,
    primary key (minute, kind, figure, bucket)
) with (fillfactor = 70);

-- Who keeps the calendar and cleans up. That two do so for a moment, one of them asleep, harms nothing: what must
-- happen once is decided by a row of its own.
create table jobs.leader (
    one boolean primary key default true check (one),
    holder text not null,
    term bigint not null,
    until timestamptz not null                      -- by the database's clock
);
insert into jobs.leader (holder, term, until) values ('', 0, '-infinity');

grant select, insert, update on jobs.kinds to mobilytics_app;
grant select, insert, update, delete on jobs.rates, jobs.batches to mobilytics_app;
grant select, insert, update, delete on jobs.minutes to mobilytics_app;
grant select, update on jobs.leader to mobilytics_app;
