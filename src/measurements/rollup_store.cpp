#include <cstring>

#include "src/measurements/queries.hpp"
#include "src/measurements/store.hpp"

// Tracks and roll-ups: the other half of store.hpp.
namespace mobilytics::measurements::store {

namespace {

// A track state as stored: flags, then the fix, all in the machine's order (states never leave their database).
struct StoredState {
    std::int64_t last_at_ms = 0;
    std::int64_t stopped_since_ms = 0;
    double lat = 0;
    double lon = 0;
    double speed_mps = 0;
    std::uint8_t has_last = 0;
    std::uint8_t has_speed = 0;
    std::uint8_t has_stop = 0;
    std::uint8_t unused[5] = {};
};

db::Bytes to_bytes(const TrackState& state) {
    StoredState stored;
    if (state.last) {
        stored.has_last = 1;
        stored.last_at_ms = state.last->at.time_since_epoch().count();
        stored.lat = state.last->place.lat;
        stored.lon = state.last->place.lon;
        stored.has_speed = state.last->speed_mps.has_value();
        stored.speed_mps = state.last->speed_mps.value_or(0);
    }
    if (state.stopped_since) {
        stored.has_stop = 1;
        stored.stopped_since_ms = state.stopped_since->time_since_epoch().count();
    }
    db::Bytes bytes(sizeof stored);
    std::memcpy(bytes.data(), &stored, sizeof stored);
    return bytes;
}

TrackState from_bytes(const db::Bytes& bytes) {
    StoredState stored;
    if (bytes.size() != sizeof stored) throw std::logic_error{"a stored track state has another size"};
    std::memcpy(&stored, bytes.data(), sizeof stored);
    TrackState state;
    if (stored.has_last) {
        state.last = Fix{Instant{clock::Milliseconds{stored.last_at_ms}}, {stored.lat, stored.lon}, std::nullopt};
        if (stored.has_speed) state.last->speed_mps = stored.speed_mps;
    }
    if (stored.has_stop) state.stopped_since = Instant{clock::Milliseconds{stored.stopped_since_ms}};
    return state;
}

// Asset-hours, column by column.
struct AssetHourColumns {
    std::vector<ids::Uuid> assets;
    std::vector<Instant> hours;

    AssetHourColumns() = default;
    explicit AssetHourColumns(const std::vector<AssetAndHour>& all) {
        for (const auto& one : all) add(one);
    }
    void add(const AssetAndHour& one) {
        assets.push_back(one.asset);
        hours.push_back(one.hour);
    }
};

struct SpanColumns {
    std::vector<ids::Uuid> campaigns, assets;
    std::vector<Instant> from, to;
    std::vector<double> shares;
    std::array<std::vector<double>, 6> factors;

