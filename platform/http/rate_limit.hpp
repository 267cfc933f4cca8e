#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/http/request.hpp"

namespace mobilytics::http {

struct Quota {
    int requests = 0;  // 0: no limit
    std::chrono::seconds window{60};
};

// A bucket of tokens per caller: it holds the quota of one window and fills evenly, so that a burst is served and a
// flood is not. Each process counts for itself. Told to clients by RateLimit-Policy and RateLimit
// (draft-ietf-httpapi-ratelimit-headers).
class RateLimit {
public:
    using Steady = std::chrono::steady_clock;

    explicit RateLimit(Quota quota);

    // Takes a token of a known caller and says in the answer what is left. Throws Problem too_many
    // "http.quota_exceeded" when there is none.
    void count(Request& request) { count(request, request.caller.user); }

    // The same for whoever is counted as one.
    void count(Request& request, std::string_view caller);

    struct Standing {
        bool allowed = true;
        std::int64_t left = 0;
        std::chrono::seconds full_in{0};
        std::chrono::seconds next_in{0};  // when it is not allowed
    };
    Standing take(std::string_view caller, Steady::time_point now);

    std::size_t callers();

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    void forget_full(Steady::time_point now);

    Quota quota_;
    Steady::duration token_{1};  // in that time one flows in
    std::string policy_;
    std::mutex mutex_;
    std::unordered_map<std::string, Steady::time_point, Hash, std::equal_to<>> full_at_;
    Steady::time_point forgotten_at_{};
};

}  // namespace mobilytics::http
