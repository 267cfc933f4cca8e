#include "src/auth/authentication.hpp"

#include <format>
#include <memory>

#include "platform/crypto/digest.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/request.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/credential.hpp"

namespace mobilytics::auth {

namespace {

bool changes_something(http::Method method) {
    return method != http::Method::get && method != http::Method::head && method != http::Method::options;
}

Problem cross_site() { return {Kind::forbidden, "auth.cross_site", "The request was made by a page of another site."}; }

void require_csrf_token(const http::Request& request, std::string_view expected) {
    auto given = request.header("X-Csrf-Token");
    if (!given || !crypto::equal_in_constant_time(*given, expected))
        throw Problem{Kind::forbidden, "auth.csrf_token", "Send the session's csrf_token in the header X-Csrf-Token."};
}

void sign_in(http::Request& request, const Principal& principal) {
    if (principal.company) {
        request.caller.company_id = principal.company->uuid;
        request.caller.company = principal.company->text();
    }
    if (principal.user)
        request.caller.user = principal.user->text();
    else if (principal.key)
        request.caller.user = principal.key->text();
    request.set_principal(std::make_shared<const Principal>(principal));
}

// By how the text begins, which each kind of credential has of its own.
Task<std::optional<Principal>> find_program(ApiKeys& keys, Tokens& tokens, std::string text, trail::By by) {
    if (text.starts_with(access_token_start)) return tokens.find(std::move(text), std::move(by));
    if (text.starts_with(staff_key_prefix)) return keys.find_of_staff(std::move(text));
    return keys.find(std::move(text), std::move(by));
}

Task<void> authenticate_bearer(ApiKeys& keys, Tokens& tokens, const DeviceTokens& device_tokens, http::Request& request,
                               std::string text) {
    if (text.starts_with(device_token_prefix)) {
        bool good = device_tokens && co_await device_tokens(request, std::move(text));
        if (good) co_return;
    } else {
        const auto principal = co_await find_program(keys, tokens, std::move(text), anyone(request));
        if (principal) {
            sign_in(request, *principal);
            co_return;
        }
    }
    throw Problem{Kind::unauthenticated, "auth.bad_credentials",
                  "The bearer text is no key or token that is in force: it is mistyped, unknown, revoked or expired."};
}

Task<void> authenticate_session(Auth& auth, http::Request& request, std::string token) {
    auto known = co_await auth.find_session(std::move(token));
    if (!known) co_return;
    if (changes_something(request.method)) {
        refuse_cross_site(request);
        require_csrf_token(request, known->csrf_token);
    }
    sign_in(request, known->principal);
}

}  // namespace

std::function<Task<void>(http::Request& request)> authentication(Auth& auth, ApiKeys& keys, Tokens& tokens,
                                                                 DeviceTokens device_tokens) {
    return [&auth, &keys, &tokens, device_tokens = std::move(device_tokens)](http::Request& request) -> Task<void> {
        if (auto bearer = request.bearer()) {
            co_await authenticate_bearer(keys, tokens, device_tokens, request, std::string{*bearer});
        } else if (auto token = request.cookie(session_cookie)) {
            co_await authenticate_session(auth, request, std::string{*token});
        }
    };
}

// Browsers send Sec-Fetch-Site since 2023; older ones send Origin with everything but GET.
void refuse_cross_site(const http::Request& request) {
    if (auto site = request.header("Sec-Fetch-Site")) {
        if (*site != "same-origin" && *site != "none") throw cross_site();
        return;
    }
    auto origin = request.header("Origin");
    if (!origin) return;
    auto host = request.header("Host");
    auto scheme_end = origin->find("://");
    // The scheme is not compared: a proxy in front may speak TLS for us.
    if (!host || scheme_end == std::string_view::npos || !http::same_header_name(origin->substr(scheme_end + 3), *host))
        throw cross_site();
}

std::string session_cookie_line(std::string_view token) {
    auto seconds = token.empty() ? 0 : std::chrono::seconds{absolute_limit}.count();
    return std::format("{}={}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=Lax", session_cookie, token, seconds);
}

std::vector<http::SecurityScheme> security_schemes() {
    return {
        {"session", std::format(R"({{"type":"apiKey","in":"cookie","name":"{}"}})", session_cookie)},
        {"api_key",
         R"({"type":"http","scheme":"bearer","description":"An API key, or an access token of POST /v1/token."})"},
        {"device_token", R"({"type":"http","scheme":"bearer"})"},
    };
}

}  // namespace mobilytics::auth
