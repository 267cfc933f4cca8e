#include "src/audit/csv.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mobilytics::audit {
namespace {

trail::Recorded named(std::string label) {
    return {.id = trail::EventId{},
            .company = {},
            .sequence = 7,
            .at = clock::Instant{},
            .by = {.kind = "person", .label = std::move(label)},
            .entry = {.action = "asset.created", .resource_id = "", .resource_label = ""}};
}

TEST(AuditCsv, a_line_has_as_many_cells_as_the_head) {
    const auto commas = [](const std::string& text) { return std::ranges::count(text, ','); };
    EXPECT_EQ(commas(csv_line(named("Ada"))), commas(csv_head()));
    EXPECT_TRUE(csv_line(named("Ada")).starts_with("7,\"1970-01-01T00:00:00.000Z\",\"asset.created\","));
}

TEST(AuditCsv, quotes_and_line_ends_stay_inside_their_cell) {
    EXPECT_THAT(csv_line(named("A \"B\",\nC")), testing::HasSubstr("\"A \"\"B\"\",\nC\""));
}

TEST(AuditCsv, no_cell_begins_like_a_formula) {
    for (const std::string text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
        EXPECT_THAT(csv_line(named(text)), testing::HasSubstr("\"'" + text + "\"")) << text;
    EXPECT_THAT(csv_line(named("a=1")), testing::HasSubstr("\"a=1\""));
}

}  // namespace
}  // namespace mobilytics::audit
