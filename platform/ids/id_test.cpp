#include "platform/ids/id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mobilytics::ids {
namespace {

struct Campaign {
    static constexpr std::string_view prefix = "cmp";
};
using CampaignId = Id<Campaign>;

// The example of the TypeID specification.
TEST(Ids, PrintAsTypeIdDoes) {
    auto uuid = from_hex("01890a5d-ac96-774b-bcce-b302099a8057");
    ASSERT_TRUE(uuid);
    EXPECT_EQ(to_base32(*uuid), "01h455vb4pex5vsknk084sn02q");
    EXPECT_EQ(from_base32("01h455vb4pex5vsknk084sn02q"), uuid);
    EXPECT_EQ(to_base32(Uuid{}), "00000000000000000000000000");
    EXPECT_EQ(to_base32(*from_hex("ffffffff-ffff-ffff-ffff-ffffffffffff")), "7zzzzzzzzzzzzzzzzzzzzzzzzz");
}

TEST(Ids, RefuseWhatIsNotExactlyAnId) {
    for (const char* text :
         {"", "01h455vb4pex5vsknk084sn02", "01h455vb4pex5vsknk084sn02qq", "81h455vb4pex5vsknk084sn02q",
          "01H455VB4PEX5VSKNK084SN02Q", "01h455vb4pex5vsknk084sn0iq", "01h455vb4pex5vsknk084sn0 q"})
        EXPECT_FALSE(from_base32(text)) << text;
    for (const char* text : {"cmp_", "cmp01h455vb4pex5vsknk084sn02q", "dev_01h455vb4pex5vsknk084sn02q",
                             "CMP_01h455vb4pex5vsknk084sn02q", "cmp_01h455vb4pex5vsknk084sn02q "})
        EXPECT_FALSE(CampaignId::parse(text)) << text;
    EXPECT_TRUE(CampaignId::parse("cmp_01h455vb4pex5vsknk084sn02q"));
    EXPECT_FALSE(from_hex("01890a5d-ac96-774b-bcce-b302099a805"));
    EXPECT_FALSE(from_hex("01890a5dxac96-774b-bcce-b302099a8057"));
    EXPECT_FALSE(from_hex("01890a5d-ac96-774b-bcce-b302099a805g"));
}

TEST(Ids, AreTheSameAfterPrintingAndReading) {
    for (int i = 0; i < 1000; ++i) {
        auto id = CampaignId::make();
        EXPECT_EQ(CampaignId::parse(id.text()), id);
        EXPECT_EQ(from_hex(to_hex(id.uuid)), id.uuid);
    }
}

TEST(Ids, GrowAndNeverRepeatWithinAThread) {
    std::set<Uuid> seen;
    Uuid last;
    for (int i = 0; i < 100000; ++i) {
        auto next = new_uuid();
        ASSERT_LT(last, next);
        ASSERT_EQ(next.bytes[6] >> 4, 7);
        ASSERT_EQ(next.bytes[8] >> 6, 2);
        seen.insert(next);
        last = next;
    }
    EXPECT_EQ(seen.size(), 100000U);
}

TEST(Ids, CanBeMadeFromAChosenInstant) {
    EXPECT_EQ(to_hex(make_uuid7(0x01890a5dac96, 0x74b, 0x3cceb302099a8057)), "01890a5d-ac96-774b-bcce-b302099a8057");
}

}  // namespace
}  // namespace mobilytics::ids
