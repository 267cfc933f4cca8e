#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "src/auth/api_keys.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/tokens.hpp"

// Turns a request's credentials into a principal. The hook runs before every handler that takes an actor.
namespace mobilytics::http {
class Request;
struct SecurityScheme;
}  // namespace mobilytics::http

namespace mobilytics::auth {

inline constexpr std::string_view session_cookie = "__Host-mobilytics";

// Looks a device token up, stores the principal of the devices' room in the request, and says whether it was good.
using DeviceTokens = std::function<Task<bool>(http::Request& request, std::string token)>;

// A bearer text decides alone: cookies are then ignored, so nothing a browser adds by itself can act. Without one the
// session cookie counts, and a request that changes something must show the session's CSRF token and come from our own
// pages. Refuses with 401 auth.bad_credentials for a bearer that is not good, 403
// auth.address_not_allowed, auth.cross_site and auth.csrf_token.
// A session that ended is no refusal here: the actor types then answer 401.
std::function<Task<void>(http::Request& request)> authentication(Auth& auth, ApiKeys& keys, Tokens& tokens,
                                                                 DeviceTokens device_tokens);

// 403 auth.cross_site when the browser says that another site's page made this request. Signing in checks it too,
// though it needs no session: otherwise a page could sign its visitor in as somebody else.
void refuse_cross_site(const http::Request& request);

// "Set-Cookie" lines. An empty token takes the cookie away.
std::string session_cookie_line(std::string_view token);

// How OpenAPI explains the names that actor types use.
std::vector<http::SecurityScheme> security_schemes();

}  // namespace mobilytics::auth
