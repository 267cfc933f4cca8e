-- name: insert_campaign :exec
insert into campaigns.campaigns
    (company_id, campaign_id, name, advertiser, state, flight, zone, goal_impressions, version, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: update_campaign :exec
update campaigns.campaigns
set name = $3, advertiser = $4, state = $5, flight = $6, zone = $7, goal_impressions = $8, version = $9
where company_id = $1 and campaign_id = $2;

-- name: touch_campaign :exec
update campaigns.campaigns set version = version + 1 where company_id = $1 and campaign_id = $2;

-- name: insert_daypart :exec
insert into campaigns.dayparts (company_id, campaign_id, ordinal, weekdays, start_minute, end_minute)
values ($1, $2, $3, $4, $5, $6);

-- name: delete_dayparts :exec
delete from campaigns.dayparts where company_id = $1 and campaign_id = $2;

-- Not "for update": rows that only point to the campaign may come meanwhile.
-- name: hold_campaign :optional
select campaign_id from campaigns.campaigns where company_id = $1 and campaign_id = $2 for no key update;

-- Campaigns come with a row per daypart, and one row with nulls where there is none.
-- name: find_campaign :many
select c.campaign_id, c.name, c.advertiser, c.state, c.flight, c.zone, c.goal_impressions, c.version, c.created_at,
       (select count(distinct a.asset_id) from campaigns.assignments a
        where a.company_id = c.company_id and a.campaign_id = c.campaign_id),
       d.weekdays, d.start_minute, d.end_minute
from campaigns.campaigns c
left join campaigns.dayparts d on d.company_id = c.company_id and d.campaign_id = c.campaign_id
where c.company_id = $1 and c.campaign_id = $2
order by d.ordinal;

-- name: list_campaigns :many
with page as (
    select company_id, campaign_id, name, advertiser, state, flight, zone, goal_impressions, version, created_at
    from campaigns.campaigns
    where company_id = $1
      and ($2::text is null or state = $2)
      and ($3::text is null or strpos(lower(name), lower($3)) > 0 or strpos(lower(advertiser), lower($3)) > 0)
      and ($4::uuid is null or campaign_id < $4)
    order by campaign_id desc
    limit $5)
select p.campaign_id, p.name, p.advertiser, p.state, p.flight, p.zone, p.goal_impressions, p.version, p.created_at,
       (select count(distinct a.asset_id) from campaigns.assignments a
        where a.company_id = p.company_id and a.campaign_id = p.campaign_id),
       d.weekdays, d.start_minute, d.end_minute
from page p
left join campaigns.dayparts d on d.company_id = p.company_id and d.campaign_id = p.campaign_id
order by p.campaign_id desc, d.ordinal;

-- The lock on a face's shares: the row is there to be locked.
-- name: book_face :exec
insert into campaigns.booked_faces (company_id, face_id) values ($1, $2) on conflict do nothing;

-- name: hold_face :one
select face_id from campaigns.booked_faces where company_id = $1 and face_id = $2 for update;

-- name: insert_assignment :exec
insert into campaigns.assignments
    (company_id, assignment_id, campaign_id, face_id, asset_id, during, share, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: update_assignment :exec
update campaigns.assignments set during = $3, share = $4 where company_id = $1 and assignment_id = $2;

-- name: delete_assignment :exec
delete from campaigns.assignments where company_id = $1 and assignment_id = $2;

-- name: find_assignment :many
select assignment_id, campaign_id, face_id, asset_id, during, share
from campaigns.assignments
where company_id = $1 and assignment_id = $2;

-- name: list_assignments :many
select assignment_id, campaign_id, face_id, asset_id, during, share
from campaigns.assignments
where company_id = $1 and campaign_id = $2 and ($3::uuid is null or assignment_id < $3)
order by assignment_id desc
limit $4;

-- name: booked_of_face :many
select assignment_id, campaign_id, face_id, asset_id, during, share
from campaigns.assignments
where company_id = $1 and face_id = $2 and during && $3 and assignment_id <> $4;

-- What still runs or is to come at an instant.
-- name: drop_later_assignments :exec
delete from campaigns.assignments where company_id = $1 and campaign_id = $2 and lower(during) >= $3;

-- name: end_running_assignments :exec
update campaigns.assignments set during = tstzrange(lower(during), $3)
where company_id = $1 and campaign_id = $2 and during @> $3::timestamptz and lower(during) < $3;

-- name: flights_within :many
select c.campaign_id, c.flight, c.zone, d.weekdays, d.start_minute, d.end_minute
from campaigns.campaigns c
left join campaigns.dayparts d on d.company_id = c.company_id and d.campaign_id = c.campaign_id
where c.company_id = $1 and c.flight && $2
order by c.campaign_id, d.ordinal;

-- name: assignments_within :many
select assignment_id, campaign_id, face_id, asset_id, during, share
from campaigns.assignments
where company_id = $1 and during && $2
order by campaign_id, asset_id, face_id, lower(during);

-- name: count_campaigns :one
-- No further than is asked for.
select count(*) from (select from campaigns.campaigns where company_id = $1 limit $2) as counted;
