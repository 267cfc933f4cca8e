#include "src/auth/sign_in_tally.hpp"

#include <gtest/gtest.h>

#include <format>
#include <stdexcept>

#include "platform/http/router.hpp"
#include "platform/problem/problem.hpp"
#include "platform/testing/database.hpp"
#include "src/auth/proof.hpp"

namespace mobilytics::auth {

namespace {

class SignIns : public test::DatabaseTest {
protected:
    SignIns() { router.count_in(registry); }

    template <class Failure>
    void refuse(const SignInTally& tally, Failure failure) {
        auto attempt = [](Failure with) -> Task<SignedIn> {
            throw with;
            co_return SignedIn{};
        };
        EXPECT_THROW(run(tally.counted(attempt(failure))), Failure);
    }

    metrics::Registry registry;
    http::Router router;
};

TEST_F(SignIns, AreCountedByMethodAndByWhatCameOfThem) {
    const SignInTally tally{router, "password"};
    EXPECT_EQ(run(tally.counted([]() -> Task<SignedIn> { co_return SignedIn{.token = "t", .session = {}}; }())).token,
              "t");
    refuse(tally, wrong_credentials());
    refuse(tally, wrong_credentials());
    refuse(tally, Problem{Kind::unavailable, "auth.busy", "Later."});
    refuse(tally, Problem{Kind::unavailable, "database.unavailable", "Later."});
    refuse(tally, Problem{Kind::forbidden, "auth.opened_by_provider", "No."});
    refuse(tally, std::runtime_error{"no"});
    const auto text = "\n" + run(registry.text());
    const std::pair<const char*, int> wanted[] = {{"succeeded", 1}, {"wrong_credentials", 2}, {"busy", 1},
                                                  {"failed", 2},    {"refused", 1},           {"too_many_attempts", 0}};
    for (const auto& [outcome, times] : wanted)
        EXPECT_TRUE(text.contains(
            std::format("\nauth_sign_ins_total{{method=\"password\",outcome=\"{}\"}} {}\n", outcome, times)))
            << text;
}

}  // namespace

}  // namespace mobilytics::auth
