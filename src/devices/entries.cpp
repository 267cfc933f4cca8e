#include "src/devices/entries.hpp"

#include <string>
#include <utility>

#include "platform/json/enum_names.hpp"

namespace mobilytics::devices {

namespace {

trail::Entry about(std::string_view action, std::string resource, std::string_view label, trail::Changes changes) {
    return {.action = std::string{action},
            .resource_id = std::move(resource),
            .resource_label = std::string{label},
            .changes = std::move(changes)};
}

std::optional<std::string> end_of(const Span& span) { return span.to.transform(&clock::to_rfc3339); }

trail::Changes fields_of(const Calibration& calibration) {
    trail::Changes changes;
    changes.made("calibration_id", calibration.id.text());
    changes.made("effective_from", clock::to_rfc3339(calibration.effective_from));
    changes.made("factor", calibration.factor).made("low", calibration.low).made("high", calibration.high);
    changes.made("method", calibration.method);
    return changes;
}

}  // namespace

trail::Entry created(const Model& model) {
    trail::Changes changes;
    changes.made("name", model.name).made("expected_interval_s", model.expected_interval_s);
    return about("device_model.created", model.id.text(), model.name, std::move(changes));
}

trail::Entry calibrated(const Model& model, const Calibration& calibration) {
    return about("device_model.calibrated", model.id.text(), model.name, fields_of(calibration));
}

trail::Entry created(DeviceId id, const NewDevice& device) {
    trail::Changes changes;
    changes.made("serial", device.serial).made("model_id", device.model.text());
    changes.made("name", device.name.value_or(device.serial));
    if (device.near_dbm) changes.made("near_dbm", *device.near_dbm);
    return about("device.created", id.text(), device.serial, std::move(changes));
}

trail::Entry changed(const Device& before, const DeviceChange& change) {
    trail::Changes changes;
    if (change.name) changes.field("name", before.name, *change.name);
    if (change.state)
        changes.field("state", std::string{json::name_of(before.state)}, std::string{json::name_of(*change.state)});
    return about("device.changed", before.id.text(), before.serial, std::move(changes));
}

trail::Entry near_threshold_set(DeviceId id, clock::Instant from, std::int16_t near_dbm) {
    trail::Changes changes;
    changes.made("from", clock::to_rfc3339(from)).made("near_dbm", near_dbm);
    return about("device.near_threshold_set", id.text(), "", std::move(changes));
}

trail::Entry calibrated(DeviceId id, const Calibration& calibration) {
    return about("device.calibrated", id.text(), "", fields_of(calibration));
}

trail::Entry token_issued(DeviceId id, TokenId token) {
    trail::Changes changes;
    changes.made("device_id", id.text()).hidden("secret");
    return about("device_token.issued", token.text(), "", std::move(changes));
}

trail::Entry token_revoked(DeviceId id, TokenId token) {
    trail::Changes changes;
    changes.gone("device_id", id.text());
    return about("device_token.revoked", token.text(), "", std::move(changes));
}

trail::Entry created(const Attachment& attachment, std::string_view asset_name) {
    trail::Changes changes;
    changes.made("device_id", attachment.device.text()).made("asset_id", attachment.asset.text());
    changes.made("position", attachment.position);
    changes.made("from", clock::to_rfc3339(attachment.during.from)).made("to", end_of(attachment.during));
    return about("attachment.created", attachment.id.text(), asset_name, std::move(changes));
}

trail::Entry changed(const Attachment& before, const Attachment& after, std::string_view asset_name) {
    trail::Changes changes;
    changes.field("from", clock::to_rfc3339(before.during.from), clock::to_rfc3339(after.during.from));
    changes.field("to", end_of(before.during), end_of(after.during));
    return about("attachment.changed", after.id.text(), asset_name, std::move(changes));
}

trail::Entry deleted(const Attachment& attachment, std::string_view asset_name) {
    trail::Changes changes;
    changes.gone("device_id", attachment.device.text()).gone("asset_id", attachment.asset.text());
    changes.gone("from", clock::to_rfc3339(attachment.during.from)).gone("to", end_of(attachment.during));
    return about("attachment.deleted", attachment.id.text(), asset_name, std::move(changes));
}

}  // namespace mobilytics::devices
