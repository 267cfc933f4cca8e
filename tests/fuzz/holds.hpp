#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

// For fuzz targets: what must be true of every input. A broken promise ends the process, which libFuzzer reports with
// the input.
namespace mobilytics::fuzz {

inline void holds(bool promise, std::string_view what) {
    if (promise) return;
    std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

inline std::string_view text_of(const unsigned char* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace mobilytics::fuzz
