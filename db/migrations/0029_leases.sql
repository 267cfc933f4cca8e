-- A lease is renewed every few seconds: with an index on its end each renewal wrote to every index of the table. Those
-- that are over are found among the running, which are few.
drop index jobs.jobs_leases;
