#include "platform/db/wire.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "platform/db/values.hpp"

namespace mobilytics::db {
namespace {

using namespace std::chrono_literals;

template <class T>
std::string written(const T& value) {
    std::string out;
    Wire<T>::write(out, value);
    return out;
}

TEST(Wire, WritesNetworkOrder) {
    EXPECT_EQ(written(std::int32_t{1}), (std::string{"\0\0\0\1", 4}));
    EXPECT_EQ(written(std::int64_t{-2}), (std::string{"\xff\xff\xff\xff\xff\xff\xff\xfe", 8}));
    EXPECT_EQ(written(1.0), (std::string{"\x3f\xf0\0\0\0\0\0\0", 8}));
}

TEST(Wire, CountsTimeFromTheYear2000InMicroseconds) {
    EXPECT_EQ(written(clock::Instant{946684800001ms}), written(std::int64_t{1000}));
    EXPECT_EQ(wire::from_postgres_time(-1), clock::Instant{946684799999ms});  // cut downwards, also before 2000
}

TEST(Wire, KnowsInfinityAndRefusesWhatPostgresCannotHold) {
    for (auto at : {clock::Instant::max(), clock::Instant::min(), clock::far_future, clock::Instant{}})
        EXPECT_EQ(wire::from_postgres_time(wire::to_postgres_time(at)), at);
    EXPECT_THROW(wire::to_postgres_time(clock::Instant::max() - 1ms), std::out_of_range);
    EXPECT_THROW(wire::to_postgres_time(clock::Instant::min() + 1ms), std::out_of_range);
}

TEST(Wire, ReadsANarrowerIntegerButNotAWiderOne) {
    EXPECT_EQ(Wire<std::int64_t>::read(written(std::int16_t{-7}), oid::int2), -7);
    EXPECT_EQ(Wire<std::int64_t>::read(written(std::int32_t{-7}), oid::int4), -7);
    EXPECT_THROW(Wire<std::int32_t>::read(written(std::int64_t{7}), oid::int8), std::logic_error);
}

TEST(Wire, RefusesAColumnOfAnotherType) {
    EXPECT_THROW(Wire<std::string>::read("x", oid::uuid), std::logic_error);
    EXPECT_THROW(Wire<std::int64_t>::read("12345678", oid::timestamptz), std::logic_error);
    EXPECT_THROW(Wire<double>::read("12345678", oid::int8), std::logic_error);
    EXPECT_THROW(Wire<clock::Instant>::read("12345678", oid::timestamp), std::logic_error);
}

TEST(Wire, ReadsBackArraysWithAndWithoutNull) {
    std::vector<std::optional<std::string>> names{"a", std::nullopt, ""};
    EXPECT_EQ((Wire<decltype(names)>::read(written(names), 1009)), names);
    std::vector<std::int64_t> none;
    EXPECT_EQ((Wire<decltype(none)>::read(written(none), 1016)), none);
    EXPECT_THROW((Wire<std::vector<std::string>>::read(written(names), 1009)), std::logic_error);
}

TEST(Wire, ReadsBackRanges) {
    clock::Instant from{1772953200000ms};
    for (const auto& range : {TimeRange{from, from + 1ms}, TimeRange{from, std::nullopt},
                              TimeRange{clock::Instant::min(), from}, TimeRange{clock::Instant::min(), std::nullopt}})
        EXPECT_EQ(Wire<TimeRange>::read(written(range), oid::tstzrange), range);
    EXPECT_THROW(Wire<TimeRange>::read(std::string{"\4", 1} + std::string(24, '\0'), oid::tstzrange), std::logic_error);
}

TEST(Wire, ReadsBackDates) {
    using namespace std::chrono;
    for (auto day : {year{2026} / 3 / 8, year{1999} / 12 / 31, year{2000} / 2 / 29, year{-4000} / 1 / 1})
        EXPECT_EQ(Wire<year_month_day>::read(written(year_month_day{day}), oid::date), year_month_day{day});
    EXPECT_THROW(written(year_month_day{year{2026} / 2 / 30}), std::out_of_range);
    EXPECT_THROW(Wire<year_month_day>::read(written(std::numeric_limits<std::int32_t>::max()), oid::date),
                 std::out_of_range);
}

TEST(Wire, RefusesATruncatedValue) {
    EXPECT_THROW(Wire<double>::read("1234567", oid::float8), std::logic_error);
    EXPECT_THROW(Wire<ids::Uuid>::read("too short", oid::uuid), std::logic_error);
    EXPECT_THROW((Wire<std::vector<std::int32_t>>::read("12345", 1007)), std::logic_error);
}

TEST(Parameters, BindIntegersAsTheirOwnWidthAndLiteralsAsText) {
    Parameters parameters;
    parameters.add(std::int64_t{1});
    parameters.add("text");
    parameters.add(std::optional<ids::Uuid>{});
    EXPECT_EQ((std::vector<std::uint32_t>{parameters.oids().begin(), parameters.oids().end()}),
              (std::vector{oid::int8, oid::text, oid::uuid}));
    EXPECT_EQ(parameters.value(1)->size(), 4U);
    EXPECT_FALSE(parameters.value(2).has_value());
}

}  // namespace
}  // namespace mobilytics::db
