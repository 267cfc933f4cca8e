#pragma once

#include "platform/ids/id.hpp"

namespace mobilytics::webhooks {

struct EndpointTag {
    static constexpr std::string_view prefix = "wep";
};
using EndpointId = ids::Id<EndpointTag>;

// The id that receivers tell repeated messages by; the same at every attempt.
struct MessageTag {
    static constexpr std::string_view prefix = "msg";
};
using MessageId = ids::Id<MessageTag>;

struct DeliveryTag {
    static constexpr std::string_view prefix = "dlv";
};
using DeliveryId = ids::Id<DeliveryTag>;

}  // namespace mobilytics::webhooks
