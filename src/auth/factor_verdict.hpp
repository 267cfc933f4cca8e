#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "src/auth/person.hpp"

namespace mobilytics::auth {

enum class FactorVerdict { passed, missing, wrong };

// Asked after the password was right; SecondFactor::judge answers.
using JudgeFactor = std::function<Task<FactorVerdict>(User user, std::optional<std::string> code)>;

}  // namespace mobilytics::auth
