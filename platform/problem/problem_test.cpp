#include "platform/problem/problem.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace mobilytics {

namespace {

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
