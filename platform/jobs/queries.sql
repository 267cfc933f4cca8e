-- name: enqueue :one
-- The update changes nothing but the time; it is there for its lock, so that a waiting job with this key cannot be
-- taken before the caller's changes are visible to it.
insert into jobs.jobs as waiting
    (id, kind, company_id, payload, run_at, key, concurrency_key, max_attempts, priority, traceparent, request_id,
     caused_by, impersonator)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (kind, key) where state = 'ready' and key is not null
do update set run_at = least(waiting.run_at, excluded.run_at),
              priority = greatest(waiting.priority, excluded.priority)
returning id

-- name: add_batch :exec
insert into jobs.batches
    (batch_id, open, kind, company_id, payload, priority, max_attempts, traceparent, request_id, caused_by,
     impersonator)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: add_to_batch :exec
insert into jobs.jobs
    (id, kind, company_id, payload, run_at, concurrency_key, max_attempts, priority, batch_id, traceparent, request_id,
     caused_by, impersonator)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: declare_kind :exec
insert into jobs.kinds as known
    (kind, timeout_s, max_running, max_running_per_company, max_per_minute, max_per_minute_per_company)
values ($1, $2, $3, $4, $5, $6)
on conflict (kind) do update set
    timeout_s = excluded.timeout_s, max_running = excluded.max_running,
    max_running_per_company = excluded.max_running_per_company, max_per_minute = excluded.max_per_minute,
    max_per_minute_per_company = excluded.max_per_minute_per_company
where (known.timeout_s, known.max_running, known.max_running_per_company, known.max_per_minute,
       known.max_per_minute_per_company)
      is distinct from (excluded.timeout_s, excluded.max_running, excluded.max_running_per_company,
                        excluded.max_per_minute, excluded.max_per_minute_per_company)

-- name: hold_limited_kinds :many
-- One taker at a time counts what runs, or was begun, of a limited kind. A statement of its own, so that the next one
-- sees what the taker before has committed.
select kind from jobs.kinds
where kind = any ($1)
  and coalesce(max_running, max_running_per_company, max_per_minute, max_per_minute_per_company) is not null
order by kind for update

-- name: plan_take :one
-- For `take`, until the end of the transaction. Planning it anew costs as much as taking sixty jobs, and what the
-- planner knows of the table is of a moment when a line was there or was not: unasked it sorts a line of thousands for
-- each claim, or reads the whole table to find sixty rows. With these there is one plan left, which walks the indexes
-- in their order.
select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
       set_config('enable_incremental_sort', 'off', true), set_config('enable_material', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)

