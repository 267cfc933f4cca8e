#include "platform/http/router.hpp"

#include <format>
#include <utility>

#include "platform/http/page.hpp"
#include "platform/http/version.hpp"
#include "src/devices/devices.hpp"

// URLs of devices: models, devices, tokens, calibrations, attachments.
namespace mobilytics::devices {

namespace {

using auth::May;
using auth::Permission;
using auth::StaffPermission;

struct CalibrationIn {
    clock::Instant effective_from;
    double factor = 1;
    double low = 1;
    double high = 1;
    std::string method;

    static constexpr json::Field about[] = {
        {.name = "effective_from",
         .description = "Visits that start then or later count with it, until the next one's."},
        {.name = "factor", .description = "People per near visit.", .minimum = 0},
        {.name = "low", .description = "Lower bound of the factor.", .minimum = 0},
        {.name = "high", .description = "Upper bound of the factor.", .minimum = 0},
        {.name = "method",
         .description = "How it was found, for those who read the numbers.",
         .min_length = 1,
         .max_length = 200}};
};

struct CalibrationOut {
    CalibrationId id;
    clock::Instant effective_from;
    double factor = 1;
    double low = 1;
    double high = 1;
    std::string method;
    std::string by;

    static constexpr json::Field about[] = {
        {.name = "factor", .description = "People per near visit."},
        {.name = "low", .description = "Lower bound of the factor."},
        {.name = "high", .description = "Upper bound of the factor."},
        {.name = "by", .description = "Id of the person or API key that recorded it."}};
};

struct ModelIn {
    std::string name;
    int expected_interval_s = 0;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Maker's name of the model.", .min_length = 1, .max_length = 100},
        {.name = "expected_interval_s",
         .description = "Seconds between two heartbeats of a healthy device.",
         .minimum = 1,
         .maximum = longest_interval_s}};
};

struct ModelOut {
    ModelId id;
    std::string name;
    int expected_interval_s = 0;
    std::vector<CalibrationOut> calibrations;

    static constexpr json::Field about[] = {
        {.name = "expected_interval_s", .description = "Seconds between two heartbeats of a healthy device."},
        {.name = "calibrations", .description = "For devices without their own, newest first."}};
};

struct DeviceIn {
    std::string serial;
    std::optional<std::string> name;
    ModelId model_id;
    std::optional<std::int16_t> near_dbm;

    static constexpr json::Field about[] = {
        {.name = "serial",
         .description = "Maker's serial number, unique in the company.",
         .min_length = 1,
         .max_length = 64},
        {.name = "name", .description = "Shown in lists; the serial unless given.", .min_length = 1, .max_length = 200},
        {.name = "near_dbm",
         .description = "Near threshold for all time, dBm; -75 unless given.",
         .minimum = weakest_dbm,
         .maximum = strongest_dbm}};
};

struct DevicePatch {
    std::optional<std::string> name;
    std::optional<DeviceState> state;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Shown in lists.", .min_length = 1, .max_length = 200},
        {.name = "state", .description = "What a disabled device sends is refused; its past stays."}};
};

struct NearThresholdIn {
    std::int16_t near_dbm = 0;
    clock::Instant effective_from;

    static constexpr json::Field about[] = {
        {.name = "near_dbm",
         .description = "A visit is near when its strongest sighting reaches this, dBm.",
         .minimum = weakest_dbm,
         .maximum = strongest_dbm},
        {.name = "effective_from", .description = "Visits that start then or later, until the next threshold's."}};
};

struct ModelName {
    ModelId id;
    std::string name;
};

struct AttachedToOut {
    AssetId asset_id;
    std::string asset_name;
    clock::Instant since;
};

