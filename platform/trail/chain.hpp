#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/trail/trail.hpp"

// The hashes that tie the events of a company together. Pure.
namespace mobilytics::trail {

// Of the form that is hashed; stored with each event, so that a later form can stand beside this one.
inline constexpr std::int16_t form_version = 1;

// SHA-256 over all of the event and the hash of the one before (empty before the first).
db::Bytes hash_of(const Recorded& event, const db::Bytes& hash_before);

// A place in the chain: the last event so far and its hash; sequence 0 is the beginning.
struct Link {
    std::int64_t sequence = 0;
    db::Bytes hash;
    bool operator==(const Link&) const = default;
};

// Follows a chain from a known link, event by event in their order, until something is wrong.
class Walk {
public:
    explicit Walk(Link from) : at_{std::move(from)} {}

    // What is wrong with this event as the next one; nothing when it is what was written.
    std::optional<std::string> step(const Recorded& event, const db::Bytes& stored_hash);

    const Link& at() const { return at_; }

private:
    Link at_;
};

}  // namespace mobilytics::trail