-- name: take :many
-- Needs `plan_take`. Goes round the lanes that have something to take, from the one after $6 on, until it has found as
-- many as there are places, and takes from each by rank. While few jobs are due their lanes are known from the head of
-- the line, so that jobs of later cost nothing. Behind a backlog the walk is one look into jobs_ready per lane, however
-- long a lane is: a company with a hundred thousand jobs is a step like any other. $7 and $8: lanes of which this
-- process runs jobs already, and how many; $9: how many one lane may have. At most one job per concurrency key, and
-- none whose key runs; two takers can still meet on a key, then the unique index refuses one of them, which tries
-- again. A rank is by the product's clock, or the database's where a job has no time, so neither clock may hide a job
-- that is due.
with recursive open as (
    select k.kind, room.jobs as room, k.max_running_per_company as per_company, k.max_per_minute as rate,
           k.max_per_minute_per_company as rate_per_company
    from jobs.kinds k
    cross join lateral (select least(
        case when k.max_running is not null then k.max_running - (
            select count(*) from jobs.jobs j where j.state = 'running' and j.kind = k.kind) end,
        case when k.max_per_minute is not null then
            jobs.rate_room(k.kind, '00000000-0000-0000-0000-000000000000', k.max_per_minute) end) as jobs) room
    where k.kind = any ($2) and k.paused_at is null and (room.jobs is null or room.jobs > 0)
), head as materialized (
    select j.lane from jobs.jobs j
    where j.state = 'ready' and j.rank <= greatest($1::timestamptz, now()) at time zone 'UTC'
    order by j.rank limit 257
), short as materialized (
    select count(*) <= 256 as is_all from head
), walk as (
    select $6::uuid as lane, 0 as found
    union all
    select next.lane, walk.found + exists (
        select from open
        where not exists (
            select from unnest($7::uuid[], $8::int8[]) as busy (lane, jobs)
            where busy.lane = next.lane and busy.jobs >= $9::int8)
          and (open.per_company is null or open.per_company > (
            select count(*) from jobs.jobs r
            where r.state = 'running' and r.kind = open.kind and r.lane = next.lane))
          and (open.rate_per_company is null or jobs.rate_room(open.kind, next.lane, open.rate_per_company) > 0)
          and exists (
            select from (
                select from jobs.jobs j
                where j.state = 'ready' and j.lane = next.lane and j.kind = open.kind
                  and j.rank <= greatest($1::timestamptz, now()) at time zone 'UTC' and j.run_at <= $1
                  and (j.concurrency_key is null or not exists (
                      select from jobs.jobs r where r.state = 'running' and r.concurrency_key = j.concurrency_key))
                order by j.rank, j.run_at, j.id limit 1) head))::int
    from walk cross join short cross join lateral (
        (select h.lane from head h where short.is_all and h.lane > walk.lane order by h.lane limit 1)
        union all
        (select j.lane from jobs.jobs j
         where not short.is_all and j.state = 'ready' and j.lane > walk.lane order by j.lane limit 1)) next
    where walk.found < $3::int8
), share as (
    select ceil($3::float8 / greatest(max(found), 1))::int8 as jobs from walk
), due as (
    select j.id, j.kind, j.lane, j.rank, j.concurrency_key, open.room, place.of_company, place.of_lane
    from walk cross join share cross join open
    left join unnest($7::uuid[], $8::int8[]) as busy (lane, jobs) on busy.lane = walk.lane
    cross join lateral (
        select $9::int8 - coalesce(busy.jobs, 0) as of_lane,
               least(
                   case when open.per_company is not null then open.per_company - (
                       select count(*) from jobs.jobs r
                       where r.state = 'running' and r.kind = open.kind and r.lane = walk.lane) end,
                   case when open.rate_per_company is not null then
                       jobs.rate_room(open.kind, walk.lane, open.rate_per_company) end) as of_company) place
    cross join lateral (
        select j.id, j.kind, j.lane, j.rank, j.concurrency_key
        from jobs.jobs j
        where j.state = 'ready' and j.lane = walk.lane and j.kind = open.kind
          and j.rank <= greatest($1::timestamptz, now()) at time zone 'UTC' and j.run_at <= $1
          and (j.concurrency_key is null or not exists (
              select from jobs.jobs r where r.state = 'running' and r.concurrency_key = j.concurrency_key))
        order by j.rank, j.run_at, j.id
        limit greatest(least(share.jobs, open.room, place.of_company, place.of_lane), 0)
        for update skip locked) j
    where walk.lane > $6
), in_line as (
    select id, kind, lane, rank, room, of_company, of_lane,
           row_number() over (partition by coalesce(concurrency_key, id::text) order by rank, id) as of_key,
           row_number() over (partition by lane order by rank, id) as turn,
           row_number() over (partition by kind order by rank, id) as of_kind,
           row_number() over (partition by kind, lane order by rank, id) as of_kind_and_lane
    from due
), mine as (
    select id, kind, lane from in_line
    where of_key = 1 and turn <= of_lane and (room is null or of_kind <= room)
      and (of_company is null or of_kind_and_lane <= of_company)
    order by turn, rank, id
    limit $3::int8
), begun as (
    select mine.kind, '00000000-0000-0000-0000-000000000000'::uuid as lane, count(*) * 60.0 / open.rate as seconds
    from mine join open using (kind) where open.rate is not null group by mine.kind, open.rate
    union all
    select mine.kind, mine.lane, count(*) * 60.0 / open.rate_per_company
    from mine join open using (kind) where open.rate_per_company is not null
    group by mine.kind, mine.lane, open.rate_per_company
), paced as (
    insert into jobs.rates as r (kind, lane, next_at)
    select kind, lane, now() + seconds::float8 * interval '1 second' from begun
    on conflict (kind, lane) do update
    set next_at = greatest(r.next_at, now()) + (excluded.next_at - now())
)
update jobs.jobs j
set state = 'running', lease = j.lease + 1, attempts = j.attempts + 1, worker = $4, started_at = now(),
    leased_until = now() + $5::float8 * interval '1 second'
