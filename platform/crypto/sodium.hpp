#pragma once

#include <sodium.h>

#include <stdexcept>

namespace mobilytics::crypto {

// libsodium must be initialised once before anything of it is used; any thread may come first.
inline void need_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error("libsodium cannot be initialised");
}

}  // namespace mobilytics::crypto