struct DeviceOut {
    DeviceId id;
    std::string serial;
    std::string name;
    ModelName model;
    std::optional<std::string> firmware;
    DeviceState state = DeviceState::in_stock;
    std::int16_t near_dbm = default_near_dbm;
    std::optional<clock::Instant> last_seen_at;
    DeviceStatus status = DeviceStatus::never_seen;
    std::optional<double> battery;
    std::optional<double> temperature;
    std::optional<std::int64_t> queue_depth;
    std::optional<AttachedToOut> attached_to;
    bool calibrated = false;
    clock::Instant created_at;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "firmware", .description = "From its last heartbeat."},
        {.name = "near_dbm", .description = "Near threshold in force now, dBm."},
        {.name = "last_seen_at", .description = "Its newest heartbeat."},
        {.name = "status",
         .description = "online: a heartbeat within 2 expected intervals; stale: within 10; an interval "
                        "counts as at least a minute."},
        {.name = "battery", .description = "As the device reports it."},
        {.name = "temperature", .description = "As the device reports it."},
        {.name = "queue_depth", .description = "Records the device still has to send."},
        {.name = "attached_to", .description = "The asset it is on now."},
        {.name = "calibrated", .description = "Whether a calibration of it or its model is in force now."},
        http::version_field};
};

struct DeviceQuery {
    std::optional<std::string> q;
    std::optional<DeviceStatus> status;

    static constexpr json::Field about[] = {
        {.name = "q", .description = "Part of the serial or name, without regard to case.", .max_length = 200},
        {.name = "status", .description = "Only devices of this status."}};
};

struct TokenOut {
    TokenId id;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at;
    std::optional<clock::Instant> revoked_at;

    static constexpr json::Field about[] = {{.name = "last_used_at", .description = "To about a minute."}};
};

struct IssuedTokenOut {
    TokenId id;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at;
    std::optional<clock::Instant> revoked_at;
    std::string secret;

    static constexpr json::Field about[] = {
        {.name = "secret", .description = "The token itself, shown this once: Authorization: Bearer <secret>."}};
};

struct AttachmentIn {
    AssetId asset_id;
    std::optional<std::string> position;
    clock::Instant from;
    std::optional<clock::Instant> to;

    static constexpr json::Field about[] = {
        {.name = "position",
         .description = "Where on the asset, one device each; \"main\" unless given.",
         .min_length = 1,
         .max_length = 40},
        {.name = "from", .description = "From this instant on; it may lie in the past."},
        {.name = "to", .description = "Until just before this instant; without it, it still holds."}};
};

struct AttachmentPatch {
    std::optional<clock::Instant> from;
    json::Change<clock::Instant> to;

    static constexpr json::Field about[] = {
        {.name = "from", .description = "From this instant on."},
        {.name = "to", .description = "Until just before this instant; null: it still holds."}};
};

struct AttachmentOut {
    AttachmentId id;
    DeviceId device_id;
    AssetId asset_id;
    std::string asset_name;
    std::string position;
    clock::Instant from;
    std::optional<clock::Instant> to;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "to", .description = "Just after its last instant; null: it still holds."}, http::version_field};
};

CalibrationOut to_out(Calibration calibration) {
    return {calibration.id,   calibration.effective_from,    calibration.factor,       calibration.low,
            calibration.high, std::move(calibration.method), std::move(calibration.by)};
}

ModelOut to_out(Model model) {
    ModelOut out{model.id, std::move(model.name), model.expected_interval_s, {}};
    for (Calibration& calibration : model.calibrations) out.calibrations.push_back(to_out(std::move(calibration)));
    return out;
}

DeviceOut to_out(Device device) {
    DeviceOut out;
    out.version = device.version();
    out.id = device.id;
    out.serial = std::move(device.serial);
    out.name = std::move(device.name);
    out.model = {device.model, std::move(device.model_name)};
    out.state = device.state;
    out.near_dbm = device.near_dbm;
    out.status = device.status;
    out.calibrated = device.calibrated;
    out.created_at = device.created_at;
    if (const auto& heartbeat = device.last_heartbeat) {
        out.firmware = heartbeat->firmware;
        out.last_seen_at = heartbeat->at;
        out.battery = heartbeat->battery;
        out.temperature = heartbeat->temperature;
        out.queue_depth = heartbeat->queue_depth;
    }
    if (auto& asset = device.attached_to)
        out.attached_to = AttachedToOut{asset->asset, std::move(asset->asset_name), asset->since};
    return out;
}

