#include <gtest/gtest.h>

#include <boost/pfr/ops.hpp>
#include <limits>

#include "platform/db/database.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics::db {
namespace {

using namespace std::chrono_literals;

constexpr Migration schema[] = {
    {1, "everything",
     "create schema t; grant usage on schema t to mobilytics_app, mobilytics_ingest;"
     "create table t.everything (n int8, b boolean, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, s text, "
     "y bytea,"
     " u uuid, at timestamptz, d date, r tstzrange, j jsonb, a8 int8[], as_ text[], au uuid[], at_ "
     "timestamptz[]);"
     "create table t.numbers (n bigint primary key check (n >= 0), filler text);"
     "grant all on all tables in schema t to mobilytics_app; grant insert on t.numbers to mobilytics_ingest",
     "everything1"}};

constexpr Query copy_everything{"t.copy_everything", "copy t.everything from stdin (format binary)", Kind::copy};
constexpr Query copy_everything_out{
    "t.copy_everything_out", "copy (select * from t.everything order by n) to stdout (format binary)", Kind::copy};
constexpr Query read_everything{"t.read_everything", "select * from t.everything order by n", Kind::many};
constexpr Query insert_everything{
    "t.insert_everything",
    "insert into t.everything values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)", Kind::exec};
constexpr Query copy_numbers{"t.copy_numbers", "copy t.numbers (n, filler) from stdin (format binary)", Kind::copy};
constexpr Query copy_numbers_out{"t.copy_numbers_out", "copy t.numbers to stdout (format binary)", Kind::copy};
constexpr Query count_numbers{"t.count_numbers", "select count(*) from t.numbers", Kind::one};
constexpr Query not_a_copy{"t.not_a_copy", "select 1", Kind::copy};
constexpr Query copy_nowhere{"t.copy_nowhere", "copy t.nowhere from stdin (format binary)", Kind::copy};

struct Everything {
    std::int64_t n;
    std::optional<bool> b;
    std::optional<std::int16_t> i2;
    std::optional<std::int32_t> i4;
    std::optional<std::int64_t> i8;
    std::optional<float> f4;
    std::optional<double> f8;
    std::optional<std::string> s;
    std::optional<Bytes> y;
    std::optional<ids::Uuid> u;
    std::optional<clock::Instant> at;
    std::optional<std::chrono::year_month_day> d;
    std::optional<TimeRange> r;
    std::optional<Json> j;
    std::optional<std::vector<std::int64_t>> a8;
    std::optional<std::vector<std::optional<std::string>>> as;
    std::optional<std::vector<ids::Uuid>> au;
    std::optional<std::vector<clock::Instant>> ats;
};

struct Number {
    std::int64_t n;
    std::string filler;
};

std::vector<Everything> samples() {
    using namespace std::chrono;
    constexpr auto smallest = []<class T>(T) { return std::numeric_limits<T>::lowest(); };
    constexpr auto largest = []<class T>(T) { return std::numeric_limits<T>::max(); };
    clock::Instant at{1772953200123ms};
    auto uuid = ids::make_uuid7(1772953200123, 7, 9);
    std::vector<Everything> all;
    all.push_back({.n = 0});  // every column NULL
    all.push_back({1, false, smallest(std::int16_t{}), smallest(std::int32_t{}), smallest(std::int64_t{}),
                   smallest(0.f), smallest(0.0), "", Bytes{}, ids::Uuid{}, clock::Instant::min(), year{-4000} / 1 / 1,
                   TimeRange{clock::Instant::min(), std::nullopt}, Json{"null"}, std::vector<std::int64_t>{},
                   std::vector<std::optional<std::string>>{}, std::vector<ids::Uuid>{}, std::vector<clock::Instant>{}});
    all.push_back({2, true, largest(std::int16_t{}), largest(std::int32_t{}), largest(std::int64_t{}), largest(0.f),
                   largest(0.0), "Montréal \U0001F69A\n\\.\t", Bytes{std::byte{0}, std::byte{255}, std::byte{10}}, uuid,
                   clock::Instant::max(), year{30000} / 12 / 31, TimeRange{at, at + 1ms}, Json{R"({"a": [1, 2.5]})"},
                   std::vector{smallest(std::int64_t{}), largest(std::int64_t{})},
                   std::vector<std::optional<std::string>>{"x", std::nullopt, ""}, std::vector{uuid, ids::Uuid{}},
                   std::vector{at, clock::Instant{}, clock::far_future}});
    all.push_back({3, true, std::int16_t{-1}, -1, std::int64_t{-1}, std::numeric_limits<float>::infinity(),
                   -std::numeric_limits<double>::infinity(), std::string(100000, 'x'), Bytes(100000, std::byte{7}),
                   uuid, clock::Instant{-1ms}, year{1970} / 1 / 1, TimeRange{at, std::nullopt}, Json{"\"\""},
                   std::vector<std::int64_t>(1000, 5), std::vector<std::optional<std::string>>{std::nullopt},
                   std::vector<ids::Uuid>{uuid}, std::vector<clock::Instant>{at}});
    return all;
}

template <class Use>
auto with_columns(const Everything& e, Use use) {
    return use(e.n, e.b, e.i2, e.i4, e.i8, e.f4, e.f8, e.s, e.y, e.u, e.at, e.d, e.r, e.j, e.a8, e.as, e.au, e.ats);
}

void expect_equal(const Everything& found, const Everything& wanted) {
    EXPECT_TRUE(boost::pfr::eq(found, wanted)) << "row " << wanted.n;
}

class CopyTest : public test::DatabaseTest {
protected:
    std::span<const Migration> migrations() const override { return schema; }

