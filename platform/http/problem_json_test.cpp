#include "platform/http/problem_json.hpp"

#include <gtest/gtest.h>

namespace mobilytics::http {
namespace {

TEST(ProblemJson, PrintsAsProblemJson) {
    Problem problem{Kind::invalid, "campaigns.bad", "Say \"why\".", {{"/name", "is required"}, {"?q", "is\ttoo long"}}};
    EXPECT_EQ(to_problem_json(problem, "req1"),
              R"({"type":"/problems/campaigns.bad","title":"Some values are not valid","status":422,)"
              R"("detail":"Say \"why\".","instance":"req1","code":"campaigns.bad","errors":[)"
              R"({"pointer":"/name","detail":"is required"},{"pointer":"?q","detail":"is\u0009too long"}]})");
}

TEST(ProblemJson, SaysItsCodeAgain) {
    EXPECT_EQ(code_in(to_problem_json(Problem{Kind::missing, "fleet.not_found", "No."}, "r")), "fleet.not_found");
    EXPECT_EQ(code_in(R"({"name":"/problems/fleet.not_found"})"), "");
    EXPECT_EQ(code_in(""), "");
}

TEST(ProblemJson, SaysTheWordOfOauthWhereThereIsOne) {
    Problem problem{Kind::malformed, "x.y", "No."};
    problem.oauth_error = "invalid_grant";
    EXPECT_TRUE(to_problem_json(problem, "r").ends_with(R"("code":"x.y","error":"invalid_grant"})"));
}

TEST(ProblemJson, StaysJsonWhateverTheDetailSays) {
    Problem problem{Kind::missing, "x.y", "caf\xC3\xA9 \xFF\xC0\xAF end"};
    EXPECT_NE(to_problem_json(problem, "r").find("caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD end"),
              std::string::npos);
}

}  // namespace
}  // namespace mobilytics::http
