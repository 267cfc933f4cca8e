#pragma once

#include "app/demo/demo.hpp"

namespace mobilytics::demo {

// Makes staff, the company with its people, keys, devices, assets, campaigns and regions, and another company beside
// it. No part of it can be made twice: e-mail addresses are unique.
Task<DemoFile> make_company(app::Modules& modules, clock::Instant now, const Options& options);

}  // namespace mobilytics::demo
