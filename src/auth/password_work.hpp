#pragma once

#include <cstdint>

namespace mobilytics::auth {

// How busy this process is with passwords. Any thread.
struct PasswordWork {
    int under_way = 0;         // hashed, or waiting to be
    std::int64_t refused = 0;  // since it began, because too many were under way
};

PasswordWork password_work();

}  // namespace mobilytics::auth
