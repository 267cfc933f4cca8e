#pragma once

#include <string>

#include "platform/trail/trail.hpp"

// Events as CSV (RFC 4180), a line each. Pure.
namespace mobilytics::audit {

std::string csv_head();
std::string csv_line(const trail::Recorded& event);

}  // namespace mobilytics::audit
