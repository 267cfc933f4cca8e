#include <gtest/gtest.h>

#include "src/measurements/database_world_test.hpp"
#include "src/measurements/naive_test.hpp"
#include "src/measurements/random_world_test.hpp"
#include "src/measurements/worked_world_test.hpp"

// The whole way through PostgreSQL: records posted in batches, visits and roll-ups made by the refresh, held against
// the naive reading of the method and against a rebuild from nothing.
namespace mobilytics::measurements::testing {
namespace {

using Dump = std::optional<std::string>;

class RefreshTest : public test::DatabaseTest {
protected:
    void SetUp() override {
        clock().set(clock::from_rfc3339("2026-03-10T12:00:00Z").value());
        rooms_ = std::make_unique<Rooms>(runtime(), database(), ingest_database(), clock());
    }

    void arrange(World& world) {
        round_to_stored(world);
        sql(insert_world(company_, world));
        sql(insert_campaigns(company_, world));
        open_all(world);
    }

    // Rows exist for every hour with a device attached, records or not.
    void open_all(const World& world) {
        for (const auto& one : world.attachments) {
            const Window during = overlap(one.during, span_);
            if (!during.empty())
                run(measurements().mark(
                    company_, {{.device = std::nullopt, .asset = one.asset, .span = during, .coverage = true}}));
        }
    }

    Measurements& measurements() { return rooms_->measurements; }

    void post(Records records, std::string name = "") {
        if (name.empty()) name = "batch " + std::to_string(++batches_);
        BatchToStore batch{.company = company_,
                           .sender = company_.uuid,
                           .batch = name,
                           .body_sha256 = {},
                           .answer = "{}",
                           .records = std::move(records)};
        run(measurements().store_batch(std::move(batch)));
    }

    void refresh() { run(measurements().refresh(company_)); }

    // Everything derived, as text that is equal when the rows are.
    std::string derived() {
        const auto rows = [&](const std::string& query) {
            return sql_value("select coalesce(string_agg(r::text, chr(10) order by r::text), '') from (" + query +
                             ") r")
                .value();
        };
        return rows(
                   "select device_id, started_at, visitor, ended_at, strongest_dbm, asset_id, lat, lon, "
                   "cell, speed_class, ots, "
                   "ots_low, ots_high, parked_out from measurements.visits") +
               "\n--\n" +
               rows(rounded("asset_hours",
                            "asset_id, placed::numeric(30,9), parked_out, parked_s, crawl_s, urban_s, fast_s, "
                            "minutes_expected, minutes_covered, unshared_visits")) +
               "\n--\n" + rows(rounded("cell_hours", "cell")) + "\n--\n" +
               rows("select hour, visits from measurements.unattached_hours");
    }

    static std::string rounded(const std::string& table, const std::string& more) {
        return "select campaign_id, hour, " + more +
               ", visits::numeric(30,9), ots::numeric(30,9), ots_low::numeric(30,9), "
               "ots_high::numeric(30,9), lts::numeric(30,9), dwell_s::numeric(30,9), bins::numeric(30,9)[], "
               "sketch::text, "
               "calibrated::numeric(30,9) from measurements." +
               table;
    }

    // Throws away all that was derived and derives it anew.
    std::string rebuilt() {
        sql("truncate measurements.visits, measurements.asset_hours, measurements.cell_hours, "
            "measurements.unattached_hours, "
            "measurements.track_states");
        run(measurements().rebuild(company_));
        refresh();
        return derived();
    }

    // A roll-up row as the database has it, beside the reference's.
    void expect_row(const RollupKey& key, const RollupRow& row) {
        const std::string of = key.by_cell ? std::format("cell = {}", static_cast<std::int64_t>(key.cell.value_or(0)))
                                           : "asset_id = " + quoted(*key.asset);
        const std::string where = std::format(" from measurements.{} where {} and campaign_id = {} and hour = {}",
                                              key.by_cell ? "cell_hours" : "asset_hours", of,
                                              quoted(key.campaign.value_or(all_campaigns)), quoted(key.hour));
        SCOPED_TRACE(where);
        const auto number = [&](const std::string& column) {
            const auto text = sql_value("select " + column + "::float8" + where);
            return text ? std::stod(*text) : std::nan("");
        };
        RollupRow found{number("visits"),
                        number("ots"),
                        number("ots_low"),
                        number("ots_high"),
                        number("lts"),
                        number("dwell_s"),
                        {},
                        row.visitors,
                        number("calibrated")};
        for (std::size_t bin = 0; bin < found.bins.size(); ++bin)
            found.bins[bin] = number(std::format("bins[{}]", bin + 1));
        EXPECT_TRUE(equal_rows(found, row, !key.campaign))
            << found.visits << " " << row.visits << " lts " << found.lts << " " << row.lts;
        std::string visitors;
        for (const auto visitor : row.visitors)
            visitors += std::format("{}({}::bigint)", visitors.empty() ? "" : ",", static_cast<std::int64_t>(visitor));
        EXPECT_EQ(
            sql_value("select sketch::text" + where),
            sql_value("select hll_add_agg(hll_hash_bigint(v), 12, 5)::text from (values " + visitors + ") as t (v)"));
    }

