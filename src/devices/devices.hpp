#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/clock/short_cache.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "platform/trace/cause.hpp"
#include "src/assets/ids.hpp"
#include "src/auth/actor.hpp"
#include "src/devices/attachment.hpp"
#include "src/devices/device.hpp"
#include "src/devices/history.hpp"
#include "src/devices/token.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Events;
}
namespace mobilytics::trail {
class Trail;
}
namespace mobilytics::assets {
class Assets;
}

namespace mobilytics::devices {

// Given the version of what is about to be changed; throws when the caller has seen another.
using ExpectVersion = std::function<void(std::string_view version)>;

struct DeviceFilter {
    std::optional<std::string> q;  // part of the serial or name, without regard to case
    std::optional<DeviceStatus> status;
};

// Where a list of attachments goes on: after this one.
struct AttachmentPlace {
    clock::Instant from;
    AttachmentId id;
};

struct NamedAttachment {
    Attachment attachment;
    std::string asset_name;
};

// Front door of the room. What belongs to another company does not exist here: missing "devices.not_found",
// "devices.token_not_found", "devices.attachment_not_found"; models are everybody's: "devices.model_not_found".
//
// Publishes, in the transaction of the change; times are RFC 3339, "to" null means without end, and the span is where
// visits may come out otherwise:
//   devices.attachment_changed     {"company_id","device_id","asset_ids":[...],"from","to"}  the hull of old and new
//   devices.calibration_changed    {"company_id","device_id","model_id","from","to"}  of a device (model_id null), or
//                                  of a model (device_id null; one event for each company that has such devices)
//   devices.near_threshold_changed {"company_id","device_id","from","to"}
class Devices {
public:
    Devices(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail,
            assets::Assets& assets);

    // ---- models: everybody reads them, staff write them ----

    Task<std::vector<Model>> list_models(std::optional<ModelId> after, int limit);  // newest first
    // Refuses: invalid "devices.invalid_model", conflict "devices.model_exists" (the name).
    Task<Model> add_model(auth::Staff actor, NewModel wanted);
    // For devices without a calibration of their own then. Refuses: invalid "devices.invalid_calibration", conflict
    // "devices.calibration_exists" (the instant).
    Task<Calibration> calibrate_model(auth::Staff actor, ModelId id, NewCalibration wanted);

    // ---- devices ----

    Task<std::vector<Device>> list(auth::Company actor, DeviceFilter filter, std::optional<DeviceId> after,
                                   int limit);  // newest first
    Task<Device> find(auth::Company actor, DeviceId id);
    // A near threshold given here holds for all time. Refuses: invalid "devices.invalid", "devices.unknown_model",
    // "devices.invalid_near_threshold"; conflict "devices.serial_taken".
    Task<Device> add(auth::Company actor, NewDevice wanted);
    // Disabled: what it sends is refused, its past stays.
    Task<Device> change(auth::Company actor, DeviceId id, DeviceChange change, ExpectVersion expect);

    // The strongest sighting of a visit must reach this (dBm) for the visit to be near. In force from the instant
    // until the next threshold's; one for the same instant replaces it.
    Task<Device> set_near_threshold(auth::Company actor, DeviceId id, clock::Instant from, std::int16_t near_dbm);

    Task<std::vector<Calibration>> list_calibrations(auth::Company actor, DeviceId id,
                                                     std::optional<clock::Instant> before, int limit);
    // Refuses as calibrate_model does.
    Task<Calibration> calibrate(auth::Company actor, DeviceId id, NewCalibration wanted);

    // ---- tokens: how a device proves who it is ----

    Task<std::vector<Token>> list_tokens(auth::Company actor, DeviceId id, std::optional<TokenId> after, int limit);
    // The secret is in this answer and nowhere else; its SHA-256 is stored. Refuses a third active one: conflict
    // "devices.too_many_tokens".
    Task<IssuedToken> issue_token(auth::Company actor, DeviceId id);
    // At once on this node, within 30 s on others. Revoking again changes nothing.
    Task<void> revoke_token(auth::Company actor, DeviceId id, TokenId token);
    // Whose active token this text is; nothing for any other text. Asks the database at most every 30 s a token.
    Task<std::optional<DeviceActor>> authenticate(std::string text);

    // ---- attachments: which device was on which asset, when ----

    Task<std::vector<NamedAttachment>> list_attachments(auth::Company actor, DeviceId id,
                                                        std::optional<AttachmentPlace> after, int limit);
    Task<std::vector<NamedAttachment>> list_attachments(auth::Company actor, AssetId id,
                                                        std::optional<AttachmentPlace> after, int limit);
    // A device in stock is active from here on. Refuses: conflict "devices.attachment_overlaps" when the device is on
    // an asset then, or another device is in that position of the asset; conflict "devices.asset_retired"; invalid
    // "devices.invalid_attachment"; missing "assets.not_found".
    Task<NamedAttachment> attach(auth::Company actor, DeviceId id, NewAttachment wanted);
    // Moves its ends. Refuses: conflict "devices.attachment_overlaps", invalid "devices.invalid_attachment".
    Task<NamedAttachment> correct_attachment(auth::Company actor, AttachmentId id, AttachmentChange change,
                                             ExpectVersion expect);
    // It never was.
    Task<void> delete_attachment(auth::Company actor, AttachmentId id, ExpectVersion expect);

    // ---- for measurement ----

    // Everything dated about a company's devices, as this transaction sees it.
    Task<DeviceHistory> history(db::Session& session, CompanyId company);

    // For accepting what comes in; at most 5 s old on this node. A device that is missing from it may be newer than
    // that: ask fresh_registry before refusing it.
    Task<std::shared_ptr<const Registry>> registry(CompanyId company);
    Task<std::shared_ptr<const Registry>> fresh_registry(CompanyId company);

    // Last words of devices, in the caller's transaction; of each device the newest is kept, whatever the order they
    // come in. They must be in the registry. The session's scope decides whose may be written.
    Task<void> heard_from(db::Session& session, std::vector<Heard> heard);

private:
    struct KnownToken {
        crypto::Digest secret;
        DeviceActor actor;
    };

    Task<void> hold(db::Session& session, CompanyId company, DeviceId id);
    Task<std::vector<Device>> on_named_assets(CompanyId company, std::vector<Device> devices);
    Task<std::vector<NamedAttachment>> named(CompanyId company, std::vector<Attachment> attachments);
    Task<NamedAttachment> named(CompanyId company, Attachment attachment);
    // Runs the change in a transaction. False: an attachment is in the way, nothing was done.
    Task<bool> fits(CompanyId company, std::function<Task<void>(db::Session& session)> change);
    Task<Problem> overlap(CompanyId company, Attachment attachment);

    Task<void> publish_attachment(db::Session& session, auth::Company actor, DeviceId device, AssetId asset, Span span);
    Task<void> publish_calibration(db::Session& session, CompanyId company, std::optional<DeviceId> device,
                                   std::optional<ModelId> model, Span span, trace::Cause cause);
    Task<void> publish_near_threshold(db::Session& session, auth::Company actor, DeviceId device, Span span);

    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Events& events_;
    trail::Trail& trail_;
    assets::Assets& assets_;
    clock::ShortCache<TokenId, KnownToken> tokens_;
    clock::ShortCache<CompanyId, std::shared_ptr<const Registry>> registries_;
};

void add_routes(http::Router& router, Devices& devices);

}  // namespace mobilytics::devices
