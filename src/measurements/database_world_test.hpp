#pragma once

#include <format>

#include "platform/jobs/events.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/testing/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/measurements/measurements.hpp"
#include "src/measurements/reference_rollup_test.hpp"

// A test world in a real database, and what the product made of it.
namespace mobilytics::measurements::testing {

// The rooms that measurement stands on, put together as modules.cpp does.
struct Rooms {
    Rooms(async::Runtime& runtime, db::Database& database, db::Database& ingest, clock::Clock& clock)
        : trail{clock},
          auth{database,
               clock,
               runtime,
               trail,
               [this](std::vector<CompanyId> companies_wanted) { return companies.cards(std::move(companies_wanted)); },
               nullptr,
               nullptr},
          companies{database, clock, events, trail, auth, {}},
          assets{database, clock, events, trail},
          devices{database, clock, events, trail, assets},
          campaigns{database, clock, events, trail, assets, companies},
          measurements{runtime, database, ingest, clock, queue, trail, companies, assets, devices, campaigns} {
        subscribe(events);
    }

    jobs::Queue queue;
    jobs::Events events{queue};
    trail::Trail trail;
    auth::Auth auth;
    companies::Companies companies;
    assets::Assets assets;
    devices::Devices devices;
    campaigns::Campaigns campaigns;
    Measurements measurements;
};

inline std::string quoted(const ids::Uuid& uuid) { return "'" + ids::to_hex(uuid) + "'"; }
inline std::string quoted(Instant at) { return "'" + clock::to_rfc3339(at) + "'"; }
inline std::string span(const Window& window) {
    const bool open = window.to >= clock::far_future;
    return std::format("tstzrange({},{})", quoted(window.from), open ? "null" : quoted(window.to));
}

// Inserts everything of the world but its raw records. The dated expected interval of a device becomes its model's one.
inline std::string insert_world(const CompanyId& company, World& world) {
    std::string sql;
    const auto own = quoted(company.uuid);
    const auto add = [&]<class... A>(std::format_string<A...> text, A&&... values) {
        sql += std::format(text, std::forward<A>(values)...) + ";\n";
    };
    const std::string now = quoted(Instant{});
    add("insert into companies.companies (company_id, name, zone, country, created_at) values ({}, 'World', "
        "'America/Toronto', 'CA', {})",
        own, now);
    for (const auto& policy : world.parked_policies)
        add("insert into companies.parked_policies values ({}, {}, '{}', {}) on conflict (company_id, "
            "effective_from) do update "
            "set kind = excluded.kind, cap_minutes = excluded.cap_minutes",
            own, quoted(policy.from), json::name_of(policy.value.rule), policy.value.limit.count());
    for (auto& device : world.devices) {
        const auto id = quoted(device.id);
        const auto interval =
            device.expected_interval.empty() ? std::chrono::seconds{60} : device.expected_interval.front().value;
        device.expected_interval.assign(1, {Instant{}, interval});
        add("insert into devices.models values ({}, {}, {}, {})", id, id, interval.count(), now);
        for (const auto& one : device.model_calibrations)
            add("insert into devices.model_calibrations values ({}, gen_random_uuid(), {}, {}, {}, {}, "
                "'count', 'test') on conflict "
                "(model_id, effective_from) do update set factor = excluded.factor, low = excluded.low, high "
                "= excluded.high",
                id, quoted(one.from), one.value.factor, one.value.low, one.value.high);
        add("insert into devices.devices (company_id, device_id, model_id, serial, name, state, created_at) "
            "values ({}, {}, {}, {}, "
            "'d', 'active', {})",
            own, id, id, id, now);
        for (const auto& one : device.near_dbm)
            add("insert into devices.near_thresholds values ({}, {}, {}, {}) on conflict (company_id, "
                "device_id, effective_from) do "
                "update set near_dbm = excluded.near_dbm",
                own, id, quoted(one.from), one.value);
        for (const auto& one : device.calibrations)
            add("insert into devices.calibrations values ({}, {}, gen_random_uuid(), {}, {}, {}, {}, "
                "'count', 'test') on conflict "
                "(company_id, device_id, effective_from) do update set factor = excluded.factor, low = "
                "excluded.low, "
                "high = excluded.high",
                own, id, quoted(one.from), one.value.factor, one.value.low, one.value.high);
    }
    for (const auto& asset : world.assets) {
        const auto id = quoted(asset.id);
        if (asset.point)
            add("insert into assets.assets (company_id, asset_id, kind, name, lat, lon, created_at) values "
                "({}, {}, 'billboard', 'b', "
                "{}, {}, {})",
                own, id, asset.point->lat, asset.point->lon, now);
        else
            add("insert into assets.assets (company_id, asset_id, kind, name, created_at) values ({}, {}, "
                "'vehicle', 'v', {})",
                own, id, now);
        for (const auto& face : asset.faces)
            add("insert into assets.faces values ({}, {}, {}, {}, '{}', '{}', {})", own, quoted(face.id), id,
                quoted(face.id), face.format, face.placement, now);
    }
    for (const auto& one : world.attachments)
        add("insert into devices.attachments (company_id, attachment_id, device_id, asset_id, position, "
            "during, created_at) values ({}, "
            "gen_random_uuid(), {}, {}, {}, {}, {})",
            own, quoted(one.device), quoted(one.asset), quoted(one.device), span(one.during), now);
    return sql;
}

inline std::string insert_campaigns(const CompanyId& company, const World& world) {
    std::string sql;
    const auto own = quoted(company.uuid);
    for (const auto& campaign : world.campaigns) {
        sql += std::format(
            "insert into campaigns.campaigns (company_id, campaign_id, name, flight, zone, created_at) "
            "values ({}, {}, "
            "'c', tstzrange({}, {}), '{}', {});\n",
            own, quoted(campaign.id), quoted(campaign.flight.from), quoted(campaign.flight.to), campaign.zone,
            quoted(Instant{}));
        int ordinal = 0;
        for (const auto& part : campaign.dayparts) {
            std::string days;
            for (const auto day : part.weekdays) days += (days.empty() ? "" : ",") + std::to_string(day);
            sql += std::format("insert into campaigns.dayparts values ({}, {}, {}, array[{}]::smallint[], {}, {});\n",
                               own, quoted(campaign.id), ordinal++, days, part.start.count(), part.end.count());
        }
    }
    for (const auto& one : world.assignments) {
        ids::Uuid asset;
        for (const auto& candidate : world.assets)
            for (const auto& face : candidate.faces)
                if (face.id == one.face) asset = candidate.id;
        sql += std::format(
            "insert into campaigns.assignments (company_id, assignment_id, campaign_id, face_id, asset_id, "
            "during, share, "
            "created_at) values ({}, gen_random_uuid(), {}, {}, {}, {}, {}, {});\n",
            own, quoted(one.campaign), quoted(one.face), quoted(asset), span(one.during), one.share, quoted(Instant{}));
    }
    for (const auto& one : world.visibility)
        for (int speed = 0; speed < 6; ++speed)
            if (one.speed == text(static_cast<SpeedClass>(speed)))
                sql += std::format(
                    "insert into measurements.visibility values (1, '{}', '{}', {}, {}) on conflict do "
                    "nothing;\n",
                    one.format, one.placement, speed, one.value);
    return sql;
}

// Streams hold 4-byte reals; the tests' records are what a stored record reads as.
inline void round_to_stored(World& world) {
    const auto stored = [](std::optional<double>& value) {
        if (value) value = static_cast<double>(static_cast<float>(*value));
    };
    for (auto& position : world.positions) {
        stored(position.speed_mps);
        stored(position.heading_deg);
        stored(position.accuracy_m);
    }
}

inline Records records_of(const World& world) {
    Records records{.positions = world.positions, .sightings = {}, .heartbeats = {}};
    for (const auto& one : world.sightings) records.sightings.push_back({one.device, one.sighting, std::nullopt});
    for (const auto& one : world.heartbeats) records.heartbeats.push_back({one.device, one.at, "1.0", {}, {}, {}});
    return records;
}

}  // namespace mobilytics::measurements::testing
