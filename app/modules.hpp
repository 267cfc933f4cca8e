#pragma once

#include "app/settings.hpp"
#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/http/router.hpp"
#include "platform/jobs/events.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/metrics/metrics.hpp"
#include "platform/objects/objects.hpp"
#include "platform/openid/providers.hpp"
#include "platform/outbound/sender.hpp"
#include "platform/trail/trail.hpp"
#include "src/analytics/analytics.hpp"
#include "src/assets/assets.hpp"
#include "src/audit/audit.hpp"
#include "src/auth/accounts.hpp"
#include "src/auth/api_keys.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/identity_providers.hpp"
#include "src/auth/invitations.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/memberships.hpp"
#include "src/auth/notices.hpp"
#include "src/auth/open_sessions.hpp"
#include "src/auth/passkeys.hpp"
#include "src/auth/people.hpp"
#include "src/auth/provider_sign_in.hpp"
#include "src/auth/recoveries.hpp"
#include "src/auth/second_factor.hpp"
#include "src/auth/staff_members.hpp"
#include "src/auth/tokens.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/companies/companies.hpp"
#include "src/devices/devices.hpp"
#include "src/measurements/measurements.hpp"
#include "src/monitoring/alerts.hpp"
#include "src/monitoring/monitoring.hpp"
#include "src/webhooks/webhooks.hpp"

namespace mobilytics::app {

// What every room may be given.
struct Platform {
    async::Runtime& runtime;
    db::Database& database;            // as mobilytics_app
    db::Database& ingest_database;     // as mobilytics_ingest: INSERT on raw tables
    db::Database& reporting_database;  // as mobilytics_reporting: SELECT on what reports are made of
    clock::Clock& clock;
    jobs::Queue& queue;
    jobs::Events& events;
    trail::Trail& trail;
    objects::Objects& objects;
    const Settings& settings;
    mail::Mailer& mailer;
    std::string pages;  // where people reach them; links in letters begin with it
    const crypto::Sealer& sealer;
    outbound::Sender& sender;  // to where customers choose
    const http::Readiness& readiness;
    metrics::Registry& metrics;
};

// The rooms of src/, in reading order: each is given the platform and rooms above it.
struct Modules {
    explicit Modules(const Platform& platform);
    Modules(const Modules&) = delete;
    Modules& operator=(const Modules&) = delete;

    void add_routes(http::Router& router);
    void add_jobs(jobs::Runner& runner, const Settings& settings);

    mobilytics::auth::Auth auth;
    mobilytics::auth::ApiKeys keys;
    mobilytics::auth::Tokens tokens;
    mobilytics::auth::Letters letters;
    mobilytics::auth::Passkeys passkeys;
    mobilytics::auth::SecondFactor second_factor;
    mobilytics::auth::OpenSessions sessions;
    mobilytics::auth::Accounts accounts;
    mobilytics::auth::Invitations invitations;
    mobilytics::auth::Memberships memberships;
    mobilytics::auth::Notices notices;
    openid::Providers providers;
    mobilytics::auth::IdentityProviders identity_providers;
    mobilytics::auth::ProviderSignIn provider_sign_in;
    mobilytics::auth::People people;
    mobilytics::auth::StaffMembers staff;
    mobilytics::auth::Recoveries recoveries;
    mobilytics::audit::Audit audit;
    mobilytics::companies::Companies companies;
    mobilytics::assets::Assets assets;
    mobilytics::devices::Devices devices;
    mobilytics::campaigns::Campaigns campaigns;
    mobilytics::measurements::Measurements measurements;
    mobilytics::analytics::Analytics analytics;
    mobilytics::webhooks::Webhooks webhooks;
    mobilytics::monitoring::Monitoring monitoring;
    mobilytics::monitoring::Gauges gauges;
    mobilytics::monitoring::Alerts alerts;
};

}  // namespace mobilytics::app
