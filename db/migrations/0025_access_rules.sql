-- A company may ask a second factor of its members: who has none gets in, and may do nothing there until they add one.
create table auth.access_rules (
    company_id uuid primary key references companies.companies,
    factor_asked_since timestamptz not null
);
select platform.protect('auth.access_rules');
grant select, insert, delete on auth.access_rules to mobilytics_app;

-- People who sign in with two factors: an app that showed a code, or a passkey.
create view auth.factor_holders with (security_invoker = true) as
    select user_id from auth.second_factors where confirmed_at is not null
    union all
    select user_id from auth.passkeys;
grant select on auth.factor_holders to mobilytics_app;
