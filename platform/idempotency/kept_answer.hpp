#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mobilytics::idempotency {

// An answer as it is kept, to be given again.
struct KeptAnswer {
    int status = 200;
    std::string content_type;
    std::string etag;
    std::string cache_control;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    bool operator==(const KeptAnswer&) const = default;
};

// As bytes that only the holder of the key can read: answers hold secrets such as new API keys, of which the database
// has hashes only.
std::vector<std::byte> seal(const KeptAnswer& answer, std::string_view key);
std::optional<KeptAnswer> open(std::span<const std::byte> sealed, std::string_view key);

}  // namespace mobilytics::idempotency
