#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/problem/faults.hpp"
#include "src/auth/ids.hpp"

// A company: the tenant that owns devices, assets, campaigns and exposures.
namespace mobilytics::companies {

enum class State { active, suspended };

// What becomes of visits that begin while a vehicle stands still: measurement.md 3.7.
enum class ParkedKind { count, exclude, cap };

struct ParkedPolicy {
    ParkedKind kind = ParkedKind::count;
    int cap_minutes = 10;  // of a stop, whose visits still count; for `cap` only
    bool operator==(const ParkedPolicy&) const = default;
};

struct DatedParkedPolicy {
    clock::Instant effective_from;
    ParkedKind kind = ParkedKind::count;
    int cap_minutes = 10;
    bool operator==(const DatedParkedPolicy&) const = default;
};

struct Company {
    CompanyId id;
    std::string name;
    std::string zone;     // IANA name
    std::string country;  // ISO 3166-1, two letters
    State state = State::active;
    int privacy_floor = 10;
    ParkedPolicy parked_policy;  // in force when the company was read
    clock::Instant created_at;

    std::int64_t version = 1;  // changes with every edit
    std::optional<clock::Instant> parked_policy_since = {};

    // Changes whenever what a reader sees of the company does.
    std::string tag() const;
};

struct NewCompany {
    std::string name;
    std::string zone;
    std::string country;
};

struct CompanyPatch {
    std::optional<std::string> name;
    std::optional<std::string> zone;
    std::optional<State> state;

    Company apply_to(Company company) const;
};

// Add what is wrong, by JSON pointer.
void check_name(std::string_view name, Faults& faults);
void check_zone(std::string_view zone, Faults& faults);
void check_country(std::string_view country, Faults& faults);
void check(const ParkedPolicy& policy, Faults& faults);

// The first letters of the first two words: stands for a logo until there is one.
std::string logo_text(std::string_view name);

}  // namespace mobilytics::companies