    void expect_reference(const World& world) {
        const auto reference = naive::derive(world, span_);
        const auto rollup = roll_up(world, reference.visits);
        for (const auto& [key, row] : rollup) expect_row(key, row);
        EXPECT_EQ(sql_value("select count(*) from measurements.cell_hours"),
                  std::to_string(std::ranges::count_if(rollup, [](const auto& entry) { return entry.first.by_cell; })));
        EXPECT_EQ(
            sql_value("select count(*) from measurements.asset_hours where unshared_visits > 0"),
            std::to_string(std::ranges::count_if(rollup, [](const auto& entry) { return !entry.first.by_cell; })));
        EXPECT_EQ(sql_value("select count(*) from measurements.visits"), std::to_string(reference.visits.size()));
        expect_hours(reference);
    }

    void expect_hours(const Derived& reference) {
        for (const auto& [unit, road] : reference.road_time) {
            const auto& [asset, hour] = unit;
            if (!attached(asset, hour)) continue;
            const auto found =
                sql_value(std::format("select format('%s %s %s %s', parked_s * 1000, crawl_s * 1000, urban_s "
                                      "* 1000, fast_s * 1000) from measurements.asset_hours "
                                      "where campaign_id = {} and asset_id = {} and hour = {}",
                                      quoted(all_campaigns), quoted(asset), quoted(hour)));
            EXPECT_EQ(found, std::format("{} {} {} {}", road.parked.count(), road.crawl.count(), road.urban.count(),
                                         road.fast.count()));
        }
        for (const auto& [unit, minutes] : reference.minutes) {
            const auto found = sql_value(
                std::format("select format('%s %s', minutes_expected, minutes_covered) from measurements.asset_hours "
                            "where campaign_id = {} and asset_id = {} and hour = {}",
                            quoted(all_campaigns), quoted(unit.first), quoted(unit.second)));
            EXPECT_EQ(found, std::format("{} {}", std::popcount(minutes.first), std::popcount(minutes.second)));
        }
    }

    bool attached(const ids::Uuid& asset, Instant hour) {
        return sql_value(std::format("select 1 from devices.attachments where asset_id = {} and during && {}",
                                     quoted(asset), span({hour, hour + one_hour})))
            .has_value();
    }