where j.id = any (array(select mine.id from mine))
returning j.id, j.kind, j.company_id, j.payload, j.attempts, j.max_attempts, j.lease, j.lane,
          extract(epoch from case when j.run_at = 'epoch' then now() - j.enqueued_at else $1 - j.run_at end)::float8,
          j.traceparent, j.request_id, j.caused_by, j.impersonator

-- name: keep :many
update jobs.jobs
set leased_until = now() + $3::float8 * interval '1 second'
where id = any ($1) and state = 'running' and lease = ($2::int8[])[array_position($1::uuid[], id)]
returning id, cancel_wanted

-- name: finish :exec
delete from jobs.jobs where id = $1 and lease = $2 and state = 'running'

-- name: finish_all :exec
-- A join would be planned by what the table held at some other time: it has read all of it for one row.
delete from jobs.jobs
where id = any ($1) and state = 'running' and lease = ($2::int8[])[array_position($1::uuid[], id)]

-- name: put_back :exec
-- Without an error it did not fail: its worker stopped, or it asked for a later time.
update jobs.jobs
set state = case when cancel_wanted then 'cancelled' else 'ready' end,
    ended_at = case when cancel_wanted then now() end,
    leased_until = null, run_at = $3, error = coalesce($4, error), attempts = attempts - $5::int4,
    failures = case when $4::text is null then failures else jobs.noted(failures, attempts, $4) end
where id = $1 and lease = $2 and state = 'running'

-- name: end_without_success :exec
update jobs.jobs
set state = $3, leased_until = null, error = $4, ended_at = now(), failures = jobs.noted(failures, attempts, $4)
where id = $1 and lease = $2 and state = 'running'

-- name: drop_superseded :many
-- Its worker is gone and a job with the same key waits: that one does the work.
delete from jobs.jobs lost
where lost.state = 'running' and lost.leased_until < now()
  and exists (select 1 from jobs.jobs w where w.state = 'ready' and w.kind = lost.kind and w.key = lost.key)
returning kind, 'superseded'

-- name: rescue :many
-- The lease number stays: a worker that wakes up again names it, but the state is no longer running, and the next
-- taking counts it up.
update jobs.jobs
set state = case when cancel_wanted then 'cancelled' when attempts >= max_attempts then 'dead' else 'ready' end,
    ended_at = case when cancel_wanted or attempts >= max_attempts then now() end,
    leased_until = null, error = 'jobs.worker_lost', failures = jobs.noted(failures, attempts, 'jobs.worker_lost')
where id in (
    select id from jobs.jobs where state = 'running' and leased_until < now()
    order by leased_until limit 100 for update skip locked)
returning kind, state

-- name: forget_ended :exec
-- A dead job stays until somebody has looked at it.
delete from jobs.jobs
where state in ('discarded', 'cancelled') and ended_at < now() - $1::float8 * interval '1 second'
  and kind <> all ($2)

-- name: dead_rows :one
-- And how many are worth a vacuum: what that costs grows with the backlog.
select has_table_privilege('jobs.jobs', 'maintain'), n_dead_tup, greatest($1::int8, n_live_tup / 20)
from pg_stat_all_tables
where relid = 'jobs.jobs'::regclass

-- name: count_by_state :many
-- `later`: ready, but its time has not come.
select kind, case when state = 'ready' and run_at > $1 then 'later' else state end, count(*)
from jobs.jobs
group by 1, 2

-- name: add_figures :exec
insert into jobs.minutes as known (minute, kind, figure, bucket, runs)
select minute, kind, figure, bucket, runs
from unnest($1::timestamptz[], $2::text[], $3::text[], $4::int2[], $5::int8[])
     as new (minute, kind, figure, bucket, runs)
on conflict (minute, kind, figure, bucket) do update set runs = known.runs + excluded.runs

-- name: forget_rates :exec
delete from jobs.rates where next_at < now()

-- name: forget_figures :exec
delete from jobs.minutes where minute < $1

-- name: lead :optional
update jobs.leader
set term = term + (holder <> $1)::int, holder = $1, until = now() + $2::float8 * interval '1 second'
where holder = $1 or until < now()
returning term

-- name: resign :exec
update jobs.leader set until = '-infinity' where holder = $1

-- name: schedule_due :optional
-- One worker wins. A next time that is further away than two spans comes from a clock that was set back.
insert into jobs.schedules as s (kind, next_at) values ($1, $3)
on conflict (kind) do update set next_at = excluded.next_at
where s.next_at <= $2 or s.next_at > $4
returning kind

-- name: hold_schedule :optional
select next_at from jobs.schedules where kind = $1 for update

