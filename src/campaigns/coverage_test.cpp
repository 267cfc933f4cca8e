#include "src/campaigns/coverage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace mobilytics::campaigns {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr clock::Milliseconds moment{1};

constexpr Instant utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
    return sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)} + hours{hour} +
           minutes{minute};
}

const clock::Zone* zone(const std::string& name) { return &clock::Zone::named(name); }

std::bitset<7> on(std::initializer_list<std::size_t> weekdays) {
    std::bitset<7> set;
    for (const std::size_t day : weekdays) set.set(day);
    return set;
}

ids::Uuid numbered(int number) {
    ids::Uuid uuid;
    uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return uuid;
}

const std::bitset<7> every_day = on({0, 1, 2, 3, 4, 5, 6});
const Window all_2026{utc(2026, 1, 1), utc(2027, 1, 1)};

// The rule as it is written: the wall clock of one instant, and nothing else.
bool counts_at(const Flight& flight, Instant when) {
    if (!flight.during.contains(when)) return false;
    if (flight.dayparts.empty()) return true;
    const auto local = flight.zone->local(when);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto weekday = [](auto of) { return std::chrono::weekday{of}.iso_encoding() - 1; };
    for (const Daypart& part : flight.dayparts) {
        const bool crosses = part.end <= part.start;
        const bool begun = local - day >= part.start;
        const bool ended = local - day >= part.end;
        if (part.weekdays.test(weekday(day)) && begun && (crosses || !ended)) return true;
        if (crosses && part.weekdays.test(weekday(day - std::chrono::days{1})) && !ended) return true;
    }
    return false;
}

TEST(CountingWindows, without_dayparts_are_the_flight_inside_the_window) {
    const Flight flight{{utc(2026, 3, 8, 5), utc(2026, 3, 10, 4)}, nullptr, {}};
    EXPECT_EQ(counting_windows(flight, all_2026), std::vector{flight.during});
    const Window part{utc(2026, 3, 9), utc(2026, 4, 1)};
    EXPECT_EQ(counting_windows(flight, part), (std::vector{Window{utc(2026, 3, 9), utc(2026, 3, 10, 4)}}));
    EXPECT_TRUE(counting_windows(flight, {utc(2026, 3, 10, 4), utc(2026, 4, 1)}).empty());
    EXPECT_TRUE(counting_windows(flight, {utc(2026, 3, 9), utc(2026, 3, 9)}).empty());
}

TEST(CountingWindows, across_midnight_and_the_change_to_summer_time_end_by_the_wall_clock) {
    const Flight flight{all_2026, zone("America/Toronto"), {{on({5}), hours{22}, hours{3} + minutes{30}}}};
    const Window weekend{utc(2026, 3, 7), utc(2026, 3, 9)};
    EXPECT_EQ(counting_windows(flight, weekend), (std::vector{Window{utc(2026, 3, 8, 3), utc(2026, 3, 8, 7, 30)}}));
}

TEST(CountingWindows, a_skipped_wall_clock_time_never_comes_and_a_repeated_one_counts_twice) {
    const Flight flight{
        all_2026, zone("America/Toronto"), {{every_day, hours{1} + minutes{30}, hours{2} + minutes{30}}}};
    EXPECT_EQ(counting_windows(flight, {utc(2026, 3, 8), utc(2026, 3, 9)}),
              (std::vector{Window{utc(2026, 3, 8, 6, 30), utc(2026, 3, 8, 7)}}));
    EXPECT_EQ(counting_windows(flight, {utc(2026, 11, 1), utc(2026, 11, 2)}),
              (std::vector{Window{utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6)},
                           Window{utc(2026, 11, 1, 6, 30), utc(2026, 11, 1, 7, 30)}}));
    const Flight skipped{all_2026, zone("America/Toronto"), {{on({6}), hours{2}, hours{3}}}};
    EXPECT_TRUE(counting_windows(skipped, {utc(2026, 3, 8), utc(2026, 3, 9)}).empty());
}

TEST(CountingWindows, touching_and_overlapping_dayparts_become_one) {
    const Flight flight{all_2026,
                        zone("UTC"),
                        {{on({0}), hours{8}, hours{12}},
                         {on({0}), hours{12}, hours{14}},
                         {on({0}), hours{9}, hours{10}},
                         {on({0}), hours{20}, hours{24}},
                         {on({1}), hours{0}, hours{1}}}};
    EXPECT_EQ(counting_windows(flight, {utc(2026, 3, 9), utc(2026, 3, 11)}),
              (std::vector{Window{utc(2026, 3, 9, 8), utc(2026, 3, 9, 14)},
                           Window{utc(2026, 3, 9, 20), utc(2026, 3, 10, 1)}}));
}

