#include "src/measurements/measurements.hpp"

#include <algorithm>
#include <ranges>

#include "platform/jobs/jobs.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/problem/problem.hpp"
#include "src/measurements/refresh.hpp"
#include "src/measurements/store.hpp"

namespace mobilytics::measurements {

namespace {

constexpr std::chrono::minutes stale_after{5};
constexpr std::chrono::days batches_kept{90};

Window everything() { return {Instant{}, clock::far_future}; }

}  // namespace

Measurements::Measurements(async::Runtime& runtime, db::Database& database, db::Database& ingest_database,
                           clock::Clock& clock, jobs::Queue& queue, trail::Trail& trail,
                           companies::Companies& companies, assets::Assets& assets, devices::Devices& devices,
                           campaigns::Campaigns& campaigns)
    : runtime_{runtime},
      database_{database},
      clock_{clock},
      queue_{queue},
      trail_{trail},
      companies_{companies},
      assets_{assets},
      devices_{devices},
      campaigns_{campaigns},
      intake_{runtime, ingest_database, clock} {}

Task<Acceptance> Measurements::open_batch(Sender sender, std::vector<std::string> mentioned, AgeLimits limits) {
    auto registry = co_await devices_.registry(sender.company);
    if (sender.only_device) mentioned.push_back(sender.only_device->text());
    const bool knows_all = std::ranges::all_of(mentioned, [&](const std::string& text) {
        const auto device = DeviceId::parse(text);
        return !device || registry->contains(*device);
    });
    if (!knows_all) registry = co_await devices_.fresh_registry(sender.company);
    Court court{.now = clock_.now(), .limits = limits, .only_device = std::nullopt, .standing_of = {}};
    if (sender.only_device) court.only_device = sender.only_device->uuid;
    court.standing_of = [registry](const ids::Uuid& device) {
        const auto found = registry->find(DeviceId{device});
        if (found == registry->end()) return Standing::unknown;
        return found->second == devices::DeviceState::disabled ? Standing::disabled : Standing::usable;
    };
    co_return Acceptance{std::move(court)};
}

Task<std::string> Measurements::store_batch(BatchToStore batch) {
    const auto company = batch.company;
    const auto sender = batch.sender;
    const auto name = batch.batch;
    const auto hash = batch.body_sha256;
    const auto answer = batch.answer;
    if (co_await intake_.store(std::move(batch))) co_return answer;
    const auto result = co_await database_.read(db::Scope::of(company), store::find_batch(company, sender, name));
    const auto first = result.only<store::FirstAnswer>();
    if (!std::ranges::equal(first.body_sha256, hash))
        throw Problem{Kind::invalid, "measurements.batch_differs",
                      "A batch with this id was stored before with another body. Give every batch its own id."};
    co_return first.answer;
}

Task<bool> Measurements::store_import(BatchToStore batch) { co_return co_await intake_.store(std::move(batch)); }

Task<std::vector<VehiclePosition>> Measurements::vehicle_positions(auth::Company actor) {
    const auto now = clock_.now();
    std::vector<VehiclePosition> positions;
    const auto result = co_await database_.read(db::Scope::of(actor.company), store::last_positions(actor.company));
    std::map<ids::Uuid, store::LastPosition> newest;  // by device
    for (const auto& row : result.all<store::LastPosition>()) newest[row.device] = row;
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto facts = co_await world(session, actor.company);
        for (const auto& asset : co_await assets_.all(session, actor.company)) {
            const auto known = facts.assets.find(asset.id.uuid);
            if (known == facts.assets.end() || known->second.surveyed) continue;
            std::optional<store::LastPosition> last;
            for (const auto& device : facts.devices_of_asset(asset.id.uuid, {now, now + clock::Milliseconds{1}}))
                if (const auto found = newest.find(device); found != newest.end())
                    if (!last || last->at < found->second.at) last = found->second;
            if (!last) continue;
            const auto speed = last->speed_mps.transform([](float value) { return static_cast<double>(value); });
            positions.push_back({asset.id,
                                 asset.name,
                                 DeviceId{last->device},
                                 last->at,
                                 {last->lat, last->lon},
                                 speed,
                                 last->heading_deg.transform([](float value) { return static_cast<double>(value); }),
                                 speed ? class_of_speed(*speed) : SpeedClass::unknown,
                                 now - last->at > stale_after});
        }
    });
    std::ranges::sort(positions, {}, &VehiclePosition::name);
    co_return positions;
}

