#pragma once

#include <string>
#include <utility>

#include "platform/crypto/sealer.hpp"
#include "platform/trail/trail.hpp"

namespace mobilytics::trail {

// After the key changed that seals `what`.
inline Entry resealed(std::string what, const crypto::Renewal& found) {
    Entry entry{.action = "secrets.resealed", .resource_id = {}, .resource_label = std::move(what)};
    entry.changes.made("renewed", found.renewed);
    entry.changes.made("current", found.current);
    entry.changes.made("lost", found.lost);
    return entry;
}

}  // namespace mobilytics::trail
