#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/auth/actor.hpp"

namespace mobilytics::auth {

// What the authentication hook found out about a request: a person by session, or a company by API key or
// a token of one. The actor
// types of actor.hpp are made from it.
struct Principal {
    std::optional<UserId> user = {};
    std::optional<SessionId> session = {};
    bool bound = false;                   // to its company, whose own provider opened the session
    bool confirmed = false;               // the person showed the password a short while ago
    std::optional<StaffRole> staff = {};  // none: no member of staff
    bool staff_factor_missing = false;    // staff are asked for a second one, and they have none
    std::optional<ApiKeyId> key = {};
    bool by_token = false;  // that came of the key, not by the key itself
    std::string name = {};  // of the person, or of the key
    // The company entered, while the person is its member; a key's own company.
    std::optional<CompanyId> company = {};
    Role role = Role::viewer;
    // Of a key that is kept to something: it may these and nothing else of its role.
    std::optional<std::vector<Permission>> scopes = {};
    bool company_suspended = false;
    bool factor_missing = false;  // of a person: the company asks for a second one
};

}  // namespace mobilytics::auth