namespace {

DeviceFacts facts_of(const devices::DevicePast& past) {
    std::vector<Dated<std::int16_t>> thresholds;
    for (const auto& dated : past.near_thresholds) thresholds.push_back({dated.from, dated.near_dbm});
    const auto calibrations = [](const std::vector<devices::DatedCalibration>& records) {
        std::vector<Dated<Calibration>> dated;
        for (const auto& record : records) dated.push_back({record.from, {record.factor, record.low, record.high}});
        return Timeline<Calibration>{std::move(dated)};
    };
    return {.history = {.device = past.device.uuid,
                        .near_dbm = Timeline<std::int16_t>{std::move(thresholds)},
                        .calibrations = calibrations(past.calibrations),
                        .model_calibrations = calibrations(past.model_calibrations),
                        .attachments = {}},
            .interval = std::chrono::seconds{past.interval_s}};
}

Timeline<ParkedPolicy> timeline_of(const std::vector<companies::DatedParkedPolicy>& policies) {
    std::vector<Dated<ParkedPolicy>> dated;
    for (const auto& policy : policies) {
        const auto rule = json::value_named<ParkedRule>(json::name_of(policy.kind)).value();
        dated.push_back({policy.effective_from, {rule, std::chrono::minutes{policy.cap_minutes}}});
    }
    return Timeline<ParkedPolicy>{std::move(dated)};
}

// Factors of likelihood to see of each face, and of each asset the largest among its faces.
void add_visibility(World& world, const std::vector<assets::Asset>& assets,
                    const std::vector<store::VisibilityFactor>& factors) {
    std::map<std::tuple<std::string, std::string, std::int16_t>, double> table;
    for (const auto& row : factors) table[{row.format, row.placement, row.speed_class}] = row.factor;
    for (const auto& asset : assets) {
        AssetFacts facts{.asset = asset.id.uuid, .surveyed = std::nullopt};
        if (asset.point) facts.surveyed = LatLon{asset.point->lat, asset.point->lon};
        if (!asset.faces.empty()) facts.visibility.fill(0);
        for (const auto& face : asset.faces) {
            auto& own = world.face_visibility[face.id.uuid];
            for (std::size_t speed = 0; speed < own.size(); ++speed) {
                const auto found =
                    table.find({std::string{json::name_of(face.format)}, std::string{json::name_of(face.placement)},
                                static_cast<std::int16_t>(speed)});
                own[speed] = found == table.end() ? 1 : found->second;
                facts.visibility[speed] = std::max(facts.visibility[speed], own[speed]);
            }
        }
        world.assets.emplace(facts.asset, facts);
    }
}

}  // namespace

Task<World> Measurements::world(db::Session& session, CompanyId company) {
    World world;
    const auto history = co_await devices_.history(session, company);
    for (const auto& device : history.devices) world.devices.emplace(device.device.uuid, facts_of(device));
    for (const auto& past : history.attachments) {
        const Attachment attachment{past.device.uuid, past.asset.uuid, {past.during.from, past.during.end()}};
        world.devices.at(past.device.uuid).history.attachments.push_back(attachment);
        world.by_asset[past.asset.uuid].push_back(attachment);
    }
    world.parked_policies = timeline_of(co_await companies_.parked_policies(session, company));
    add_visibility(world, co_await assets_.all(session, company), co_await store::visibility_factors(session));
    co_return world;
}

Task<std::size_t> Measurements::refresh_in(db::Session& session, CompanyId company) {
    const auto now = clock_.now();
    co_await store::lock_version(session, company, now);
    const auto facts = co_await world(session, company);
    Refresh refresh{runtime_, session, company, facts, campaigns_, now};
    const auto marks = co_await refresh.run();
    if (marks > 0) {
        co_await devices_.heard_from(session, refresh.heard());
        co_await store::advance_version(session, company, now);
    }
    co_return marks;
}

Task<void> Measurements::refresh(CompanyId company) {
    const auto some = [&](db::Session& session) { return refresh_in(session, company); };
    while (co_await database_.transaction(db::Scope::of(company), some) > 0) {
    }
}

