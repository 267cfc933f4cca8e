#pragma once

#include <string>

#include "platform/trace/trace.hpp"

namespace mobilytics::trace {

// What work follows from that nobody waits for. Ids alone, as they are printed: it is kept with the work and logged.
struct Cause {
    Context trace{};
    std::string request_id{};
    std::string user{};          // the person, key or device who asked; empty where nobody did
    std::string impersonator{};  // the member of staff behind the person
};

}  // namespace mobilytics::trace
