#pragma once

#include "app/demo/demo.hpp"

namespace mobilytics::demo {

// Makes staff, the company, its people, keys, devices, assets, campaigns and regions. Not a part of it can be made
// twice: e-mail addresses are unique.
Task<DemoFile> make_company(app::Modules& modules, clock::Instant now, std::uint64_t seed);

}  // namespace mobilytics::demo
