#include "src/measurements/store.hpp"

#include <map>

#include "src/measurements/queries.hpp"

namespace mobilytics::measurements::store {

namespace {

db::Bytes bytes_of(const Sha256& hash) { return {hash.begin(), hash.end()}; }

std::optional<float> real(const std::optional<double>& value) {
    if (!value) return std::nullopt;
    return static_cast<float>(*value);
}

std::optional<double> wide(const std::optional<float>& value) {
    if (!value) return std::nullopt;
    return static_cast<double>(*value);
}

struct Extent {
    std::optional<Instant> first;
    std::optional<Instant> last;
};

// Rows of measurements.dirty, column by column.
struct Marks {
    std::vector<ids::Uuid> companies, marks;
    std::vector<std::optional<ids::Uuid>> devices, assets;
    std::vector<Instant> from, to;
    std::vector<bool> positions, visits, coverage;

    void add(CompanyId company, const std::vector<DirtySpan>& spans) {
        for (const auto& dirt : spans) {
            companies.push_back(company.uuid);
            marks.push_back(ids::new_uuid());
            devices.push_back(dirt.device);
            assets.push_back(dirt.asset);
            from.push_back(dirt.span.from);
            to.push_back(dirt.span.to);
            positions.push_back(dirt.positions);
            visits.push_back(dirt.visits);
            coverage.push_back(dirt.coverage);
        }
    }
};

Task<void> insert(db::Session& session, Marks rows, Instant now) {
    if (rows.marks.empty()) co_return;
    co_await session.exec(sql::insert_dirty, rows.companies, rows.marks, rows.devices, rows.assets, rows.from, rows.to,
                          rows.positions, rows.visits, rows.coverage, std::vector<Instant>(rows.marks.size(), now));
}

// One for each run of a device's hours that follow each other.
std::vector<db::Statement> deletions(CompanyId company, const VisitsByHour& visits) {
    constexpr std::chrono::hours one_hour{1};
    std::vector<db::Statement> statements;
    for (auto first = visits.begin(); first != visits.end();) {
        const auto device = first->first.device;
        const Instant from = first->first.hour;
        Instant to = from;
        for (; first != visits.end() && first->first == DeviceAndHour{device, to}; ++first) to += one_hour;
        statements.push_back(db::bind(sql::delete_visits, company, device, from, to));
    }
    return statements;
}

}  // namespace

Task<std::vector<bool>> insert_batches(db::Session& session, std::vector<const BatchToStore*> batches, Instant now) {
    std::vector<ids::Uuid> companies, senders;
    std::vector<std::string> names, answers;
    std::vector<db::Bytes> hashes;
    for (const auto* batch : batches) {
        companies.push_back(batch->company.uuid);
        senders.push_back(batch->sender);
        names.push_back(batch->batch);
        hashes.push_back(bytes_of(batch->body_sha256));
        answers.push_back(batch->answer);
    }
    struct Key {
        ids::Uuid company;
        ids::Uuid sender;
        std::string batch;
        auto operator<=>(const Key&) const = default;
    };
    const auto inserted = co_await session.many<Key>(sql::insert_batches, companies, senders, names, hashes, answers,
                                                     std::vector<Instant>(batches.size(), now));
    std::map<Key, int> news;
    for (const auto& key : inserted) news[key] = 1;
    std::vector<bool> fresh;
    for (const auto* batch : batches) {
        auto found = news.find(Key{batch->company.uuid, batch->sender, batch->batch});
        fresh.push_back(found != news.end() && found->second-- > 0);  // the second of two equal ones is a repeat
    }
    co_return fresh;
}

Task<void> insert_records(db::Session& session, std::vector<const BatchToStore*> batches, Instant now) {
    db::CopyRows positions, sightings, heartbeats;
    for (const auto* batch : batches) {
        const auto company = batch->company.uuid;
        for (const auto& position : batch->records.positions)
            positions.add(company, position.device, position.at, position.lat, position.lon, real(position.speed_mps),
                          real(position.heading_deg), real(position.accuracy_m));
        for (const auto& seen : batch->records.sightings)
            sightings.add(company, seen.device, seen.sighting.at, static_cast<std::int64_t>(seen.sighting.visitor),
                          seen.sighting.rssi_dbm, seen.randomized);
        for (const auto& beat : batch->records.heartbeats)
            heartbeats.add(company, beat.device, beat.at, beat.firmware, real(beat.battery), real(beat.temperature),
                           beat.queue_depth);
    }
    if (sightings.rows() > 0) co_await session.copy_in(sql::copy_sightings, sightings);
    if (positions.rows() > 0) co_await session.copy_in(sql::copy_positions, positions);
    if (heartbeats.rows() > 0) co_await session.copy_in(sql::copy_heartbeats, heartbeats);
    Marks marks;
    for (const auto* batch : batches) marks.add(batch->company, touched_spans(batch->records));
    co_await insert(session, std::move(marks), now);
}

db::Statement find_batch(CompanyId company, ids::Uuid sender, const std::string& batch) {
    return db::bind(sql::find_batch, company, sender, batch);
}

Task<void> mark(db::Session& session, CompanyId company, std::vector<DirtySpan> spans, Instant now) {
    Marks marks;
    marks.add(company, spans);
    co_await insert(session, std::move(marks), now);
}

Task<std::vector<DirtyMark>> oldest_marks(db::Session& session, CompanyId company, std::int32_t most) {
    struct Row {
        ids::Uuid id;
        std::optional<ids::Uuid> device;
        std::optional<ids::Uuid> asset;
        Instant from;
        Instant to;
        bool positions;
        bool visits;
        bool coverage;
    };
    std::vector<DirtyMark> marks;
    for (const auto& row : co_await session.many<Row>(sql::oldest_dirty, company, std::int64_t{most}))
        marks.push_back({row.id, {row.device, row.asset, {row.from, row.to}, row.positions, row.visits, row.coverage}});
    co_return marks;
}

Task<void> clear_marks(db::Session& session, CompanyId company, std::vector<ids::Uuid> marks) {
    co_await session.exec(sql::delete_dirty, company, marks);
}

db::Statement marks_waiting() { return db::bind(sql::marks_waiting); }

Task<std::vector<CompanyId>> companies_with_work(db::Session& session) {
    std::vector<CompanyId> companies;
    for (const auto& id : co_await session.many<ids::Uuid>(sql::companies_with_work))
        companies.push_back(CompanyId{id});
    co_return companies;
}

Task<std::vector<Sighting>> sightings(db::Session& session, ids::Uuid device, Window span) {
    struct Row {
        Instant at;
        std::int64_t visitor;
        std::int16_t rssi_dbm;
    };
    const auto rows = co_await session.many<Row>(sql::read_sightings, device, span.from, span.to);
    std::vector<Sighting> found;
    found.reserve(rows.size());
    for (const auto& row : rows) found.push_back({row.at, Visitor{row.visitor}, row.rssi_dbm});
    co_return found;
}

Task<std::vector<Position>> positions(db::Session& session, ids::Uuid device, Window span) {
    struct Row {
        Instant at;
        double lat;
        double lon;
        std::optional<float> speed_mps;
        std::optional<float> heading_deg;
        std::optional<float> accuracy_m;
    };
    std::vector<Position> found;
    for (const auto& row : co_await session.many<Row>(sql::read_positions, device, span.from, span.to))
        found.push_back(
            {device, row.at, row.lat, row.lon, wide(row.speed_mps), wide(row.heading_deg), wide(row.accuracy_m)});
    co_return found;
}

Task<std::vector<Instant>> heartbeats(db::Session& session, ids::Uuid device, Window span) {
    co_return co_await session.many<Instant>(sql::read_heartbeats, device, span.from, span.to);
}

Task<void> forget_last_position(db::Session& session, CompanyId company, ids::Uuid device, Window span) {
    co_await session.exec(sql::forget_last_position, company, device, span.from, span.to);
}

Task<Window> raw_extent(db::Session& session, ids::Uuid device) {
    const auto extent = co_await session.one<Extent>(sql::raw_extent, device);
    if (!extent.first) co_return Window{};
    co_return Window{*extent.first, *extent.last + clock::Milliseconds{1}};
}

Task<std::vector<LatestReport>> latest_reports(db::Session& session, std::vector<ids::Uuid> devices, Instant since) {
    co_return co_await session.many<LatestReport>(sql::latest_reports, devices, since);
}

Task<void> save_last_positions(db::Session& session, CompanyId company, std::vector<LatestReport> reports) {
    std::vector<ids::Uuid> devices;
    std::vector<Instant> at;
    std::vector<double> lat, lon;
    std::vector<std::optional<float>> speeds, headings;
    for (const auto& report : reports) {
        if (!report.fix_at) continue;
        devices.push_back(report.device);
        at.push_back(*report.fix_at);
        lat.push_back(*report.lat);
        lon.push_back(*report.lon);
        speeds.push_back(report.speed_mps);
        headings.push_back(report.heading_deg);
    }
    if (!devices.empty())
        co_await session.exec(sql::save_last_positions, company, devices, at, lat, lon, speeds, headings);
}

Task<std::vector<AssetAndHour>> replace_visits(db::Session& session, CompanyId company, VisitsByHour visits) {
    std::vector<ids::Uuid> devices;
    std::vector<Instant> started, ended;
    std::vector<std::int64_t> visitors;
    std::vector<std::int16_t> strongest, classes;
    std::vector<std::optional<ids::Uuid>> assets;
    std::vector<std::optional<double>> lat, lon, low, high;
    std::vector<std::optional<std::int64_t>> cells;
    std::vector<double> ots;
    std::vector<bool> parked_out;
    for (const auto& [unit, found] : visits) {
        for (const auto& visit : found) {
            devices.push_back(unit.device);
            started.push_back(visit.start);
            visitors.push_back(static_cast<std::int64_t>(visit.visitor));
            ended.push_back(visit.end);
            strongest.push_back(visit.strongest_dbm);
            assets.push_back(visit.asset);
            lat.push_back(visit.place ? std::optional{visit.place->lat} : std::nullopt);
            lon.push_back(visit.place ? std::optional{visit.place->lon} : std::nullopt);
            cells.push_back(visit.cell.transform([](Cell cell) { return static_cast<std::int64_t>(cell); }));
            classes.push_back(static_cast<std::int16_t>(visit.speed));
            ots.push_back(visit.people.ots);
            low.push_back(visit.people.low);
            high.push_back(visit.people.high);
            parked_out.push_back(visit.parked_out);
        }
    }
    std::vector<AssetAndHour> former;
    for (const auto& gone : co_await session.run_all(deletions(company, visits)))
        std::ranges::move(gone.all<AssetAndHour>(), std::back_inserter(former));
    if (!devices.empty())
        co_await session.exec(sql::insert_visits, company, devices, started, visitors, ended, strongest, assets, lat,
                              lon, cells, classes, ots, low, high, parked_out);
    co_return former;
}

Task<std::optional<Instant>> first_start_overlapping(db::Session& session, CompanyId company, ids::Uuid device,
                                                     Window span) {
    co_return co_await session.one<std::optional<Instant>>(sql::first_start_overlapping, company, device, span.from,
                                                           span.to);
}

}  // namespace mobilytics::measurements::store
