#include "src/campaigns/assignment.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "platform/problem/problem.hpp"

namespace mobilytics::campaigns {
namespace {

using clock::Window;
using std::chrono::hours;

const clock::Instant start{clock::Milliseconds{1'772'000'000'000}};

clock::Instant at(int hour) { return hour < 0 ? clock::far_future : start + hours{hour}; }

// An open end is -1.
Assignment booked(int from, int to, double share) {
    return {AssignmentId::make(), CampaignId::make(), FaceId{}, AssetId{}, {at(from), at(to)}, share};
}

TEST(Assignment, has_a_share_above_0_up_to_1_and_ends_after_it_starts) {
    const auto code = [](Window during, double share) -> std::string {
        try {
            Assignment::made(AssignmentId::make(), CampaignId::make(), AssetId::make(),
                             {FaceId::make(), during, share});
            return "accepted";
        } catch (const Problem& problem) {
            return problem.code();
        }
    };
    EXPECT_EQ(code({at(0), at(1)}, 1), "accepted");
    EXPECT_EQ(code({at(0), at(-1)}, 0.001), "accepted");
    EXPECT_EQ(code({at(0), at(1)}, 0), "campaigns.invalid_assignment");
    EXPECT_EQ(code({at(0), at(1)}, 1.0001), "campaigns.invalid_assignment");
    EXPECT_EQ(code({at(0), at(1)}, -1), "campaigns.invalid_assignment");
    EXPECT_EQ(code({at(1), at(1)}, 1), "campaigns.invalid_assignment");
}

TEST(Shares, of_a_face_fill_it_to_exactly_1) {
    const std::vector tenths(9, booked(0, 10, 0.1));
    EXPECT_FALSE(find_shortage(tenths, booked(0, 10, 0.1)));
    EXPECT_TRUE(find_shortage(tenths, booked(0, 10, 0.11)));
    const std::vector thirds(2, booked(0, 10, 1.0 / 3));
    EXPECT_FALSE(find_shortage(thirds, booked(0, 10, 1.0 / 3)));
}

TEST(Shares, of_neighbours_in_time_do_not_meet) {
    const std::vector both{booked(0, 5, 1), booked(10, -1, 1)};
    EXPECT_FALSE(find_shortage(both, booked(5, 10, 1)));
}

TEST(Shares, short_is_told_from_when_to_when_and_how_much_is_free) {
    const std::vector both{booked(2, 6, 0.5), booked(4, 8, 0.3)};
    const auto shortage = find_shortage(both, booked(0, 10, 0.6));
    ASSERT_TRUE(shortage);
    EXPECT_EQ(shortage->during, (Window{at(2), at(6)}));
    EXPECT_NEAR(shortage->free, 0.2, 1e-12);
    EXPECT_FALSE(find_shortage(both, booked(6, 10, 0.6)));
}

TEST(Shares, short_for_ever_has_an_open_end) {
    const auto shortage = find_shortage(std::vector{booked(5, -1, 0.75)}, booked(0, -1, 0.5));
    ASSERT_TRUE(shortage);
    EXPECT_EQ(shortage->during, (Window{at(5), clock::far_future}));
}

TEST(Shares, refused_say_so_in_words) {
    try {
        require_free(std::vector{booked(0, 5, 0.7)}, booked(0, 10, 0.5), "Left");
        FAIL();
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "campaigns.shares_exceed_one");
        EXPECT_EQ(problem.detail(), "Of face 'Left' only 0.3 is free from " + clock::to_rfc3339(at(0)) + " until " +
                                        clock::to_rfc3339(at(5)) + ", and 0.5 is wanted.");
    }
}

// Against the definition: at no whole hour do the accepted ones take more than the face.
TEST(Shares, never_exceed_1_whatever_is_asked) {
    std::mt19937 random{20260308};
    int refused = 0;
    for (int round = 0; round < 200; ++round) {
        std::vector<Assignment> taken;
        for (int attempt = 0; attempt < 20; ++attempt) {
            const int from = static_cast<int>(random() % 20);
            const auto wanted =
                booked(from, from + 1 + static_cast<int>(random() % 10), static_cast<double>(1 + random() % 8) / 8);
            bool fits = true;
            for (int hour = 0; hour < 30; ++hour) {
                double sum = wanted.during.contains(at(hour)) ? wanted.share : 0;
                for (const Assignment& other : taken)
                    if (other.during.contains(at(hour)) && wanted.during.contains(at(hour))) sum += other.share;
                fits = fits && sum <= 1;
            }
            EXPECT_EQ(!find_shortage(taken, wanted), fits);
            if (fits)
                taken.push_back(wanted);
            else
                ++refused;
        }
    }
    EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace mobilytics::campaigns