// The tag is for edits alone. What a device says of itself changes without one, so that an answer "not modified" would
// be stale: Tagged, which gives it, is not for devices.
DeviceOut shown(http::Request& request, Device device) {
    auto out = to_out(std::move(device));
    request.answer_headers.set("ETag", std::format("\"{}\"", out.version));
    return out;
}

TokenOut to_out(Token token) { return {token.id, token.created_at, token.last_used_at, token.revoked_at}; }

IssuedTokenOut to_out(IssuedToken issued) {
    const Token& token = issued.token;
    return {token.id, token.created_at, token.last_used_at, token.revoked_at, std::move(issued.secret)};
}

AttachmentOut to_out(NamedAttachment named) {
    Attachment& attachment = named.attachment;
    auto version = attachment.version();
    return {attachment.id,
            attachment.device,
            attachment.asset,
            std::move(named.asset_name),
            std::move(attachment.position),
            attachment.during.from,
            attachment.during.to,
            std::move(version)};
}

NewCalibration to_noun(CalibrationIn in) {
    return {in.effective_from, in.factor, in.low, in.high, std::move(in.method)};
}

std::optional<AttachmentPlace> after_attachment(const http::Paging& paging) {
    auto key = paging.after<clock::Instant, AttachmentId>();
    return key ? std::optional{AttachmentPlace{std::get<0>(*key), std::get<1>(*key)}} : std::nullopt;
}

constexpr auto print = [](auto noun) { return to_out(std::move(noun)); };
constexpr auto cursor_by_id = [](const auto& noun) { return http::encode_cursor(noun.id); };

http::Page<AttachmentOut> page_of(const http::Paging& paging, std::vector<NamedAttachment> found) {
    return http::page_of(paging, std::move(found), print, [](const NamedAttachment& named) {
        return http::encode_cursor(named.attachment.during.from, named.attachment.id);
    });
}

void add_model_routes(http::Group& group, Devices& devices) {
    group.get("/v1/device-models", {.id = "device_models.list", .summary = "Device models, newest first"},
              [&devices](auth::StaffOrMay<Permission::devices_read, StaffPermission::device_models_read>,
                         http::Paging paging) -> Task<http::Page<ModelOut>> {
                  auto found = co_await devices.list_models(paging.after_one<ModelId>(), http::rows_wanted(paging));
                  co_return http::page_of(paging, std::move(found), print, cursor_by_id);
              });

    group.post("/v1/device-models", {.id = "device_models.add", .summary = "Add a device model"},
               [&devices](auth::StaffMay<StaffPermission::device_models_edit> actor,
                          http::Body<ModelIn> body) -> Task<http::Created<ModelOut>> {
                   auto model = co_await devices.add_model(actor, {std::move(body->name), body->expected_interval_s});
                   co_return http::Created<ModelOut>{to_out(std::move(model)), ""};
               });

    group.post(
        "/v1/device-models/{id}/calibrations",
        {.id = "device_models.calibrate", .summary = "Calibrate all devices of a model that have none of their own"},
        [&devices](auth::StaffMay<StaffPermission::device_models_edit> actor, ModelId id,
                   http::Body<CalibrationIn> body) -> Task<http::Created<CalibrationOut>> {
            auto calibration = co_await devices.calibrate_model(actor, id, to_noun(std::move(*body)));
            co_return http::Created<CalibrationOut>{to_out(std::move(calibration)), ""};
        });
}

