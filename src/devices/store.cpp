#include "src/devices/store.hpp"

#include "platform/db/bytes.hpp"
#include "platform/json/enum_names.hpp"
#include "src/devices/devices.hpp"
#include "src/devices/queries.hpp"

namespace mobilytics::devices::store {

namespace {

// The check constraints keep the texts to the enumerators' names.
DeviceState state_named(const std::string& text) { return json::value_named<DeviceState>(text).value(); }

db::TimeRange range_of(const Span& span) { return {span.from, span.to}; }

struct CalibrationRow {
    CalibrationId id;
    Instant effective_from;
    double factor;
    double low;
    double high;
    std::string method;
    std::string by;
};

struct ModelRow {
    ModelId id;
    std::string name;
    std::int32_t expected_interval_s;
    Instant created_at;
    std::optional<CalibrationId> calibration;
    std::optional<Instant> effective_from;
    std::optional<double> factor;
    std::optional<double> low;
    std::optional<double> high;
    std::optional<std::string> method;
    std::optional<std::string> by;
};

struct DeviceRow {
    DeviceId id;
    std::string serial;
    std::string name;
    ModelId model;
    std::string model_name;
    std::int32_t expected_interval_s;
    std::string state;
    Instant created_at;
    std::optional<std::int16_t> near_dbm;
    bool calibrated;
    std::optional<Instant> last_at;
    std::optional<std::string> firmware;
    std::optional<double> battery;
    std::optional<double> temperature;
    std::optional<std::int64_t> queue_depth;
    std::optional<AssetId> asset;
    std::optional<Instant> attached_since;
};

struct RegistryRow {
    DeviceId id;
    std::string state;
};

struct TokenRow {
    TokenId id;
    Instant created_at;
    std::optional<Instant> last_used_at;
    std::optional<Instant> revoked_at;
};

struct AttachmentRow {
    AttachmentId id;
    DeviceId device;
    AssetId asset;
    std::string position;
    db::TimeRange during;
};

Device device_of(DeviceRow& row, Instant now) {
    Device device;
    device.id = row.id;
    device.serial = std::move(row.serial);
    device.name = std::move(row.name);
    device.model = row.model;
    device.model_name = std::move(row.model_name);
    device.expected_interval_s = row.expected_interval_s;
    device.state = state_named(row.state);
    device.created_at = row.created_at;
    device.near_dbm = row.near_dbm.value_or(default_near_dbm);
    device.calibrated = row.calibrated;
    if (row.last_at)
        device.last_heartbeat =
            LastHeartbeat{*row.last_at, std::move(row.firmware), row.battery, row.temperature, row.queue_depth};
    device.status = status_of(row.last_at, row.expected_interval_s, now);
    if (row.asset) device.attached_to = AttachedTo{*row.asset, "", row.attached_since.value()};
    return device;
}

}  // namespace

db::Statement insert(const Model& model) {
    return db::bind(sql::insert_model, model.id, model.name, std::int32_t{model.expected_interval_s}, model.created_at);
}

db::Statement find_model(ModelId id) { return db::bind(sql::find_model, id); }

db::Statement list_models(std::optional<ModelId> after, int limit) {
    return db::bind(sql::list_models, after, std::int64_t{limit});
}

std::vector<Model> models_in(const db::Result& result) {
    std::vector<Model> models;
    for (ModelRow& row : result.all<ModelRow>()) {
        if (models.empty() || models.back().id != row.id)
            models.push_back({row.id, std::move(row.name), row.expected_interval_s, row.created_at, {}});
        if (row.calibration)
            models.back().calibrations.push_back({*row.calibration, row.effective_from.value(), row.factor.value(),
                                                  row.low.value(), row.high.value(), std::move(row.method).value(),
                                                  std::move(row.by).value()});
    }
    return models;
}

db::Statement insert_calibration(ModelId model, const Calibration& calibration) {
    return db::bind(sql::insert_model_calibration, model, calibration.id, calibration.effective_from,
                    calibration.factor, calibration.low, calibration.high, calibration.method, calibration.by);
}

db::Statement calibration_end(ModelId model, Instant from) { return db::bind(sql::model_calibration_end, model, from); }

db::Statement companies_with(ModelId model) { return db::bind(sql::companies_with_model, model); }

std::vector<CompanyId> companies_in(const db::Result& result) { return result.all<CompanyId>(); }

db::Statement insert(CompanyId company, DeviceId id, const NewDevice& wanted, Instant now) {
    return db::bind(sql::insert_device, company, id, wanted.model, wanted.serial, wanted.name.value_or(wanted.serial),
                    now);
}

db::Statement hold(CompanyId company, DeviceId id) { return db::bind(sql::hold_device, company, id); }

db::Statement update(CompanyId company, DeviceId id, const DeviceChange& change) {
    std::optional<std::string> state;
    if (change.state) state = json::name_of(*change.state);
    return db::bind(sql::update_device, company, id, change.name, state);
}

db::Statement put_in_service(CompanyId company, DeviceId id) { return db::bind(sql::put_in_service, company, id); }

db::Statement find(CompanyId company, DeviceId id, Instant now) { return db::bind(sql::find_device, company, id, now); }

db::Statement list(CompanyId company, const DeviceFilter& filter, std::optional<DeviceId> after, int limit,
                   Instant now) {
    std::optional<std::string> status;
    if (filter.status) status = json::name_of(*filter.status);
    return db::bind(sql::list_devices, company, now, filter.q, status, after, std::int64_t{limit},
                    std::int32_t{online_intervals}, std::int32_t{stale_intervals}, std::int32_t{shortest_interval_s});
}

std::vector<Device> devices_in(const db::Result& result, Instant now) {
    std::vector<Device> devices;
    for (DeviceRow& row : result.all<DeviceRow>()) devices.push_back(device_of(row, now));
    return devices;
}

db::Statement heard_from(const std::vector<Heard>& newest) {
    std::vector<CompanyId> companies;
    std::vector<DeviceId> devices;
    std::vector<Instant> instants;
    std::vector<std::string> firmwares;
    std::vector<std::optional<double>> batteries;
    std::vector<std::optional<double>> temperatures;
    std::vector<std::optional<std::int64_t>> queue_depths;
    for (const Heard& heard : newest) {
        companies.push_back(heard.company);
        devices.push_back(heard.device);
        instants.push_back(heard.at);
        firmwares.push_back(heard.firmware);
        batteries.push_back(heard.battery);
        temperatures.push_back(heard.temperature);
        queue_depths.push_back(heard.queue_depth);
    }
    return db::bind(sql::heard_from, companies, devices, instants, firmwares, batteries, temperatures, queue_depths);
}

db::Statement registry(CompanyId company) { return db::bind(sql::registry, company); }

Registry registry_in(const db::Result& result) {
    Registry registry;
    for (const RegistryRow& row : result.all<RegistryRow>()) registry.emplace(row.id, state_named(row.state));
    return registry;
}

db::Statement set_near_threshold(CompanyId company, DeviceId id, Instant from, std::int16_t near_dbm) {
    return db::bind(sql::set_near_threshold, company, id, from, near_dbm);
}

db::Statement near_threshold_end(CompanyId company, DeviceId id, Instant from) {
    return db::bind(sql::near_threshold_end, company, id, from);
}

db::Statement insert_calibration(CompanyId company, DeviceId id, const Calibration& calibration) {
    return db::bind(sql::insert_calibration, company, id, calibration.id, calibration.effective_from,
                    calibration.factor, calibration.low, calibration.high, calibration.method, calibration.by);
}

db::Statement calibration_end(CompanyId company, DeviceId id, Instant from) {
    return db::bind(sql::calibration_end, company, id, from);
}

db::Statement list_calibrations(CompanyId company, DeviceId id, std::optional<Instant> before, int limit) {
    return db::bind(sql::list_calibrations, company, id, before, std::int64_t{limit});
}

std::vector<Calibration> calibrations_in(const db::Result& result) {
    std::vector<Calibration> calibrations;
    for (CalibrationRow& row : result.all<CalibrationRow>())
        calibrations.push_back(
            {row.id, row.effective_from, row.factor, row.low, row.high, std::move(row.method), std::move(row.by)});
    return calibrations;
}

std::optional<Instant> end_in(const db::Result& result) { return result.only<std::optional<Instant>>(); }

db::Statement insert(CompanyId company, DeviceId device, const Token& token, const crypto::Digest& secret) {
    return db::bind(sql::insert_token, company, token.id, device, db::bytes_of(secret), token.created_at);
}

db::Statement count_active_tokens(CompanyId company, DeviceId device) {
    return db::bind(sql::count_active_tokens, company, device);
}

db::Statement list_tokens(CompanyId company, DeviceId device, std::optional<TokenId> after, int limit) {
    return db::bind(sql::list_tokens, company, device, after, std::int64_t{limit});
}

std::vector<Token> tokens_in(const db::Result& result) {
    std::vector<Token> tokens;
    for (const TokenRow& row : result.all<TokenRow>())
        tokens.push_back({row.id, row.created_at, row.last_used_at, row.revoked_at});
    return tokens;
}

db::Statement revoke(CompanyId company, DeviceId device, TokenId token, Instant now) {
    return db::bind(sql::revoke_token, company, device, token, now);
}

db::Statement active_token(CompanyId company, TokenId token) { return db::bind(sql::active_token, company, token); }

db::Statement touch(CompanyId company, TokenId token, Instant now) {
    return db::bind(sql::touch_token, company, token, now);
}

db::Statement insert(CompanyId company, const Attachment& attachment, Instant now) {
    return db::bind(sql::insert_attachment, company, attachment.id, attachment.device, attachment.asset,
                    attachment.position, range_of(attachment.during), now);
}

db::Statement find_attachment(CompanyId company, AttachmentId id) {
    return db::bind(sql::find_attachment, company, id);
}

db::Statement correct(CompanyId company, const Attachment& attachment) {
    return db::bind(sql::correct_attachment, company, attachment.id, range_of(attachment.during));
}

db::Statement remove(CompanyId company, AttachmentId id) { return db::bind(sql::delete_attachment, company, id); }

namespace {

// The keys of a page that goes on, or of none.
std::pair<std::optional<Instant>, std::optional<AttachmentId>> keys_of(std::optional<AttachmentPlace> after) {
    if (!after) return {};
    return {after->from, after->id};
}

}  // namespace

db::Statement list_attachments(CompanyId company, DeviceId device, std::optional<AttachmentPlace> after, int limit) {
    const auto [from, id] = keys_of(after);
    return db::bind(sql::list_attachments_of_device, company, device, from, id, std::int64_t{limit});
}

db::Statement list_attachments(CompanyId company, AssetId asset, std::optional<AttachmentPlace> after, int limit) {
    const auto [from, id] = keys_of(after);
    return db::bind(sql::list_attachments_of_asset, company, asset, from, id, std::int64_t{limit});
}

db::Statement overlapping(CompanyId company, const Attachment& attachment) {
    return db::bind(sql::overlapping_attachments, company, attachment.id, range_of(attachment.during),
                    attachment.device, attachment.asset, attachment.position);
}

std::vector<Attachment> attachments_in(const db::Result& result) {
    std::vector<Attachment> attachments;
    for (AttachmentRow& row : result.all<AttachmentRow>())
        attachments.push_back(
            {row.id, row.device, row.asset, std::move(row.position), Span{row.during.from, row.during.to}});
    return attachments;
}

db::Statement count_devices(CompanyId company, std::int64_t up_to) {
    return db::bind(sql::count_devices, company, up_to);
}

}  // namespace mobilytics::devices::store