-- name: set_schedule :exec
insert into jobs.schedules (kind, next_at) values ($1, $2)
on conflict (kind) do update set next_at = excluded.next_at

-- name: list_jobs :many
select id, kind, company_id, state, priority, attempts, max_attempts, cancel_wanted,
       coalesce(nullif(run_at, 'epoch'), enqueued_at), enqueued_at, started_at,
       ended_at, worker, error, traceparent, request_id, caused_by, impersonator
from jobs.jobs
where ($1::text is null or kind = $1) and ($2::text is null or state = $2) and ($3::uuid is null or company_id = $3)
  and ($4::uuid is null or id < $4)
order by id desc
limit $5

-- name: find_job :optional
select id, kind, company_id, state, priority, attempts, max_attempts, cancel_wanted,
       coalesce(nullif(run_at, 'epoch'), enqueued_at), enqueued_at, started_at,
       ended_at, worker, error, traceparent, request_id, caused_by, impersonator
from jobs.jobs
where id = $1

-- name: lock_job :optional
select state from jobs.jobs where id = $1 for update

-- name: failures_of :many
select f.attempt, f.at, f.error
from jobs.jobs j, jsonb_to_recordset(j.failures) as f (attempt integer, at timestamptz, error text)
where j.id = $1
order by f.at

-- name: run_again :exec
update jobs.jobs
set state = 'ready', run_at = $2, attempts = 0, ended_at = null, cancel_wanted = false
where id = $1 and state in ('ready', 'dead', 'discarded', 'cancelled')

-- name: cancel :exec
update jobs.jobs
set state = case when state = 'ready' then 'cancelled' else state end,
    ended_at = case when state = 'ready' then now() end,
    error = case when state = 'ready' then 'jobs.cancelled' else error end,
    cancel_wanted = true
where id = $1 and state in ('ready', 'running')

-- name: redrive :exec
-- Of several with one key one is enough, and none where one waits already: the rest stay as they are.
with chosen as (
    select distinct on (coalesce(d.key, d.id::text)) d.id
    from jobs.jobs d
    where d.kind = $1 and d.state = $2 and ($3::uuid is null or d.company_id = $3)
      and not exists (select from jobs.jobs w where w.state = 'ready' and w.kind = d.kind and w.key = d.key)
    order by coalesce(d.key, d.id::text), d.id
    limit $5::int8
)
update jobs.jobs j
set state = 'ready', run_at = $4, attempts = 0, ended_at = null, cancel_wanted = false
from chosen
where j.id = chosen.id

-- name: count_given_up :one
select count(*) from jobs.jobs where kind = $1 and state = $2 and ($3::uuid is null or company_id = $3)

-- name: list_kinds :many
select k.kind, k.timeout_s, k.max_running, k.max_running_per_company, k.max_per_minute, k.max_per_minute_per_company,
       k.paused_at,
       coalesce(n.ready, 0), coalesce(n.later, 0), coalesce(n.running, 0), coalesce(n.dead, 0), n.oldest
from jobs.kinds k
left join (
    select kind, count(*) filter (where state = 'ready' and run_at <= $1) as ready,
           count(*) filter (where state = 'ready' and run_at > $1) as later,
           count(*) filter (where state = 'running') as running,
           count(*) filter (where state = 'dead') as dead,
           min(coalesce(nullif(run_at, 'epoch'), enqueued_at)) filter (where state = 'ready' and run_at <= $1) as oldest
    from jobs.jobs group by kind) n on n.kind = k.kind
where $2::text is null or k.kind = $2
order by k.kind

-- name: figures_since :many
select kind, figure, bucket, sum(runs)::int8
from jobs.minutes
where minute >= $1 and ($2::text is null or kind = $2)
group by kind, figure, bucket
order by kind, figure, bucket

-- name: hold_kind :optional
select paused_at is null from jobs.kinds where kind = $1 for update

-- name: pause_kind :exec
update jobs.kinds set paused_at = $2 where kind = $1

-- name: resume_kind :exec
update jobs.kinds set paused_at = null where kind = $1

-- name: count_failing :one
select count(*) from jobs.jobs where concurrency_key = $1 and state = 'ready' and attempts >= $2

-- name: seconds_without_leader :one
-- One that never was, or resigned, is away since the database started.
select greatest(extract(epoch from now() - greatest(until, pg_postmaster_start_time())), 0)::float8 from jobs.leader
