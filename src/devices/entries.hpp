#pragma once

#include <string_view>

#include "platform/trail/trail.hpp"
#include "src/devices/attachment.hpp"
#include "src/devices/device.hpp"
#include "src/devices/token.hpp"

// What the trail says of a change to a device, its tokens, its attachments or a model. Pure.
namespace mobilytics::devices {

trail::Entry created(const Model& model);
trail::Entry calibrated(const Model& model, const Calibration& calibration);

trail::Entry created(DeviceId id, const NewDevice& device);
trail::Entry changed(const Device& before, const DeviceChange& change);
trail::Entry near_threshold_set(DeviceId id, clock::Instant from, std::int16_t near_dbm);
trail::Entry calibrated(DeviceId id, const Calibration& calibration);

trail::Entry token_issued(DeviceId id, TokenId token);
trail::Entry token_revoked(DeviceId id, TokenId token);

// The label is the name of the asset.
trail::Entry created(const Attachment& attachment, std::string_view asset_name);
trail::Entry changed(const Attachment& before, const Attachment& after, std::string_view asset_name);
trail::Entry deleted(const Attachment& attachment, std::string_view asset_name);

}  // namespace mobilytics::devices
