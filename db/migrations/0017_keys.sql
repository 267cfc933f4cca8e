-- What a key is kept to, how its secret changes without a gap, and when its refusal was last told.

alter table auth.api_keys
    add column scopes text[] check (cardinality(scopes) > 0),        -- null: all that its role holds
    add column addresses cidr[] check (cardinality(addresses) > 0),  -- null: from anywhere
    add column expires_at timestamptz,
    add column previous_sha256 bytea check (length(previous_sha256) = 32),
    add column previous_until timestamptz,
    add column refused_at timestamptz;

alter table auth.staff_keys add column expires_at timestamptz;
update auth.staff_keys set expires_at = now() + interval '90 days';
alter table auth.staff_keys alter column expires_at set not null;
