#pragma once

#include "platform/trail/trail.hpp"
#include "src/assets/asset.hpp"

// What the trail says of a change to an asset. Pure.
namespace mobilytics::assets {

trail::Entry created(const Asset& asset);
trail::Entry changed(const Asset& before, const Asset& after);
trail::Entry face_added(const Asset& asset, const Face& face);

}  // namespace mobilytics::assets
