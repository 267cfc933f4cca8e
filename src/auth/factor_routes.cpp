#include "platform/http/router.hpp"
#include "src/auth/second_factor.hpp"

// URLs of one's own second factor.
namespace mobilytics::auth {

namespace {

struct SecondFactorOut {
    std::optional<clock::Instant> since = {};
    std::int64_t recovery_codes = 0;

    static constexpr json::Field about[] = {
        {.name = "since",
         .description = "When an authenticator app was added; null: there is none, and passkeys may be."},
        {.name = "recovery_codes", .description = "That are left."},
    };
};

struct FactorSecretOut {
    std::string secret;
    std::string issuer = "Mobilytics";
    int period_s = 30;
    int digits = 6;

    static constexpr json::Field about[] = {
        {.name = "secret", .description = "For the authenticator app: base32, SHA-1 (RFC 6238)."}};
};

struct CodeIn {
    std::string code;

    static constexpr json::Field about[] = {{.name = "code", .description = "What the app shows."}};
};

struct RecoveryCodesOut {
    std::vector<std::string> recovery_codes;

    static constexpr json::Field about[] = {
        {.name = "recovery_codes", .description = "Each is good once, in place of the app. Shown this once."}};
};

}  // namespace

void add_routes(http::Router& router, SecondFactor& second_factor) {
    auto group = router.group("auth");
    group.get("/v1/account/second-factor",
              {.id = "second_factor.get", .summary = "Whether signing in asks for more than the password"},
              [&second_factor](Person actor) -> Task<SecondFactorOut> {
                  auto view = co_await second_factor.view(actor);
                  co_return SecondFactorOut{view.since, view.recovery_codes};
              });
    group.post("/v1/account/second-factor",
               {.id = "second_factor.begin",
                .summary = "Begin to add an authenticator app",
                .description = "Nothing is asked for before second_factor.finish. Needs a confirmed session."},
               [&second_factor](Confirmed actor) -> Task<FactorSecretOut> {
                   co_return FactorSecretOut{.secret = co_await second_factor.begin(actor)};
               });
    group.post("/v1/account/second-factor/finish",
               {.id = "second_factor.finish",
                .summary = "Add the app by a code that it shows",
                .description = "Signing in asks for a code from now on. Ends all other sessions."},
               [&second_factor](Confirmed actor, http::Body<CodeIn> body) -> Task<RecoveryCodesOut> {
                   co_return RecoveryCodesOut{co_await second_factor.finish(actor, body->code)};
               });
    group.post("/v1/account/second-factor/recovery-codes",
               {.id = "second_factor.renew_codes",
                .summary = "Make other recovery codes",
                .description = "Those before are good no more. Needs a confirmed session."},
               [&second_factor](Confirmed actor) -> Task<RecoveryCodesOut> {
                   co_return RecoveryCodesOut{co_await second_factor.renew_recovery_codes(actor)};
               });
    group.remove("/v1/account/second-factor",
                 {.id = "second_factor.remove",
                  .summary = "Take the authenticator app away",
                  .description = "Without passkeys the password alone signs in again. Needs a confirmed session."},
                 [&second_factor](Confirmed actor) -> Task<http::NoContent> {
                     co_await second_factor.remove(actor);
                     co_return http::NoContent{};
                 });
}

}  // namespace mobilytics::auth
