#pragma once

#include "platform/ids/id.hpp"

namespace mobilytics {

struct DeviceTag {
    static constexpr std::string_view prefix = "dev";
};
using DeviceId = ids::Id<DeviceTag>;

struct ModelTag {
    static constexpr std::string_view prefix = "mdl";
};
using ModelId = ids::Id<ModelTag>;

struct TokenTag {
    static constexpr std::string_view prefix = "tok";
};
using TokenId = ids::Id<TokenTag>;

struct CalibrationTag {
    static constexpr std::string_view prefix = "cal";
};
using CalibrationId = ids::Id<CalibrationTag>;

struct AttachmentTag {
    static constexpr std::string_view prefix = "att";
};
using AttachmentId = ids::Id<AttachmentTag>;

}  // namespace mobilytics
