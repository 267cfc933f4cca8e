-- Runners clear away what done jobs leave behind, as soon as it is worth it.
grant maintain on jobs.jobs to mobilytics_app;
