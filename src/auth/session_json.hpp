#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/json/describe.hpp"
#include "src/auth/session.hpp"

// A session as its own screen reads it. Two ways of signing in answer with it.
namespace mobilytics::auth {

struct SessionUserOut {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    bool email_verified = false;

    static constexpr json::Field about[] = {
        {.name = "email_verified", .description = "Whether a letter sent to the address was answered."}};
};

struct SessionCompanyOut {
    CompanyId id;
    std::string name;
    std::string zone;
    std::string country;
    std::string logo_text;

    static constexpr json::Field about[] = {{.name = "logo_text", .description = "Up to two letters."}};
};

struct EntranceOut {
    CompanyId id;
    std::string name;
    Role role = Role::viewer;
};

struct SessionOut {
    SessionId id;
    SessionUserOut user;
    bool staff = false;
    std::optional<StaffRole> staff_role = {};
    std::vector<std::string> staff_permissions = {};
    bool staff_second_factor_missing = false;
    std::optional<Role> role = {};
    std::optional<SessionCompanyOut> company = {};
    std::vector<EntranceOut> companies = {};
    std::vector<std::string> permissions = {};
    bool company_suspended = false;
    bool second_factor_missing = false;
    std::string csrf_token;
    clock::Instant expires_at;
    std::optional<clock::Instant> confirmed_until = {};
    bool opened_by_provider = false;

    static constexpr json::Field about[] = {
        {.name = "staff_role", .description = "Of a member of Mobilytics' own staff."},
        {.name = "staff_permissions", .description = "What that role may do; empty while a second factor is missing."},
        {.name = "staff_second_factor_missing",
         .description = "Staff are asked for a second factor here, and the person has none yet."},
        {.name = "company", .description = "The company entered; null for staff who belong to none."},
        {.name = "companies", .description = "Companies that the person may enter."},
        {.name = "permissions",
         .description = "What the role may do; empty while the company is suspended, or a second factor is missing."},
        {.name = "company_suspended",
         .description = "Mobilytics keeps the people and keys of the company entered out; its data is kept."},
        {.name = "second_factor_missing",
         .description = "The company entered asks its members for a second factor, and the person has none yet."},
        {.name = "csrf_token", .description = "Goes into X-Csrf-Token of every request that changes something."},
        {.name = "expires_at", .description = "The session ends then, or after 12 hours without a request."},
        {.name = "confirmed_until",
         .description =
             "Until then what guards the account may be changed without the password; see sessions.confirm."},
        {.name = "opened_by_provider",
         .description = "The company's own provider opened it: it is good for that company alone, and nothing of the "
                        "account is within its reach."},
    };
};

SessionOut to_out(const SessionView& session);

}  // namespace mobilytics::auth
