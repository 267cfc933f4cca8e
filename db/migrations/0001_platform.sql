-- Scope of a transaction. The server sets app.company_id and app.scope with set_config(..., true) ahead of the first
-- statement; after the transaction they read as empty strings, hence nullif. Without them no tenant row is visible.
create schema platform;

create function platform.current_company() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.company_id', true), '')::uuid;

create function platform.is_system() returns boolean
language sql stable parallel safe
return coalesce(current_setting('app.scope', true), '') = 'system';

-- Puts a tenant table behind the second wall: row-level security, forced, failing closed.
create function platform.protect(tenant_table regclass) returns void
language plpgsql as $$
begin
    execute format('alter table %s enable row level security', tenant_table);
    execute format('alter table %s force row level security', tenant_table);
    execute format(
        'create policy company_rows on %s '
        'using (company_id = (select platform.current_company()) or (select platform.is_system())) '
        'with check (company_id = (select platform.current_company()) or (select platform.is_system()))',
        tenant_table);
end
$$;

-- The one place where a time-partitioned table is made, so that a shard on an engine without hypertables changes
-- one function. Chunks of a week hold a fleet's raw data without thousands of tables.
create function platform.make_time_partitioned(stream_table regclass, time_column name, chunk interval) returns void
language plpgsql as $$
begin
    perform create_hypertable(stream_table, by_range(time_column, chunk), create_default_indexes => false);
end
$$;

grant usage on schema platform to mobilytics_app, mobilytics_ingest;
