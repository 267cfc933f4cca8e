-- Letters that somebody does not want. What has no row is sent.
create table auth.muted_notices (
    user_id uuid not null references auth.users,
    topic text not null,
    primary key (user_id, topic)
);
grant select, insert, delete on auth.muted_notices to mobilytics_app;

-- Of which end of the key its company was told.
alter table auth.api_keys add column told_of_end timestamptz;
