#pragma once

#include <map>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/metrics/metrics.hpp"
#include "src/auth/auth.hpp"

namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

// Sign-ins of one way in (password, passkey, provider) by what came of them. Nobody's name and no address is in it.
class SignInTally {
public:
    SignInTally(http::Router& router, std::string_view method);

    // Waits for it, counts it, and passes on what it gives or throws.
    Task<SignedIn> counted(Task<SignedIn> sign_in) const;

private:
    void count(std::string_view outcome) const;

    std::map<std::string, metrics::Counter, std::less<>> outcomes_;
};

}  // namespace mobilytics::auth
