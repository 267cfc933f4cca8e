#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/person.hpp"

// Sessions and what they show. A session is a row on the server; the browser holds 256 random bits that name it.
namespace mobilytics::auth {

inline constexpr std::chrono::hours idle_limit{12};
inline constexpr std::chrono::hours absolute_limit{7 * 24};
// How exactly last_seen_at and last_used_at are kept: a write a minute, not one a request.
inline constexpr std::chrono::minutes touch_interval{1};

// How long the token before a rotation is good: requests of other tabs are on their way.
inline constexpr std::chrono::seconds rotation_grace{10};
// For how long after the password was shown what guards the account may be changed.
inline constexpr std::chrono::minutes confirmation_span{15};

// A session as its person sees it in a list.
struct OpenSession {
    SessionId id;
    clock::Instant created_at;
    clock::Instant last_seen_at;
    clock::Instant expires_at;
    std::string address;
    std::string user_agent;
};

// What the operator asks of Mobilytics' own staff.
struct StaffRules {
    bool factor_asked = false;  // who has no second factor may do nothing as staff, by session or key
};

// What a company shows of itself to those who may enter it.
struct CompanyCard {
    CompanyId id;
    std::string name;
    std::string zone;
    std::string country;
    std::string logo_text;
};

struct Membership {
    CompanyId company;
    Role role = Role::viewer;
    bool suspended = false;
    bool factor_missing = false;  // the company asks a second factor of its members, and the person has none
};

struct SessionRecord {
    SessionId id;
    UserId user;
    std::string csrf_token;
    std::optional<CompanyId> entered_company = {};
    clock::Instant expires_at;
    std::optional<clock::Instant> confirmed_at = {};
    bool bound = false;  // to the company entered, whose own provider opened it
};

struct SessionCompany {
    CompanyCard card;
    Role role = Role::viewer;
};

// All that a signed-in person's screen needs to begin with.
struct SessionView {
    SessionId id;
    User user;
    std::optional<SessionCompany> company = {};           // the one entered
    std::vector<SessionCompany> companies = {};           // all that may be entered
    std::vector<Permission> permissions = {};             // none while the company is suspended, or a factor is missing
    bool suspended = false;                               // the company entered is
    bool factor_missing = false;                          // the company entered asks for a second one
    std::vector<StaffPermission> staff_permissions = {};  // none while a factor that staff are asked for is missing
    bool staff_factor_missing = false;
    std::string csrf_token;
    clock::Instant expires_at;
    std::optional<clock::Instant> confirmed_until = {};
    bool bound = false;  // to the company, whose own provider opened it
};

// Where a new session begins: the first membership whose company is not suspended, else the first.
std::optional<CompanyId> first_to_enter(const std::vector<Membership>& memberships);

std::vector<Permission> permissions_of(Role role);
std::vector<StaffPermission> permissions_of(StaffRole role);

}  // namespace mobilytics::auth