    CompanyId company_{numbered(200)};
    Window span_ = world_span;
    std::unique_ptr<Rooms> rooms_;
    int batches_ = 0;
};

TEST_F(RefreshTest, makes_the_worked_world_as_expected) {
    World world = worked::world(worked::read<worked::JsonWorld>("world.json"));
    span_ = {worked::instant("2026-03-07T00:00:00Z"), worked::instant("2026-03-09T00:00:00Z")};
    arrange(world);
    post(records_of(world));
    refresh();
    const auto expected = worked::read<worked::JsonExpected>("expected.json");
    EXPECT_EQ(sql_value("select count(*) from measurements.visits where asset_id is not null and not parked_out"),
              std::to_string(expected.visits.size()));
    EXPECT_EQ(sql_value("select sum(visits) from measurements.unattached_hours"),
              std::to_string(expected.quality.unattached));
    EXPECT_EQ(
        sql_value("select sum(parked_out) from measurements.asset_hours where campaign_id = " + quoted(all_campaigns)),
        std::to_string(expected.quality.parked_out));
    expect_reference(world);
    EXPECT_EQ(derived(), rebuilt());
}

class RandomRefreshTest : public RefreshTest, public ::testing::WithParamInterface<int> {};

TEST_P(RandomRefreshTest, equals_the_naive_reading_and_a_rebuild_whatever_the_order_of_arrival) {
    Chance chance{static_cast<std::uint64_t>(GetParam())};
    World world = random_world(static_cast<std::uint64_t>(GetParam()));
    arrange(world);
    Records all = records_of(world);
    chance.shuffle(all.positions);
    chance.shuffle(all.sightings);
    chance.shuffle(all.heartbeats);
    // In four pieces, each followed by a refresh; the second is sent twice, once under its own name and once anew.
    const auto piece = [&]<class T>(const std::vector<T>& records, std::size_t part) {
        const auto from = records.size() * part / 4;
        return std::vector<T>(records.begin() + static_cast<std::ptrdiff_t>(from),
                              records.begin() + static_cast<std::ptrdiff_t>(records.size() * (part + 1) / 4));
    };
    for (std::size_t part = 0; part < 4; ++part) {
        const Records some{piece(all.positions, part), piece(all.sightings, part), piece(all.heartbeats, part)};
        post(some, "part " + std::to_string(part));
        if (part == 1) post(some, "part 1");
        if (part == 1) post(some, "part 1, again under another name");
        refresh();
    }
    expect_reference(world);
    EXPECT_EQ(derived(), rebuilt());
}

INSTANTIATE_TEST_SUITE_P(worlds, RandomRefreshTest, ::testing::Range(1, 9));

TEST_F(RefreshTest, keeps_the_sums_over_cells_and_over_assets_equal) {
    World world = random_world(77);
    arrange(world);
    post(records_of(world));
    refresh();
    EXPECT_EQ(
        sql_value("select count(*) from (select campaign_id, hour, sum(visits) as v, sum(ots) as o, sum(lts) as l, "
                  "sum(dwell_s) as d "
                  "from measurements.asset_hours group by 1, 2) a full join (select campaign_id, hour, sum(visits) "
                  "as v, "
                  "sum(ots) as o, sum(lts) as l, sum(dwell_s) as d from measurements.cell_hours group by 1, 2) c "
                  "using (campaign_id, hour) where abs(coalesce(a.v, 0) - coalesce(c.v, 0)) > 1e-9 * greatest(a.v, "
                  "1) or "
                  "abs(coalesce(a.o, 0) - coalesce(c.o, 0)) > 1e-9 * greatest(a.o, 1) or "
                  "abs(coalesce(a.l, 0) - coalesce(c.l, 0)) > 1e-9 * greatest(a.l, 1) or "
                  "abs(coalesce(a.d, 0) - coalesce(c.d, 0)) > 1e-9 * greatest(a.d, 1)"),
        "0");
    EXPECT_NE(sql_value("select count(*) from measurements.cell_hours"), "0");
}

TEST_F(RefreshTest, erasing_a_device_leaves_no_ghost) {
    World world = random_world(5);
    arrange(world);
    post(records_of(world));
    refresh();
    const auto device = world.devices.front().id;
    const auto minute = [](int number) { return world_start + std::chrono::minutes{number}; };
    // An hour in the middle, then from the beginning of time, then all that is left.
    for (const Window& gone :
         {Window{minute(90), minute(150)}, Window{Instant{}, minute(30)}, Window{Instant{}, clock::far_future}}) {
        run(measurements().erase(company_, DeviceId{device}, gone));
        refresh();
        std::erase_if(world.positions,
                      [&](const Position& one) { return one.device == device && gone.contains(one.at); });
        std::erase_if(world.sightings,
                      [&](const TestSighting& one) { return one.device == device && gone.contains(one.sighting.at); });
        std::erase_if(world.heartbeats,
                      [&](const TestHeartbeat& one) { return one.device == device && gone.contains(one.at); });
        expect_reference(world);
        EXPECT_EQ(derived(), rebuilt());
    }
    const auto of_device = std::format("where device_id = '{}'", ids::to_hex(device));
    EXPECT_EQ(sql_value("select count(*) from measurements.visits " + of_device), "0");
    EXPECT_EQ(sql_value("select count(*) from measurements.last_positions " + of_device), "0");
}

TEST_F(RefreshTest, a_batch_sent_again_stores_nothing_and_another_body_under_its_name_is_refused) {
    World world = random_world(3);
    arrange(world);
    post(records_of(world), "one");
    post(records_of(world), "one");
    EXPECT_EQ(sql_value("select count(*) from measurements.sightings"), std::to_string(world.sightings.size()));
    BatchToStore other{.company = company_,
                       .sender = company_.uuid,
                       .batch = "one",
                       .body_sha256 = {std::byte{1}},
                       .answer = "{}",
                       .records = {}};
    try {
        run(measurements().store_batch(std::move(other)));
        FAIL() << "another body under the same name was taken";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "measurements.batch_differs");
    }
}

}  // namespace
}  // namespace mobilytics::measurements::testing
