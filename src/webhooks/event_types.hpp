#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"

namespace mobilytics::trail {
struct Recorded;
}

// What customers may be told of, and what of it: each type lists the fields that go out, so that a new field of an
// event stays inside until somebody decides otherwise. Values only.
namespace mobilytics::webhooks {

struct EventType {
    std::string_view type;  // an action of the trail
    std::string_view description;
    bool named;                                // the thing's name goes out too; never a person's
    std::span<const std::string_view> fields;  // of the changes
};

// By name.
std::span<const EventType> event_types();
const EventType* event_type_named(std::string_view type);

inline constexpr std::string_view test_type = "webhook.test";

// {"type","timestamp","data":{"id","name","event_id","changes"}}: what happened to which thing, when. The rest is for
// the receiver to read through the API, where permissions hold.
std::string body_of(const EventType& type, const trail::Recorded& event);
std::string test_body(std::string_view endpoint_id, clock::Instant at);

}  // namespace mobilytics::webhooks
