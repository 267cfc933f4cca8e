#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/webhooks/ids.hpp"

// A message on its way to an endpoint, and when it is tried again. Values only.
namespace mobilytics::webhooks {

using clock::Instant;

enum class DeliveryState {
    pending,    // will be tried, or is just being tried
    succeeded,  // the receiver answered 2xx
    failed,     // it was tried as often as it is
    cancelled,  // its endpoint was disabled or deleted meanwhile
};

struct Delivery {
    DeliveryId id;
    EndpointId endpoint;
    MessageId message;
    std::string type;
    DeliveryState state = DeliveryState::pending;
    int attempts = 0;                       // in all
    int round = 0;                          // since it was last asked for, by the event or by a person
    std::optional<Instant> round_began_at;  // the first of those
    std::optional<Instant> next_attempt_at;
    std::optional<int> last_status;
    Instant created_at;
    std::optional<Instant> ended_at;

    // A new round begins now; one under way only comes sooner.
    Delivery asked_for_again(Instant now) const;
};

// What came of one attempt.
struct Attempt {
    int number = 1;  // of the delivery
    Instant at;
    std::chrono::milliseconds took{};
    std::optional<int> status;  // none: no answer
    std::string failure;        // why there was none
    std::string url;
    std::vector<std::string> request_headers;
    std::string response_body;  // its beginning, as text
};

// Standard Webhooks 1.0: ten attempts over 75 h 35 min.
inline constexpr std::array<std::chrono::seconds, 9> retry_pauses{
    std::chrono::seconds{5}, std::chrono::minutes{5}, std::chrono::minutes{30},
    std::chrono::hours{2},   std::chrono::hours{5},   std::chrono::hours{10},
    std::chrono::hours{14},  std::chrono::hours{20},  std::chrono::hours{24}};

// Pauses are up to a tenth shorter or longer, by `chance` in [0, 1), so that what failed together does not come back
// together. A receiver that says when to come back is heeded, up to the longest pause.
std::optional<Instant> next_attempt(int round, Instant now, std::optional<std::chrono::seconds> retry_after,
                                    double chance);

// The delivery after an attempt: 2xx is success, everything else, also a redirect, is not. 410 (gone) ends it at once.
Delivery after(Delivery before, const Attempt& attempt, Instant now, std::optional<std::chrono::seconds> retry_after,
               double chance);

bool is_success(const Attempt& attempt);
bool is_gone(const Attempt& attempt);

// What a receiver answered, fit for a text column: valid UTF-8 without control characters but line ends and tabs.
std::string readable(std::string_view bytes);

}  // namespace mobilytics::webhooks
