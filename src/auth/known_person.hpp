#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/auth/actor.hpp"

// People and staff as Mobilytics' staff see them. Values only.
namespace mobilytics::auth {

struct PersonsCompany {
    CompanyId id;
    std::string name;
    Role role = Role::viewer;
    bool suspended = false;
};

struct KnownPerson {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    bool email_verified = false;
    clock::Instant created_at;
    std::optional<clock::Instant> disabled_at = {};
    std::optional<StaffRole> staff = {};
    bool has_app = false;
    std::int64_t passkeys = 0;
    std::int64_t recovery_codes = 0;
    std::int64_t sessions = 0;                          // that go on
    std::optional<clock::Instant> recovery_until = {};  // a letter with a way back is good until then
    std::vector<PersonsCompany> companies = {};

    bool has_factor() const { return has_app || passkeys > 0; }
};

inline constexpr std::chrono::hours recovery_span{24};

struct StaffMember {
    UserId id;
    std::string email;
    std::string name;
    StaffRole role = StaffRole::support;
    clock::Instant created_at;  // of the account
    bool disabled = false;
    bool has_factor = false;
};

// A program of staff's own: it acts as its person.
struct StaffKey {
    ApiKeyId id;
    UserId user;
    std::string person;
    std::string name;
    clock::Instant created_at;
    clock::Instant expires_at;
    std::optional<clock::Instant> revoked_at = {};
};

}  // namespace mobilytics::auth
