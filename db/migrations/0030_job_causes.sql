-- Whose request a job follows from, beside its trace, so that its log can be read with the request's. Printed ids, no
-- names.
alter table jobs.jobs
    add column request_id text not null default '',
    add column caused_by text not null default '',       -- the person, key or device
    add column impersonator text not null default '';    -- the member of staff behind the person

alter table jobs.batches
    add column request_id text not null default '',
    add column caused_by text not null default '',
    add column impersonator text not null default '';

create or replace function jobs.leave_batch() returns trigger
language plpgsql as $$
declare
    batch jobs.batches;
begin
    update jobs.batches b
    set open = b.open - 1, given_up = b.given_up + (tg_op = 'UPDATE')::int
    where b.batch_id = old.batch_id
    returning b.batch_id, b.open, b.given_up, b.kind, b.company_id, b.payload, b.priority, b.max_attempts,
              b.traceparent, b.request_id, b.caused_by, b.impersonator into batch;
    if batch.open = 0 then
        insert into jobs.jobs (id, kind, company_id, payload, run_at, max_attempts, priority, traceparent, request_id,
                               caused_by, impersonator)
        values (batch.batch_id, batch.kind, batch.company_id,
                (batch.payload::jsonb || jsonb_build_object('given_up', batch.given_up))::text,
                'epoch', batch.max_attempts, batch.priority, batch.traceparent, batch.request_id, batch.caused_by,
                batch.impersonator);
        delete from jobs.batches b where b.batch_id = batch.batch_id;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    new.batch_id := null;
    return new;
end
$$;
