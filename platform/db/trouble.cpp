#include "platform/db/trouble.hpp"

#include "platform/db/result.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::db {

namespace {

constexpr std::string_view statement_took_too_long = "57014";
constexpr std::string_view insufficient_resources = "53";  // a class: disk full, out of memory, too many connections

}  // namespace

std::optional<Problem> passing_trouble(const std::exception& failure) {
    const auto* refusal = dynamic_cast<const DatabaseError*>(&failure);
    if (!refusal) return std::nullopt;
    const std::string& state = refusal->sqlstate();
    const bool passes =
        refusal->retryable() || state == statement_took_too_long || state.starts_with(insufficient_resources);
    if (!passes) return std::nullopt;
    log::warn("the database is in trouble", {{"sqlstate", state}, {"what", refusal->what()}});
    Problem problem{mobilytics::Kind::unavailable, "database.overloaded",
                    "The database could not do this at the moment; try again shortly."};
    problem.retry_after_seconds = 1;
    return problem;
}

}  // namespace mobilytics::db
