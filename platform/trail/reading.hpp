#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/trail/chain.hpp"

// The trail as it is read. The session's or the read's scope must reach the company.
namespace mobilytics::trail {

// What is not given does not filter.
struct Filter {
    std::optional<std::string> action;    // the whole, or all of a noun: "campaign."
    std::optional<std::string> actor_id;  // also as impersonator
    std::optional<std::string> resource_id;
    std::optional<Outcome> outcome;
    std::optional<clock::Instant> from;  // at this instant or later
    std::optional<clock::Instant> to;    // before this instant
    bool by_staff = false;               // or by them as somebody else; no others
};

// Newest first, those before the given sequence number.
db::Statement newest(ids::Uuid company, const Filter& filter, std::optional<std::int64_t> before, int limit);
// How many, counted no further than `most`.
db::Statement count(ids::Uuid company, const Filter& filter, std::int64_t most);
std::vector<Recorded> events_in(const db::Result& result);

// What a company's chain was found to be.
struct Finding {
    Link first;                        // where it begins: after events that were let go, or at the beginning
    Link last;                         // as far as it is whole
    std::optional<std::string> wrong;  // a sentence; nothing when all of it is whole
};

// Those that have events; nil for the events of no company.
Task<std::vector<ids::Uuid>> companies(db::Database& database);

// Follows the company's chain to its head, in one snapshot. What others witness of it, in ascending order, must be on
// the way; without a witness of it the chain cannot begin anywhere but at its beginning.
Task<Finding> verify(db::Database& database, ids::Uuid company, std::vector<Link> witnesses = {});

// The same for what came after a link that was verified before.
Task<Finding> verify_after(db::Database& database, ids::Uuid company, Link known);

// The last event; sequence 0 when there is none.
Task<Link> head(db::Database& database, ids::Uuid company);

// Lets the events up to the link go, which must be older than 90 days; how many went.
Task<std::int64_t> prune(db::Database& database, ids::Uuid company, Link up_to);

}  // namespace mobilytics::trail