TEST(CountingWindows, an_end_at_the_start_is_a_whole_day_and_an_offset_need_not_be_whole_hours) {
    const Flight flight{all_2026, zone("Asia/Kathmandu"), {{on({2}), hours{0}, hours{0}}}};
    EXPECT_EQ(counting_windows(flight, {utc(2026, 3, 9), utc(2026, 3, 15)}),
              (std::vector{Window{utc(2026, 3, 10, 18, 15), utc(2026, 3, 11, 18, 15)}}));
}

TEST(CountingWindows, follow_vancouver_into_its_lasting_summer_time) {
    const Flight flight{all_2026, zone("America/Vancouver"), {{every_day, hours{9}, hours{17}}}};
    for (const auto& [day, first_hour] :
         {std::pair{utc(2026, 3, 1), 17}, {utc(2026, 7, 1), 16}, {utc(2026, 12, 1), 16}})
        EXPECT_EQ(counting_windows(flight, {day + hours{8}, day + hours{32}}).front().from, day + hours{first_hour});
}

struct Change {
    const char* zone;
    Instant near;  // a change of its offset is close
};

const std::vector<Change> changes{{"America/Toronto", utc(2026, 3, 8, 7)},
                                  {"America/Toronto", utc(2026, 11, 1, 6)},
                                  {"America/St_Johns", utc(2026, 3, 8, 6)},
                                  {"America/St_Johns", utc(2010, 11, 7, 2)},
                                  {"America/Havana", utc(2026, 3, 8, 5)},
                                  {"America/Havana", utc(2026, 11, 1, 5)},
                                  {"America/Sao_Paulo", utc(2018, 11, 4, 3)},
                                  {"America/Sao_Paulo", utc(2018, 2, 18, 2)},
                                  {"Australia/Lord_Howe", utc(2026, 4, 4, 15)},
                                  {"Australia/Lord_Howe", utc(2026, 10, 3, 16)},
                                  {"Pacific/Chatham", utc(2026, 9, 26, 14)},
                                  {"Pacific/Apia", utc(2011, 12, 30, 10)},
                                  {"Africa/Casablanca", utc(2026, 2, 15, 2)},
                                  {"Asia/Kathmandu", utc(2026, 5, 1)},
                                  {"Europe/Dublin", utc(2026, 3, 29, 1)},
                                  {"Antarctica/Troll", utc(2026, 3, 29, 1)},
                                  {"UTC", utc(2026, 6, 1)},
                                  {"Asia/Pyongyang", utc(2018, 5, 4, 15)}};

class Chance {
public:
    explicit Chance(std::uint64_t seed) : bits_{seed} {}
    int up_to(int most) { return static_cast<int>(bits_() % static_cast<std::uint64_t>(most + 1)); }
    Instant instant(Window window) {
        return window.from + moment * up_to(static_cast<int>((window.to - window.from).count()) - 1);
    }
    Window window(Window within) {
        const Instant one = instant(within);
        const Instant other = instant(within);
        return {std::min(one, other), std::max(one, other)};
    }
    Daypart daypart() {
        const auto quarter = minutes{15};
        return {std::bitset<7>{static_cast<unsigned long>(up_to(127))}, quarter * up_to(95), quarter * up_to(96)};
    }

private:
    std::mt19937_64 bits_;
};

Flight random_flight(Chance& chance, const Change& change, Window around) {
    Flight flight{chance.up_to(3) == 0 ? chance.window(around) : around, zone(change.zone), {}};
    for (int parts = chance.up_to(3); parts > 0; --parts) flight.dayparts.push_back(chance.daypart());
    return flight;
}

