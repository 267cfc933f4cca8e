#include "platform/trace/trace.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mobilytics::trace {

namespace {

const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
const std::string parent_id = "b7ad6b7169203331";

std::string header(std::string_view version, std::string_view flags) {
    return std::string{version} + "-" + trace_id + "-" + parent_id + "-" + std::string{flags};
}

TEST(Trace, ReadsWhatTheSpecificationAllows) {
    const std::pair<std::string, bool> cases[] = {
        {header("00", "01"), true},      {header("00", "00"), false},  {header("00", "03"), true},
        {header("01", "01"), true},      {header("cc", "09"), true},   {header("00", "08"), false},
        {header("cc", "01-what"), true}, {header("cc", "00-"), false},
    };
    for (const auto& [text, sampled] : cases) {
        const auto context = parse(text);
        ASSERT_TRUE(context) << text;
        EXPECT_EQ(context->trace_id, trace_id);
        EXPECT_EQ(context->parent_id, parent_id);
        EXPECT_EQ(context->sampled, sampled) << text;
    }
}

TEST(Trace, TakesNothingElse) {
    const std::string cases[] = {
        "",
        "00",
        header("ff", "01"),
        header("0x", "01"),
        header("00", "1"),
        header("00", "0g"),
        header("00", "01-"),
        header("00", "01-more"),
        header("cc", "01.more"),
        header("cc", "010"),
        " " + header("00", "01"),
        "00-00000000000000000000000000000000-" + parent_id + "-01",
        "00-" + trace_id + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + parent_id + "-01",
        "00-" + trace_id + "-B7AD6B7169203331-01",
        "00-" + trace_id.substr(1) + "-" + parent_id + "-001",
        "00_" + trace_id + "_" + parent_id + "_01",
        header("00", "01") + "," + header("00", "01"),
    };
    for (const auto& text : cases) EXPECT_FALSE(parse(text)) << text;
}

TEST(Trace, BeginsTracesThatDifferAndSendsThemOnWithASpanOfItsOwn) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const Context context = begin();
        seen.insert(context.trace_id);
        const auto sent = parse(traceparent_of(context));
        ASSERT_TRUE(sent);
        EXPECT_EQ(sent->trace_id, context.trace_id);
        EXPECT_FALSE(sent->sampled);
        seen.insert(sent->parent_id);
    }
    EXPECT_EQ(seen.size(), 2000U);
    EXPECT_TRUE(parse(traceparent_of({trace_id, parent_id, true}))->sampled);
}

}  // namespace

}  // namespace mobilytics::trace
