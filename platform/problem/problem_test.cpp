#include <gtest/gtest.h>

#include "platform/problem/problem.hpp"
#include "platform/problem/problem_json.hpp"

namespace mobilytics {

namespace {

TEST(Problem, PrintsAsProblemJson) {
    Problem problem{Kind::invalid, "campaigns.bad", "Say \"why\".", {{"/name", "is required"}, {"?q", "is\ttoo long"}}};
    EXPECT_EQ(to_problem_json(problem, "req1"),
              R"({"type":"/problems/campaigns.bad","title":"Some values are not valid","status":422,)"
              R"("detail":"Say \"why\".","instance":"req1","code":"campaigns.bad","errors":[)"
              R"({"pointer":"/name","detail":"is required"},{"pointer":"?q","detail":"is\u0009too long"}]})");
}

TEST(Problem, StaysJsonWhateverTheDetailSays) {
    Problem problem{Kind::missing, "x.y", "caf\xC3\xA9 \xFF\xC0\xAF end"};
    EXPECT_NE(to_problem_json(problem, "r").find("caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD end"),
              std::string::npos);
}

TEST(Problem, EveryKindHasItsStatusAndTitle) {
    const std::pair<Kind, int> kinds[] = {
        {Kind::invalid, 422},  {Kind::malformed, 400},        {Kind::unauthenticated, 401}, {Kind::forbidden, 403},
        {Kind::missing, 404},  {Kind::method, 405},           {Kind::timeout, 408},         {Kind::conflict, 409},
        {Kind::gone, 410},     {Kind::precondition, 412},     {Kind::too_large, 413},       {Kind::unsupported, 415},
        {Kind::too_many, 429}, {Kind::refused_upstream, 502}, {Kind::unavailable, 503}};
    for (auto [kind, status] : kinds) {
        EXPECT_EQ(http_status(kind), status);
        EXPECT_NE(title_of(kind), "Internal error");
    }
}

}  // namespace

}  // namespace mobilytics