TEST(CountingWindows, say_at_every_instant_what_the_wall_clock_says) {
    for (std::uint64_t seed = 0; seed < 600; ++seed) {
        Chance chance{seed};
        const Change& change = changes[seed % changes.size()];
        SCOPED_TRACE(std::to_string(seed) + " " + change.zone);
        const Window around{change.near - hours{50}, change.near + hours{50}};
        const Flight flight = random_flight(chance, change, around);
        const Window within = chance.up_to(2) == 0 ? chance.window(around) : around;
        const std::vector<Window> windows = counting_windows(flight, within);

        std::vector<Instant> instants;
        for (int sample = 0; sample < 60; ++sample) instants.push_back(chance.instant(around));
        for (Instant quarter = around.from; quarter < around.to; quarter += minutes{15})
            for (const Instant near : {quarter - moment, quarter, quarter + moment}) instants.push_back(near);
        for (std::size_t i = 0; i < windows.size(); ++i) {
            EXPECT_FALSE(windows[i].empty());
            EXPECT_TRUE(i == 0 || windows[i - 1].to < windows[i].from);
            for (const Instant edge : {windows[i].from, windows[i].to})
                for (const Instant near : {edge - moment, edge}) instants.push_back(near);
        }
        for (const Instant when : instants) {
            const bool inside =
                std::ranges::any_of(windows, [&](const Window& window) { return window.contains(when); });
            ASSERT_EQ(inside, within.contains(when) && counts_at(flight, when)) << clock::to_rfc3339(when);
        }
    }
}

TEST(Slices, take_the_largest_share_and_of_equal_ones_the_lowest_face) {
    const Instant start = utc(2026, 3, 8);
    const auto at = [&](int hour) { return start + hours{hour}; };
    const std::vector<Window> counting{{at(1), at(10)}, {at(12), at(14)}};
    const std::vector<FaceAssignment> assignments{{numbered(2), {at(0), at(6)}, 0.5},
                                                  {numbered(1), {at(4), at(8)}, 0.5},
                                                  {numbered(3), {at(7), clock::far_future}, 0.25},
                                                  {numbered(4), {at(5), at(5)}, 1}};
    EXPECT_EQ(slices_of_asset(counting, assignments),
              (std::vector{Slice{{at(1), at(4)}, numbered(2), 0.5}, Slice{{at(4), at(8)}, numbered(1), 0.5},
                           Slice{{at(8), at(10)}, numbered(3), 0.25}, Slice{{at(12), at(14)}, numbered(3), 0.25}}));
    EXPECT_TRUE(slices_of_asset(counting, {}).empty());
    EXPECT_TRUE(slices_of_asset({}, assignments).empty());
}

TEST(Slices, are_joined_where_assignments_of_one_face_follow_each_other) {
    const Instant start = utc(2026, 3, 8);
    const auto at = [&](int hour) { return start + hours{hour}; };
    const std::vector<FaceAssignment> assignments{
        {numbered(1), {at(2), at(4)}, 0.5}, {numbered(1), {at(0), at(2)}, 0.5}, {numbered(1), {at(4), at(6)}, 0.75}};
    EXPECT_EQ(slices_of_asset(std::vector{Window{at(1), at(9)}}, assignments),
              (std::vector{Slice{{at(1), at(4)}, numbered(1), 0.5}, Slice{{at(4), at(6)}, numbered(1), 0.75}}));
}

TEST(Slices, say_at_every_instant_which_assignment_counts) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        SCOPED_TRACE(seed);
        Chance chance{seed};
        const Change& change = changes[seed % changes.size()];
        const Window around{change.near - hours{30}, change.near + hours{30}};
        const Flight flight = random_flight(chance, change, around);
        std::vector<FaceAssignment> assignments;
        for (int number = chance.up_to(6); number > 0; --number)
            assignments.push_back({numbered(chance.up_to(4)), chance.window(around), (1 + chance.up_to(3)) / 4.0});
        const std::vector<Slice> slices = slices_of_asset(counting_windows(flight, around), assignments);

        std::vector<Instant> instants;
        for (int sample = 0; sample < 200; ++sample) instants.push_back(chance.instant(around));
        for (const Slice& slice : slices)
            for (const Instant edge : {slice.during.from, slice.during.to})
                instants.insert(instants.end(), {edge - moment, edge});
        for (const Instant when : instants) {
            const FaceAssignment* best = nullptr;
            for (const FaceAssignment& one : assignments)
                if (one.during.contains(when) && counts_at(flight, when) &&
                    (best == nullptr || one.share > best->share || (one.share == best->share && one.face < best->face)))
                    best = &one;
            const auto found =
                std::ranges::find_if(slices, [&](const Slice& one) { return one.during.contains(when); });
            ASSERT_EQ(found != slices.end(), best != nullptr) << clock::to_rfc3339(when);
            if (best == nullptr) continue;
            ASSERT_EQ(found->face, best->face);
            ASSERT_EQ(found->share, best->share);
        }
        for (std::size_t i = 1; i < slices.size(); ++i) ASSERT_LE(slices[i - 1].during.to, slices[i].during.from);
    }
}

}  // namespace
}  // namespace mobilytics::campaigns
