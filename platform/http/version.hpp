#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "platform/http/parameters.hpp"
#include "platform/http/response.hpp"
#include "platform/json/schema.hpp"

// How two people who edit one thing do not undo each other's work: what can be edited shows its `version`, which is
// its ETag too, and an edit that brings it back as If-Match is refused once somebody else was quicker.
namespace mobilytics::http {

inline constexpr json::Field version_field{
    .name = "version",
    .description = "The ETag without its quotes. Send it, in quotes, as If-Match with an edit, a step or a delete."};

// An answer with a `version`, and that as its ETag.
template <class Out>
Tagged<Out> tagged(Out out) {
    std::string version = out.version;
    return {std::move(out), std::move(version)};
}

// What a front door is to ask about the version it is about to change.
inline auto expecting(IfMatch seen) {
    return [seen = std::move(seen)](std::string_view version) { seen.require(version); };
}

}  // namespace mobilytics::http