void add_device_routes(http::Group& group, Devices& devices) {
    group.get("/v1/devices", {.id = "devices.list", .summary = "Devices with their health, newest first"},
              [&devices](May<Permission::devices_read> actor, http::Query<DeviceQuery> query,
                         http::Paging paging) -> Task<http::Page<DeviceOut>> {
                  auto found = co_await devices.list(actor, DeviceFilter{query->q, query->status},
                                                     paging.after_one<DeviceId>(), http::rows_wanted(paging));
                  co_return http::page_of(paging, std::move(found), print, cursor_by_id);
              });

    group.post(
        "/v1/devices", {.id = "devices.add", .summary = "Add a device to the company"},
        [&devices](May<Permission::devices_edit> actor, http::Body<DeviceIn> body) -> Task<http::Created<DeviceOut>> {
            NewDevice wanted{std::move(body->serial), std::move(body->name), body->model_id, body->near_dbm};
            auto device = co_await devices.add(actor, std::move(wanted));
            auto location = "/v1/devices/" + device.id.text();
            co_return http::Created<DeviceOut>{to_out(std::move(device)), std::move(location)};
        });

    group.get("/v1/devices/{id}", {.id = "devices.get", .summary = "One device"},
              [&devices](May<Permission::devices_read> actor, http::Request& request, DeviceId id) -> Task<DeviceOut> {
                  co_return shown(request, co_await devices.find(actor, id));
              });

    group.patch("/v1/devices/{id}", {.id = "devices.change", .summary = "Rename a device or change its state"},
                [&devices](May<Permission::devices_edit> actor, http::Request& request, DeviceId id, http::IfMatch seen,
                           http::Body<DevicePatch> body) -> Task<DeviceOut> {
                    DeviceChange change{std::move(body->name), body->state};
                    auto device = co_await devices.change(actor, id, std::move(change), http::expecting(seen));
                    co_return shown(request, std::move(device));
                });

    group.put(
        "/v1/devices/{id}/near-threshold",
        {.id = "devices.set_near_threshold", .summary = "What counts as near, from an instant on"},
        [&devices](May<Permission::devices_edit> actor, DeviceId id,
                   http::Body<NearThresholdIn> body) -> Task<DeviceOut> {
            co_return to_out(co_await devices.set_near_threshold(actor, id, body->effective_from, body->near_dbm));
        });

    group.get("/v1/devices/{id}/calibrations",
              {.id = "devices.list_calibrations", .summary = "A device's own calibrations, newest first"},
              [&devices](May<Permission::devices_read> actor, DeviceId id,
                         http::Paging paging) -> Task<http::Page<CalibrationOut>> {
                  std::optional<clock::Instant> before;
                  if (auto key = paging.after<clock::Instant>()) before = std::get<0>(*key);
                  auto found = co_await devices.list_calibrations(actor, id, before, http::rows_wanted(paging));
                  co_return http::page_of(paging, std::move(found), print, [](const Calibration& calibration) {
                      return http::encode_cursor(calibration.effective_from);
                  });
              });

    group.post("/v1/devices/{id}/calibrations", {.id = "devices.calibrate", .summary = "Calibrate a device"},
               [&devices](May<Permission::devices_edit> actor, DeviceId id,
                          http::Body<CalibrationIn> body) -> Task<http::Created<CalibrationOut>> {
                   auto calibration = co_await devices.calibrate(actor, id, to_noun(std::move(*body)));
                   co_return http::Created<CalibrationOut>{to_out(std::move(calibration)), ""};
               });
}

