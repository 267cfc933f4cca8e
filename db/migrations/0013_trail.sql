create schema trail;
grant usage on schema trail to mobilytics_app;

-- What was done, by whom, from where. company_id is nil for what belongs to no company. `changes` is JSON, kept as
-- text: the hash is taken over its very bytes.
create table trail.events (
    company_id uuid not null,
    sequence bigint not null check (sequence > 0),  -- without a gap within a company
    event_id uuid not null,
    at timestamptz not null,
    actor_kind text not null,
    actor_id text not null,
    actor_label text not null,
    impersonator text not null,
    session_id text not null,
    method text not null,
    address text not null,
    user_agent text not null,
    request_id text not null,
    trace_id text not null,
    action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    resource_id text not null,
    resource_label text not null,
    changes text not null,
    outcome text not null check (outcome in ('success', 'refused')),
    reason text not null,
    version smallint not null,                      -- of the form that is hashed
    hash bytea not null check (length(hash) = 32),  -- over this row and the hash before
    primary key (company_id, sequence)
);
create index events_by_time on trail.events (company_id, at, sequence);
create index events_of_resource on trail.events (company_id, resource_id, sequence);
create index events_of_actor on trail.events (company_id, actor_id, sequence);
select platform.protect('trail.events');

-- The last event of each company, so that a tail that was cut off shows.
create table trail.heads (
    company_id uuid primary key,
    sequence bigint not null,
    hash bytea not null
);
select platform.protect('trail.heads');

-- Nobody changes or takes away an event, whatever role the server has: the wall in front of the hashes.
create function trail.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'events of the trail are neither changed nor deleted' using errcode = 'insufficient_privilege';
end
$$;
create trigger events_stay before update or delete or truncate on trail.events
    for each statement execute function trail.refuse_change();

grant select, insert on trail.events to mobilytics_app;
grant select, insert, update on trail.heads to mobilytics_app;