    explicit SpanColumns(const std::vector<CountingSpan>& spans) {
        for (const auto& span : spans) {
            campaigns.push_back(span.campaign);
            assets.push_back(span.asset);
            from.push_back(span.during.from);
            to.push_back(span.during.to);
            shares.push_back(span.share);
            for (std::size_t speed = 0; speed < factors.size(); ++speed)
                factors[speed].push_back(span.visibility[speed]);
        }
    }
};

double seconds(clock::Milliseconds span) { return std::chrono::duration<double>{span}.count(); }

}  // namespace

Task<std::vector<StateAtHour>> track_states(db::Session& session, CompanyId company,
                                            std::vector<AssetAndHour> boundaries) {
    struct Row {
        ids::Uuid asset;
        Instant hour;
        db::Bytes state;
    };
    const AssetHourColumns wanted{boundaries};
    std::vector<StateAtHour> states;
    for (const auto& row : co_await session.many<Row>(sql::track_states, company, wanted.assets, wanted.hours))
        states.push_back({{row.asset, row.hour}, from_bytes(row.state)});
    co_return states;
}

Task<void> save_track_states(db::Session& session, CompanyId company, std::vector<StateAtHour> states) {
    AssetHourColumns kept, emptied;
    std::vector<db::Bytes> bytes;
    for (const auto& [boundary, state] : states) {
        // The empty state is what a missing row means.
        (state == TrackState{} ? emptied : kept).add(boundary);
        if (state != TrackState{}) bytes.push_back(to_bytes(state));
    }
    if (!emptied.hours.empty()) co_await session.exec(sql::delete_track_states, company, emptied.assets, emptied.hours);
    if (!kept.hours.empty()) co_await session.exec(sql::save_track_states, company, kept.assets, kept.hours, bytes);
}

Task<void> replace_asset_hours(db::Session& session, CompanyId company, std::vector<AssetAndHour> touched,
                               std::vector<AssetHour> rows, std::vector<CountingSpan> spans) {
    if (touched.empty()) co_return;
    const AssetHourColumns former{touched};
    co_await session.exec(sql::delete_asset_hours, company, former.assets, former.hours);
    if (rows.empty()) co_return;
    std::vector<ids::Uuid> campaigns, assets;
    std::vector<Instant> hours;
    std::vector<double> parked, crawl, urban, fast, expected, covered;
    for (const auto& row : rows) {
        campaigns.push_back(row.campaign);
        assets.push_back(row.asset);
        hours.push_back(row.hour);
        parked.push_back(seconds(row.road.parked));
        crawl.push_back(seconds(row.road.crawl));
        urban.push_back(seconds(row.road.urban));
        fast.push_back(seconds(row.road.fast));
        expected.push_back(row.minutes_expected);
        covered.push_back(row.minutes_covered);
    }
    const auto [first, last] = std::ranges::minmax(hours);
    const SpanColumns s{spans};
    co_await session.exec(sql::insert_asset_hours, company, campaigns, assets, hours, parked, crawl, urban, fast,
                          expected, covered, s.campaigns, s.assets, s.from, s.to, s.shares, s.factors[0], s.factors[1],
                          s.factors[2], s.factors[3], s.factors[4], s.factors[5], first,
                          Instant{last + std::chrono::hours{1}});
}

Task<void> replace_cell_hours(db::Session& session, CompanyId company, std::vector<Instant> hours,
                              std::vector<CountingSpan> spans) {
    if (hours.empty()) co_return;
    const auto [first, last] = std::ranges::minmax(hours);
    co_await session.exec(sql::delete_cell_hours, company, hours);
    co_await session.exec(sql::delete_unattached_hours, company, hours);
    const SpanColumns s{spans};
    co_await session.exec(sql::insert_cell_hours, company, s.campaigns, s.assets, s.from, s.to, s.shares, s.factors[0],
                          s.factors[1], s.factors[2], s.factors[3], s.factors[4], s.factors[5], hours, first,
                          Instant{last + std::chrono::hours{1}});
    co_await session.exec(sql::insert_unattached_hours, company, hours);
}

Task<std::vector<AssetAndHour>> asset_hours_with_rows(db::Session& session, CompanyId company,
                                                      std::vector<AssetAndHour> hours) {
    const AssetHourColumns asked{hours};
    co_return co_await session.many<AssetAndHour>(sql::asset_hours_with_rows, company, asked.assets, asked.hours);
}

Task<std::optional<Instant>> first_hour_of(db::Session& session, CompanyId company, ids::Uuid asset) {
    co_return co_await session.one<std::optional<Instant>>(sql::first_hour_of_asset, company, asset);
}

Task<void> group_by_sorting(db::Session& session) { co_await session.exec(sql::group_by_sorting); }

Task<Version> lock_version(db::Session& session, CompanyId company, Instant now) {
    co_return co_await session.one<Version>(sql::lock_version, company, now, clock::floor_hour(now));
}

Task<void> advance_opened_to(db::Session& session, CompanyId company, Instant to) {
    co_await session.exec(sql::advance_opened_to, company, to);
}

Task<void> advance_version(db::Session& session, CompanyId company, Instant now) {
    co_await session.exec(sql::advance_version, company, now);
}

Task<std::vector<VisibilityFactor>> visibility_factors(db::Session& session) {
    co_return co_await session.many<VisibilityFactor>(sql::visibility_factors);
}

db::Statement last_positions(CompanyId company) { return db::bind(sql::last_positions, company); }

Task<void> erase_raw(db::Session& session, ids::Uuid device, Window span) {
    co_await session.run(db::bind(sql::erase_raw, device, span.from, span.to));
}

Task<void> forget_batches(db::Session& session, Instant before) { co_await session.exec(sql::forget_batches, before); }

Task<std::vector<CompanyId>> companies_to_open(db::Session& session, Instant hour) {
    std::vector<CompanyId> companies;
    for (const auto& id : co_await session.many<ids::Uuid>(sql::companies_to_open, hour))
        companies.push_back(CompanyId{id});
    co_return companies;
}

}  // namespace mobilytics::measurements::store