void add_token_routes(http::Group& group, Devices& devices) {
    group.get("/v1/devices/{id}/tokens", {.id = "devices.list_tokens", .summary = "A device's tokens, newest first"},
              [&devices](May<Permission::devices_read> actor, DeviceId id,
                         http::Paging paging) -> Task<http::Page<TokenOut>> {
                  auto found =
                      co_await devices.list_tokens(actor, id, paging.after_one<TokenId>(), http::rows_wanted(paging));
                  co_return http::page_of(paging, std::move(found), print, cursor_by_id);
              });

    group.post("/v1/devices/{id}/tokens",
               {.id = "devices.issue_token",
                .summary = "Give a device a token",
                .description = "Two may be active at a time, so that a device can change over without a gap."},
               [&devices](May<Permission::devices_edit> actor, DeviceId id) -> Task<http::Created<IssuedTokenOut>> {
                   auto issued = co_await devices.issue_token(actor, id);
                   co_return http::Created<IssuedTokenOut>{to_out(std::move(issued)), ""};
               });

    group.remove("/v1/devices/{id}/tokens/{token_id}", {.id = "devices.revoke_token", .summary = "Revoke a token"},
                 [&devices](May<Permission::devices_edit> actor, DeviceId id, TokenId token) -> Task<http::NoContent> {
                     co_await devices.revoke_token(actor, id, token);
                     co_return http::NoContent{};
                 });
}

void add_attachment_routes(http::Group& group, Devices& devices) {
    group.get("/v1/devices/{id}/attachments",
              {.id = "devices.list_attachments", .summary = "The assets a device was on, newest first"},
              [&devices](May<Permission::devices_read> actor, DeviceId id,
                         http::Paging paging) -> Task<http::Page<AttachmentOut>> {
                  auto found =
                      co_await devices.list_attachments(actor, id, after_attachment(paging), http::rows_wanted(paging));
                  co_return page_of(paging, std::move(found));
              });

    group.get("/v1/assets/{id}/attachments",
              {.id = "assets.list_attachments", .summary = "The devices that were on an asset, newest first"},
              [&devices](May<Permission::devices_read> actor, AssetId id,
                         http::Paging paging) -> Task<http::Page<AttachmentOut>> {
                  auto found =
                      co_await devices.list_attachments(actor, id, after_attachment(paging), http::rows_wanted(paging));
                  co_return page_of(paging, std::move(found));
              });

    group.post("/v1/devices/{id}/attachments",
               {.id = "devices.attach",
                .summary = "Put a device on an asset, now, later or in the past",
                .description = "A device is never on two assets, nor two devices in one position, at once."},
               [&devices](May<Permission::devices_edit> actor, DeviceId id,
                          http::Body<AttachmentIn> body) -> Task<http::Created<AttachmentOut>> {
                   NewAttachment wanted{body->asset_id, std::move(body->position), Span{body->from, body->to}};
                   auto attached = co_await devices.attach(actor, id, std::move(wanted));
                   co_return http::Created<AttachmentOut>{to_out(std::move(attached)), ""};
               });

    group.patch("/v1/attachments/{id}",
                {.id = "attachments.correct",
                 .summary = "Move the ends of an attachment",
                 .description = "To take a device off, set `to`. What was derived from the span is derived again."},
                [&devices](May<Permission::devices_edit> actor, AttachmentId id, http::IfMatch seen,
                           http::Body<AttachmentPatch> body) -> Task<http::Tagged<AttachmentOut>> {
                    AttachmentChange change{body->from, {}};
                    if (body->to.given) change.to = body->to.value;
                    auto corrected = co_await devices.correct_attachment(actor, id, change, http::expecting(seen));
                    co_return http::tagged(to_out(std::move(corrected)));
                });

    group.remove(
        "/v1/attachments/{id}", {.id = "attachments.delete", .summary = "Delete an attachment that never was"},
        [&devices](May<Permission::devices_edit> actor, AttachmentId id, http::IfMatch seen) -> Task<http::NoContent> {
            co_await devices.delete_attachment(actor, id, http::expecting(seen));
            co_return http::NoContent{};
        });
}

}  // namespace

void add_routes(http::Router& router, Devices& devices) {
    auto group = router.group("devices");
    add_model_routes(group, devices);
    add_device_routes(group, devices);
    add_token_routes(group, devices);
    add_attachment_routes(group, devices);
}

}  // namespace mobilytics::devices
