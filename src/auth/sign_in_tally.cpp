#include "src/auth/sign_in_tally.hpp"

#include <algorithm>
#include <array>

#include "platform/http/router.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::string_view succeeded = "succeeded";
constexpr std::string_view refused = "refused";  // for another reason than those below
constexpr std::string_view failed = "failed";    // by a fault of ours

// Refusals that say something of who tries, or of how busy we are: their codes without "auth.".
constexpr std::array<std::string_view, 6> telling = {"wrong_credentials",      "wrong_second_factor", "wrong_passkey",
                                                     "second_factor_required", "too_many_attempts",   "busy"};

std::string_view outcome_of(const Problem& problem) {
    std::string_view code = problem.code();
    if (code.starts_with("auth.")) code.remove_prefix(5);
    const auto known = std::ranges::find(telling, code);
    if (known != telling.end()) return *known;
    return problem.kind() == Kind::unavailable ? failed : refused;
}

}  // namespace

SignInTally::SignInTally(http::Router& router, std::string_view method) {
    const auto add = [&](std::string_view outcome) {
        outcomes_.emplace(outcome,
                          router.counter("auth_sign_ins_total", "Sign-ins by method and outcome.",
                                         {{"method", std::string{method}}, {"outcome", std::string{outcome}}}));
    };
    for (const auto outcome : {succeeded, refused, failed}) add(outcome);
    for (const auto outcome : telling) add(outcome);
}

Task<SignedIn> SignInTally::counted(Task<SignedIn> sign_in) const {
    try {
        auto signed_in = co_await std::move(sign_in);
        count(succeeded);
        co_return signed_in;
    } catch (const Problem& problem) {
        count(outcome_of(problem));
        throw;
    } catch (const std::exception&) {
        count(failed);
        throw;
    }
}

void SignInTally::count(std::string_view outcome) const { outcomes_.find(outcome)->second.add(); }

}  // namespace mobilytics::auth
