#include "src/devices/devices.hpp"

#include <chrono>
#include <format>
#include <utility>

#include "platform/jobs/events.hpp"
#include "platform/problem/faults.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/assets/assets.hpp"
#include "src/devices/entries.hpp"
#include "src/devices/limits.hpp"
#include "src/devices/store.hpp"

namespace mobilytics::devices {

namespace {

constexpr std::chrono::seconds token_life{30};
constexpr std::size_t most_tokens_kept = 100'000;
constexpr std::chrono::seconds registry_life{5};
constexpr std::size_t most_registries_kept = 1'000;

constexpr std::string_view unique_violation = "23505";

// A threshold given with a new device holds for all that is ever imported of it.
constexpr clock::Instant beginning_of_time{};

Problem no_model() { return {Kind::missing, "devices.model_not_found", "There is no such device model."}; }

Problem calibration_exists() {
    return {Kind::conflict, "devices.calibration_exists", "There is a calibration from that very instant already."};
}

Calibration recorded(NewCalibration wanted, std::string by) {
    wanted.check();
    return {CalibrationId::make(), wanted.effective_from,    wanted.factor, wanted.low,
            wanted.high,           std::move(wanted.method), std::move(by)};
}

std::string name_of(const auth::Company& actor) {
    if (actor.user) return actor.user->text();
    return actor.key ? actor.key->text() : actor.company.text();
}

}  // namespace

Devices::Devices(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail,
                 assets::Assets& assets)
    : database_{database},
      clock_{clock},
      events_{events},
      trail_{trail},
      assets_{assets},
      tokens_{token_life, most_tokens_kept},
      registries_{registry_life, most_registries_kept} {}

Task<std::vector<Model>> Devices::list_models(std::optional<ModelId> after, int limit) {
    auto result = co_await database_.read(db::Scope::nobody(), store::list_models(after, limit));
    co_return store::models_in(result);
}

Task<Model> Devices::add_model(auth::Staff actor, NewModel wanted) {
    wanted.check();
    const Model model{ModelId::make(), std::move(wanted.name), wanted.expected_interval_s, clock_.now(), {}};
    try {
        co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            co_await session.run(store::insert(model));
            co_await trail_.record(session, trail::no_company, actor.who(), created(model));
        });
    } catch (const db::DatabaseError& error) {
        if (error.sqlstate() != unique_violation) throw;
        throw Problem{Kind::conflict, "devices.model_exists", "There is a model of that name already."};
    }
    co_return model;
}

Task<Calibration> Devices::calibrate_model(auth::Staff actor, ModelId id, NewCalibration wanted) {
    const auto calibration = recorded(std::move(wanted), actor.user.text());
    try {
        // All companies: whose devices are of this model, their numbers change.
        co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            auto found = co_await session.run(store::find_model(id));
            const auto models = store::models_in(found);
            if (models.empty()) throw no_model();
            co_await session.run(store::insert_calibration(id, calibration));
            auto next = co_await session.run(store::calibration_end(id, calibration.effective_from));
            auto companies = co_await session.run(store::companies_with(id));
            const Span span{calibration.effective_from, store::end_in(next)};
            for (const CompanyId company : store::companies_in(companies))
                co_await publish_calibration(session, company, std::nullopt, id, span, actor.who().cause());
            co_await trail_.record(session, trail::no_company, actor.who(), calibrated(models.front(), calibration));
        });
    } catch (const db::DatabaseError& error) {
        if (error.sqlstate() != unique_violation) throw;
        throw calibration_exists();
    }
    co_return calibration;
}

Task<std::vector<Device>> Devices::list(auth::Company actor, DeviceFilter filter, std::optional<DeviceId> after,
                                        int limit) {
    const auto now = clock_.now();
    auto result =
        co_await database_.read(db::Scope::of(actor.company), store::list(actor.company, filter, after, limit, now));
    co_return co_await on_named_assets(actor.company, store::devices_in(result, now));
}

Task<Device> Devices::find(auth::Company actor, DeviceId id) {
    const auto now = clock_.now();
    auto result = co_await database_.read(db::Scope::of(actor.company), store::find(actor.company, id, now));
    auto devices = co_await on_named_assets(actor.company, store::devices_in(result, now));
    if (devices.empty()) throw no_such_device();
    co_return std::move(devices.front());
}

