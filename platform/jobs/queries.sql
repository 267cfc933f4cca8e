-- name: enqueue :one
-- The update changes nothing but the time; it is there for its lock, so that a waiting job with this key cannot be
-- taken before the caller's changes are visible to it.
insert into jobs.jobs as waiting
    (id, kind, company_id, payload, run_at, key, concurrency_key, max_attempts, traceparent)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (kind, key) where state = 'ready' and key is not null
do update set run_at = least(waiting.run_at, excluded.run_at)
returning id

-- name: take :many
-- Due jobs, oldest first, at most one per concurrency key, and none whose key runs already. Two takers can still meet
-- on a key; then the unique index refuses one of them, which tries again.
with due as (
    select j.id, j.concurrency_key, j.run_at
    from jobs.jobs j
    where j.state = 'ready' and j.run_at <= $1 and j.kind = any ($2)
      and not exists (
          select 1 from jobs.jobs r where r.state = 'running' and r.concurrency_key = j.concurrency_key)
    order by j.run_at, j.id
    limit $3::int8
    for update skip locked
), mine as (
    select distinct on (coalesce(concurrency_key, id::text)) id
    from due
    order by coalesce(concurrency_key, id::text), run_at, id
)
update jobs.jobs j
set state = 'running', lease = j.lease + 1, attempts = j.attempts + 1, worker = $4,
    leased_until = now() + $5::float8 * interval '1 second'
from mine
where j.id = mine.id
returning j.id, j.kind, j.company_id, j.payload, j.attempts, j.max_attempts, j.lease, j.traceparent

-- name: keep :many
update jobs.jobs j
set leased_until = now() + $3::float8 * interval '1 second'
from unnest($1::uuid[], $2::int8[]) as held (id, lease)
where j.id = held.id and j.lease = held.lease and j.state = 'running'
returning j.id

-- name: finish :exec
delete from jobs.jobs where id = $1 and lease = $2 and state = 'running'

-- name: put_back :exec
update jobs.jobs
set state = 'ready', leased_until = null, run_at = $3, error = $4, attempts = attempts - $5::int4
where id = $1 and lease = $2 and state = 'running'

-- name: end_without_success :exec
update jobs.jobs set state = $3, leased_until = null, error = $4, ended_at = now()
where id = $1 and lease = $2 and state = 'running'

-- name: drop_superseded :exec
-- Its worker is gone and a job with the same key waits: that one does the work.
delete from jobs.jobs lost
where lost.state = 'running' and lost.leased_until < now()
  and exists (select 1 from jobs.jobs w where w.state = 'ready' and w.kind = lost.kind and w.key = lost.key)

-- name: rescue :exec
-- The lease number stays: a worker that wakes up again names it, but the state is no longer running, and the next
-- taking counts it up.
update jobs.jobs
set state = case when attempts >= max_attempts then 'dead' else 'ready' end,
    ended_at = case when attempts >= max_attempts then now() end,
    leased_until = null, error = 'its worker disappeared'
where id in (
    select id from jobs.jobs where state = 'running' and leased_until < now()
    order by leased_until limit 100 for update skip locked)

-- name: forget_discarded :exec
delete from jobs.jobs where state = 'discarded' and ended_at < now() - $1::float8 * interval '1 second'

-- name: schedule_due :optional
-- One worker wins. A next time that is further away than two spans comes from a clock that was set back.
insert into jobs.schedules as s (kind, next_at) values ($1, $3)
on conflict (kind) do update set next_at = excluded.next_at
where s.next_at <= $2 or s.next_at > $4
returning kind
