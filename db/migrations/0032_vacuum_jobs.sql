-- Runners clear away what done jobs leave behind, as soon as it is worth it. PostgreSQL knows no narrower right: by it
-- the role of the server could lock this table too, whose every row it may change and delete anyway.
grant maintain on jobs.jobs to mobilytics_app;