Task<Device> Devices::add(auth::Company actor, NewDevice wanted) {
    wanted.check();
    const auto id = DeviceId::make();
    try {
        co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
            auto found = co_await session.run(store::find_model(wanted.model));
            if (store::models_in(found).empty()) {
                Faults faults;
                faults.add("/model_id", "there is no such device model");
                faults.refuse("devices.unknown_model", "Choose one of the device models.");
            }
            co_await session.run(store::insert(actor.company, id, wanted, clock_.now()));
            if (wanted.near_dbm)
                co_await session.run(store::set_near_threshold(actor.company, id, beginning_of_time, *wanted.near_dbm));
            co_await trail_.record(session, actor.company, actor.who(), created(id, wanted));
            // Events of one company are written one after another, so this counts what others added just now.
            const auto counted = co_await session.run(store::count_devices(actor.company, most_devices + 1));
            if (counted.only<std::int64_t>() > most_devices)
                throw Problem{Kind::conflict, "devices.too_many",
                              std::format("A company has at most {} devices.", most_devices)};
        });
    } catch (const db::DatabaseError& error) {
        if (error.sqlstate() != unique_violation) throw;
        throw Problem{Kind::conflict, "devices.serial_taken", "The company has a device with that serial already."};
    }
    registries_.drop(actor.company);
    co_return co_await find(actor, id);
}

Task<Device> Devices::change(auth::Company actor, DeviceId id, DeviceChange change, ExpectVersion expect) {
    change.check();
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await hold(session, actor.company, id);
        auto found = co_await session.run(store::find(actor.company, id, clock_.now()));
        const auto before = store::devices_in(found, clock_.now());
        expect(before.at(0).version());
        co_await session.run(store::update(actor.company, id, change));
        co_await trail_.record(session, actor.company, actor.who(), changed(before.at(0), change));
    });
    registries_.drop(actor.company);
    co_return co_await find(actor, id);
}

Task<Device> Devices::set_near_threshold(auth::Company actor, DeviceId id, clock::Instant from, std::int16_t near_dbm) {
    check_near_threshold(near_dbm);
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await hold(session, actor.company, id);
        co_await session.run(store::set_near_threshold(actor.company, id, from, near_dbm));
        auto next = co_await session.run(store::near_threshold_end(actor.company, id, from));
        co_await publish_near_threshold(session, actor, id, Span{from, store::end_in(next)});
        co_await trail_.record(session, actor.company, actor.who(), near_threshold_set(id, from, near_dbm));
    });
    co_return co_await find(actor, id);
}

Task<std::vector<Calibration>> Devices::list_calibrations(auth::Company actor, DeviceId id,
                                                          std::optional<clock::Instant> before, int limit) {
    auto results = co_await database_.read_all(
        db::Scope::of(actor.company),
        {store::find(actor.company, id, clock_.now()), store::list_calibrations(actor.company, id, before, limit)});
    if (results.at(0).rows() == 0) throw no_such_device();
    co_return store::calibrations_in(results.at(1));
}

Task<Calibration> Devices::calibrate(auth::Company actor, DeviceId id, NewCalibration wanted) {
    const auto calibration = recorded(std::move(wanted), name_of(actor));
    try {
        co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
            co_await hold(session, actor.company, id);
            co_await session.run(store::insert_calibration(actor.company, id, calibration));
            auto next = co_await session.run(store::calibration_end(actor.company, id, calibration.effective_from));
            co_await publish_calibration(session, actor.company, id, std::nullopt,
                                         Span{calibration.effective_from, store::end_in(next)}, actor.who().cause());
            co_await trail_.record(session, actor.company, actor.who(), calibrated(id, calibration));
        });
    } catch (const db::DatabaseError& error) {
        if (error.sqlstate() != unique_violation) throw;
        throw calibration_exists();
    }
    co_return calibration;
}

Task<DeviceHistory> Devices::history(db::Session& session, CompanyId company) {
    auto results = co_await session.run_all(store::history(company));
    co_return store::history_in(results);
}

Task<std::shared_ptr<const Registry>> Devices::registry(CompanyId company) {
    if (auto known = registries_.find(company, clock_.now())) co_return *known;
    co_return co_await fresh_registry(company);
}

Task<std::shared_ptr<const Registry>> Devices::fresh_registry(CompanyId company) {
    const auto era = registries_.era();
    auto result = co_await database_.read(db::Scope::of(company), store::registry(company));
    auto registry = std::make_shared<const Registry>(store::registry_in(result));
    registries_.put(company, registry, clock_.now(), era);
    co_return registry;
}

Task<void> Devices::heard_from(db::Session& session, std::vector<Heard> heard) {
    if (heard.empty()) co_return;
    co_await session.run(store::heard_from(newest_of_each(std::move(heard))));
}

Task<void> Devices::hold(db::Session& session, CompanyId company, DeviceId id) {
    auto held = co_await session.run(store::hold(company, id));
    if (held.rows() == 0) throw no_such_device();
}

Task<std::vector<Device>> Devices::on_named_assets(CompanyId company, std::vector<Device> devices) {
    std::vector<AssetId> wanted;
    for (const Device& device : devices)
        if (device.attached_to) wanted.push_back(device.attached_to->asset);
    auto names = co_await assets_.names(company, std::move(wanted));
    for (Device& device : devices)
        if (device.attached_to) device.attached_to->asset_name = names[device.attached_to->asset];
    co_return devices;
}

}  // namespace mobilytics::devices
