#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/trail/changes.hpp"
#include "src/webhooks/ids.hpp"

// Where a company wants to be told of what happened. Values only.
namespace mobilytics::webhooks {

using clock::Instant;

inline constexpr int most_endpoints = 20;  // of a company
inline constexpr std::chrono::hours previous_secret_lasts{24};

enum class DisabledBecause {
    person,   // somebody disabled it
    gone,     // it answered 410
    failing,  // nothing got through for as long as a message is tried
};

// What is wrong with a URL ("must ..."); nothing: it may be one.
using UrlCheck = std::function<std::optional<std::string>(const std::string& url)>;

struct NewEndpoint {
    std::string url;
    std::string description;
    std::optional<std::vector<std::string>> event_types;  // none: all, also those to come
    std::optional<int> per_second;                        // none: as fast as it answers
};

struct EndpointChange {
    std::optional<std::string> url;
    std::optional<std::string> description;
    std::optional<std::optional<std::vector<std::string>>> event_types;
    std::optional<std::optional<int>> per_second;
};

struct Endpoint {
    EndpointId id;
    std::string url;
    std::string description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<int> per_second;
    bool enabled = true;
    std::optional<DisabledBecause> disabled_because;
    std::optional<Instant> disabled_at;
    std::optional<Instant> failing_since;   // the first failure after the last success
    std::optional<Instant> previous_until;  // until then the secret before the last rotation signs too
    int version = 1;
    Instant created_at;

    // Refuses: invalid "webhooks.invalid".
    static Endpoint made(EndpointId id, NewEndpoint wanted, Instant now, const UrlCheck& wrong_with);
    Endpoint changed(EndpointChange change, const UrlCheck& wrong_with) const;

    // What was failing begins anew.
    Endpoint enabled_again() const;
    Endpoint disabled(DisabledBecause why, Instant now) const;

    // Scheme and host: what others may see, since the rest of a URL is often as good as a password.
    std::string origin() const;
};

// For the trail: from nothing, from another state of the same, to nothing.
trail::Changes made_with(const Endpoint& endpoint);
trail::Changes difference(const Endpoint& before, const Endpoint& after);

}  // namespace mobilytics::webhooks
