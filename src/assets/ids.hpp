#pragma once

#include "platform/ids/id.hpp"

namespace mobilytics {

struct AssetTag {
    static constexpr std::string_view prefix = "ast";
};
using AssetId = ids::Id<AssetTag>;

struct FaceTag {
    static constexpr std::string_view prefix = "fac";
};
using FaceId = ids::Id<FaceTag>;

}  // namespace mobilytics