    void expect_samples_in_table() {
        auto wanted = samples();
        auto found = run(database().many<Everything>(Scope::nobody(), read_everything));
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) expect_equal(found[i], wanted[i]);
    }

    std::int64_t copy_numbers_in(Database& into, std::int64_t from, std::int64_t to, const std::string& filler = "") {
        CopyRows rows;
        for (auto n = from; n < to; ++n) rows.add(n, filler);
        return run(into.transaction(Scope::nobody(), [&](Session& session) -> Task<std::int64_t> {
            co_return co_await session.copy_in(copy_numbers, rows);
        }));
    }
};

TEST_F(CopyTest, KeepsEveryTypeWithNullsAndExtremesThroughCopyIn) {
    CopyRows rows;
    for (const auto& sample : samples()) with_columns(sample, [&](const auto&... columns) { rows.add(columns...); });
    auto stored = run(database().transaction(Scope::nobody(), [&](Session& session) -> Task<std::int64_t> {
        co_return co_await session.copy_in(copy_everything, rows);
    }));
    EXPECT_EQ(stored, 4);
    expect_samples_in_table();
}

TEST_F(CopyTest, KeepsEveryTypeWithNullsAndExtremesThroughParameters) {
    run(database().transaction(Scope::nobody(), [&](Session& session) -> Task<void> {
        std::vector<Statement> statements;
        for (const auto& sample : samples())
            statements.push_back(
                with_columns(sample, [](const auto&... columns) { return db::bind(insert_everything, columns...); }));
        co_await session.run_all(std::move(statements));
    }));
    expect_samples_in_table();
    // As PostgreSQL itself reads what we wrote.
    EXPECT_EQ(sql_value("select i8::text || ' ' || at::text || ' ' || r::text from t.everything where n = 1"),
              "-9223372036854775808 -infinity (,)");
    EXPECT_EQ(sql_value("select d::text || ' ' || as_::text || ' ' || j::text from t.everything where n = 2"),
              "30000-12-31 {x,NULL,\"\"} {\"a\": [1, 2.5]}");
}

TEST_F(CopyTest, StreamsEveryTypeOut) {
    run(database().transaction(Scope::nobody(), [&](Session& session) -> Task<void> {
        std::vector<Statement> statements;
        for (const auto& sample : samples())
            statements.push_back(
                with_columns(sample, [](const auto&... columns) { return db::bind(insert_everything, columns...); }));
        co_await session.run_all(std::move(statements));
    }));
    std::vector<Everything> found;
    auto take = [&](CopyTuple tuple) -> Task<void> {
        found.push_back(tuple.as<Everything>());
        co_return;
    };
    auto tuples = run(database().transaction(Scope::nobody(), [&](Session& session) -> Task<std::int64_t> {
        co_return co_await session.copy_out(copy_everything_out, take);
    }));
    EXPECT_EQ(tuples, 4);
    auto wanted = samples();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) expect_equal(found[i], wanted[i]);
}

TEST_F(CopyTest, MovesMoreThanAnyBufferHoldsInBothDirections) {
    std::string filler(1000, 'f');
    EXPECT_EQ(copy_numbers_in(database(), 0, 20000, filler), 20000);
    std::int64_t sum = 0, seen = 0;
    auto slow = [&](CopyTuple tuple) -> Task<void> {
        auto number = tuple.as<Number>();
        sum += number.n;
        if (++seen % 5000 == 0) co_await async::sleep_for(5ms);  // the server has to wait meanwhile
        EXPECT_EQ(number.filler.size(), filler.size());
    };
    auto tuples = run(database().transaction(Scope::nobody(), [&](Session& session) -> Task<std::int64_t> {
        co_return co_await session.copy_out(copy_numbers_out, slow);
    }));
    EXPECT_EQ(tuples, 20000);
    EXPECT_EQ(sum, 20000LL * 19999 / 2);
}

