#pragma once

#include "app/settings.hpp"
#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/http/router.hpp"
#include "platform/jobs/events.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/objects/objects.hpp"
#include "platform/trail/trail.hpp"
#include "src/analytics/analytics.hpp"
#include "src/assets/assets.hpp"
#include "src/audit/audit.hpp"
#include "src/auth/auth.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/companies/companies.hpp"
#include "src/devices/devices.hpp"
#include "src/measurements/measurements.hpp"

namespace mobilytics::app {

// What every room may be given.
struct Platform {
    async::Runtime& runtime;
    db::Database& database;         // as mobilytics_app
    db::Database& ingest_database;  // as mobilytics_ingest: INSERT on raw tables
    clock::Clock& clock;
    jobs::Queue& queue;
    jobs::Events& events;
    trail::Trail& trail;
    objects::Objects& objects;
    const Settings& settings;
};

// The rooms of src/, in reading order: each is given the platform and rooms above it.
struct Modules {
    explicit Modules(const Platform& platform);
    Modules(const Modules&) = delete;
    Modules& operator=(const Modules&) = delete;

    void add_routes(http::Router& router);
    void add_jobs(jobs::Runner& runner);

    mobilytics::auth::Auth auth;
    mobilytics::audit::Audit audit;
    mobilytics::companies::Companies companies;
    mobilytics::assets::Assets assets;
    mobilytics::devices::Devices devices;
    mobilytics::campaigns::Campaigns campaigns;
    mobilytics::measurements::Measurements measurements;
    mobilytics::analytics::Analytics analytics;
};

}  // namespace mobilytics::app
