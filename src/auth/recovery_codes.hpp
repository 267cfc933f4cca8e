#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"

// Codes on paper that stand in for an authenticator app or a passkey that is gone. Each is good once.
namespace mobilytics::auth {

// In the place of all before. They are stored as hashes: the answer is shown once.
Task<std::vector<std::string>> fresh_recovery_codes(db::Session& session, UserId user);

// A code as people type it, with spaces, dashes and capitals, in the form in which it is compared.
std::string plain_code(std::string_view typed);

}  // namespace mobilytics::auth