Task<void> Measurements::refresh_some(CompanyId company) {
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        if (co_await refresh_in(session, company) > 0) co_await queue_refresh(session, company);
    });
}

// One pending and one running refresh a company: a mark that comes while one runs starts the next.
Task<void> Measurements::queue_refresh(db::Session& session, CompanyId company) {
    co_await queue_.enqueue(session, {.kind = "measurements.refresh",
                                      .company = company.uuid,
                                      .payload = "{}",
                                      .run_at = clock_.now(),
                                      .key = company.text(),
                                      .concurrency_key = "measurements.refresh." + company.text()});
}

Task<void> Measurements::find_work() {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        for (const auto& company : co_await store::companies_with_work(session))
            co_await queue_refresh(session, company);
    });
}

Task<void> Measurements::open_hours() {
    const auto now = clock_.now();
    const auto hour = clock::floor_hour(now);
    std::vector<CompanyId> companies;
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        companies = co_await store::companies_to_open(session, hour);
    });
    for (const auto& company : companies)
        co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
            const auto version = co_await store::lock_version(session, company, now);
            if (version.opened_to >= hour) co_return;
            // The last opened hour was still running when its rows were made.
            const Window span{version.opened_to - std::chrono::hours{1}, hour + clock::Milliseconds{1}};
            co_await store::mark(session, company, {{.device = std::nullopt, .span = span, .coverage = true}}, now);
            co_await store::advance_opened_to(session, company, hour);
        });
}

Task<void> Measurements::mark(CompanyId company, std::vector<DirtySpan> spans) {
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        co_await store::mark(session, company, spans, clock_.now());
    });
}

Task<void> Measurements::mark_asset(CompanyId company, AssetId asset) {
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const auto facts = co_await world(session, company);
        std::vector<DirtySpan> spans;
        for (const auto& window : facts.attached_windows(asset.uuid, {Instant{}, now}))
            spans.push_back({.device = std::nullopt,
                             .asset = asset.uuid,
                             .span = window,
                             .positions = true,
                             .visits = true,
                             .coverage = true});
        co_await store::mark(session, company, spans, now);
    });
}

Task<void> Measurements::note_import(CompanyId company, Imported counts) {
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        co_await trail_.record(session, company, trail::by_operator(), imported(counts));
    });
}

Task<void> Measurements::rebuild(CompanyId company) {
    co_await companies_.zone(company);  // refuses one that is not there
    const std::vector<DirtySpan> all{
        {.device = std::nullopt, .span = everything(), .positions = true, .visits = true, .coverage = true}};
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        co_await store::mark(session, company, all, clock_.now());
        co_await trail_.record(session, company, trail::by_operator(), rebuilt(company));
    });
}

Task<void> Measurements::erase(CompanyId company, DeviceId device, Window span) {
    const auto registry = co_await devices_.fresh_registry(company);
    if (!registry->contains(device))
        throw Problem{mobilytics::Kind::missing, "measurements.no_such_device", "The company has no such device."};
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        // A visit that reaches into the span may begin before it; what is left of it starts where it started.
        const auto start = co_await store::first_start_overlapping(session, company, device.uuid, span);
        const auto extent = co_await store::raw_extent(session, device.uuid);
        co_await trail_.record(session, company, trail::by_operator(), erased(device, span));
        if (extent.empty()) co_return;
        co_await store::erase_raw(session, device.uuid, span);
        co_await store::forget_last_position(session, company, device.uuid, span);
        // In parts from here: once the records are gone, nothing says any more how far they went.
        Window dirty = overlap(span, extent);
        if (start && !dirty.empty()) dirty.from = std::min(dirty.from, *start);
        std::vector<DirtySpan> spans;
        for (const auto& part : in_parts(dirty))
            spans.push_back({.device = device.uuid, .span = part, .positions = true, .visits = true, .coverage = true});
        co_await store::mark(session, company, std::move(spans), clock_.now());
    });
}

Task<std::int64_t> Measurements::marks_waiting() {
    const auto result = co_await database_.read(db::Scope::system(), store::marks_waiting());
    co_return result.only<std::int64_t>();
}

Task<void> Measurements::forget_old_batches() {
    const auto before = clock_.now() - batches_kept;
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await store::forget_batches(session, before);
    });
}

}  // namespace mobilytics::measurements
