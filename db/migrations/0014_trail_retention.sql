-- Where a company's chain begins once old events were let go: the last of them, whose hash the next one holds.
create table trail.anchors (
    company_id uuid primary key,
    sequence bigint not null check (sequence > 0),
    hash bytea not null check (length(hash) = 32)
);
select platform.protect('trail.anchors');
grant select on trail.anchors to mobilytics_app;

-- The server may let events go, from the first one on without a gap, and none that is younger than 90 days: whoever got
-- hold of the server's role cannot wipe out what they did. The anchor says where the chain begins from then on; that it
-- was there is what a signed checkpoint outside the database shows.
create function trail.prune(company uuid, up_to bigint, hash_there bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    happened_at timestamptz;
    gone bigint;
begin
    select at into happened_at from trail.events
    where company_id = company and sequence = up_to and hash = hash_there;
    if not found then
        raise exception 'no such event' using errcode = 'no_data_found';
    end if;
    if happened_at > now() - interval '90 days' then
        raise exception 'events stay for 90 days at least' using errcode = 'insufficient_privilege';
    end if;
    insert into trail.anchors values (company, up_to, hash_there)
    on conflict (company_id) do update set sequence = excluded.sequence, hash = excluded.hash;
    perform set_config('trail.pruning', 'on', true);
    delete from trail.events where company_id = company and sequence <= up_to;
    get diagnostics gone = row_count;
    perform set_config('trail.pruning', 'off', true);
    return gone;
end
$$;
revoke all on function trail.prune from public;
grant execute on function trail.prune to mobilytics_app;

-- Only the owner of the tables may let go of events, and only in the function above; others could set the switch too.
create or replace function trail.refuse_change() returns trigger
language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('trail.pruning', true) = 'on'
       and current_user = (select tableowner from pg_tables where schemaname = 'trail' and tablename = 'events') then
        return null;
    end if;
    raise exception 'events of the trail are neither changed nor deleted' using errcode = 'insufficient_privilege';
end
$$;