TEST_F(CopyTest, CopiesNothingWhenThereAreNoRows) {
    EXPECT_EQ(copy_numbers_in(database(), 0, 0), 0);
    auto nothing = [](CopyTuple) -> Task<void> {
        ADD_FAILURE();
        co_return;
    };
    auto tuples = run(database().transaction(Scope::nobody(), [&](Session& session) -> Task<std::int64_t> {
        co_return co_await session.copy_out(copy_numbers_out, nothing);
    }));
    EXPECT_EQ(tuples, 0);
}

TEST_F(CopyTest, StoresNothingWhenOneRowIsRefusedAndTellsWhy) {
    Database one{runtime(), {.conninfo = conninfo(embedded::Role::app), .connections_per_thread = 1}};
    copy_numbers_in(one, 500, 501);
    try {
        copy_numbers_in(one, 0, 100000);  // the refusal comes while we are still sending
        ADD_FAILURE() << "was stored";
    } catch (const DatabaseError& error) {
        EXPECT_EQ(error.sqlstate(), "23505");
        EXPECT_EQ(error.constraint(), "numbers_pkey");
    }
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), count_numbers)), 1);
}

TEST_F(CopyTest, RefusesAStatementThatIsNoCopyOrNamesNoTable) {
    Database one{runtime(), {.conninfo = conninfo(embedded::Role::app), .connections_per_thread = 1}};
    auto with = [&](const Query& query) {
        return run(one.transaction(Scope::nobody(), [&](Session& session) -> Task<std::int64_t> {
            CopyRows rows;
            rows.add(std::int64_t{1});
            co_return co_await session.copy_in(query, rows);
        }));
    };
    EXPECT_THROW(with(copy_nowhere), DatabaseError);
    EXPECT_ANY_THROW(with(not_a_copy));
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), count_numbers)), 0);
}

TEST_F(CopyTest, MixesWithStatementsOfTheSameTransaction) {
    CopyRows rows;
    rows.add(std::int64_t{1}, "a");
    auto body = [&](bool fail) {
        return [&rows, fail](Session& session) -> Task<std::int64_t> {
            co_await session.one<std::int64_t>(count_numbers);
            co_await session.copy_in(copy_numbers, rows);
            auto counted = co_await session.one<std::int64_t>(count_numbers);
            if (fail) throw std::runtime_error{"no"};
            co_return counted;
        };
    };
    EXPECT_THROW(run(database().transaction(Scope::nobody(), body(true))), std::runtime_error);
    EXPECT_EQ(run(database().transaction(Scope::nobody(), body(false))), 1);
    EXPECT_EQ(sql_value("select count(*) from t.numbers"), "1");
}

TEST_F(CopyTest, EndsWithTheExceptionOfTheOneWhoTakesTheTuples) {
    Database one{runtime(), {.conninfo = conninfo(embedded::Role::app), .connections_per_thread = 1}};
    copy_numbers_in(one, 0, 50000, std::string(100, 'f'));
    auto take = [](CopyTuple) -> Task<void> {
        throw std::runtime_error{"enough"};
        co_return;
    };
    EXPECT_THROW(run(one.transaction(
                     Scope::nobody(),
                     [&](Session& session) -> Task<void> { co_await session.copy_out(copy_numbers_out, take); })),
                 std::runtime_error);
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), count_numbers)), 50000);
}

TEST_F(CopyTest, IngestRoleMayOnlyInsert) {
    EXPECT_EQ(copy_numbers_in(ingest_database(), 0, 10), 10);
    EXPECT_THROW(run(ingest_database().read(Scope::nobody(), db::bind(count_numbers))), DatabaseError);
    EXPECT_EQ(sql_value("select count(*) from t.numbers"), "10");
}

TEST_F(CopyTest, AppendsBatches) {
    CopyRows first, second;
    first.add(std::int64_t{1}, "a");
    second.add(std::int64_t{2}, "b");
    first.append(second);
    EXPECT_EQ(first.rows(), 2U);
    EXPECT_EQ(run(database().transaction(Scope::nobody(),
                                         [&](Session& session) -> Task<std::int64_t> {
                                             co_return co_await session.copy_in(copy_numbers, first);
                                         })),
              2);
}

}  // namespace
}  // namespace mobilytics::db
