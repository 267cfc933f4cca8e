-- What somebody of Mobilytics' own staff may do. Whoever was staff before roles may do all that staff may. The column
-- `staff` is kept beside it until no process reads it any more.
alter table auth.users add column staff_role text
    check (staff_role in ('support', 'fulfilment', 'finance', 'admin'));
update auth.users set staff_role = 'admin' where staff;
alter table auth.users add constraint users_staff_with_role check (staff or staff_role is null);
create index users_of_staff on auth.users (user_id) where staff_role is not null;

-- Companies that a person may enter, and what keeps them out there. One place for all who ask: signing in, entering,
-- and the statement that every request begins with.
create view auth.entrances with (security_invoker = true) as
    select m.company_id, m.user_id, m.role, m.created_at,
           exists (select from auth.suspensions s where s.company_id = m.company_id) as suspended,
           exists (select from auth.access_rules r where r.company_id = m.company_id)
               and not exists (select from auth.factor_holders h where h.user_id = m.user_id) as factor_missing
    from auth.memberships m;
grant select on auth.entrances to mobilytics_app;

-- A letter may bring back somebody who lost every factor; not shortly after its mailbox alone was enough for a new
-- password.
alter table auth.mailed_tokens drop constraint mailed_tokens_purpose_check;
alter table auth.mailed_tokens add constraint mailed_tokens_purpose_check
    check (purpose in ('password', 'email', 'recovery'));
alter table auth.users add column password_reset_at timestamptz;  -- when one was chosen by letter
