#include "src/analytics/runner.hpp"

#include "src/analytics/analytics_room_test.hpp"

namespace mobilytics::analytics {
namespace {

class RunnerTest : public AnalyticsRoomTest {
protected:
    CampaignId id_of(const Scene& scene) const { return CampaignId::parse(scene.campaign).value(); }

    Instant at(std::string_view text) const { return clock::from_rfc3339(text).value(); }

    void expect_equals_naive(const Sums& sums, const std::string& from, const std::string& to) {
        const auto near = [&](double found, const std::string& what) {
            const double wanted = naive("sum(" + what + ") filter (where not parked_out)", from, to);
            EXPECT_NEAR(found, wanted, 1e-9 * (1 + wanted)) << what << " from " << from;
        };
        near(sums.visits, "share");
        near(sums.ots, "ots * share");
        near(sums.ots_low, "coalesce(ots_low, 0) * share");
        near(sums.ots_high, "coalesce(ots_high, 0) * share");
        near(sums.lts, "lts * share");
        near(sums.unshared_visits, "1");
        near(sums.unshared_ots, "ots");
        near(sums.dwell_s, "dwell_s * share");
        near(sums.calibrated, "case when ots_low is null then 0 else share end");
        near(sums.placed, "case when cell is null then 0 else share end");
        for (std::size_t bin = 0; bin < bin_edges_s.size(); ++bin)
            near(sums.bins[bin],
                 std::format("case when dwell_s >= {} and dwell_s < {} then share else 0 end", bin_edges_s[bin],
                             bin + 1 < bin_edges_s.size() ? bin_edges_s[bin + 1] : 1e9));
        EXPECT_EQ(static_cast<double>(sums.parked_out), naive("count(*) filter (where parked_out)", from, to));
    }

    void expect_series_equals_naive(const Series& series) {
        Sums sum;
        for (const SeriesBucket& bucket : series.buckets) {
            expect_equals_naive(bucket.sums, clock::to_rfc3339(bucket.bucket.span.from),
                                clock::to_rfc3339(bucket.bucket.span.to));
            sum += bucket.sums;
        }
        const auto& window = series.report.window;
        expect_equals_naive(sum, clock::to_rfc3339(window.from), clock::to_rfc3339(window.to));
    }

    void expect_days_equal_naive(const std::vector<ReachDay>& days, const Window& window) {
        const auto wanted = sql_value(std::format("select coalesce(string_agg(day || ' ' || round(reach::numeric, 6), "
                                                  "' ' order by day), '') from (select "
                                                  "to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as day, "
                                                  "hll_cardinality(hll_add_agg(hll_hash_bigint(visitor), "
                                                  "12, 5)) * sum(ots) / count(*) as reach from public.counted where "
                                                  "not parked_out and started_at >= '{}' and "
                                                  "started_at < '{}' group by 1) d",
                                                  clock::to_rfc3339(window.from), clock::to_rfc3339(window.to)))
                                .value();
        std::string found;
        for (const ReachDay& day : days)
            found += std::format("{}{} {:.6f}", found.empty() ? "" : " ", clock::to_rfc3339(day.day).substr(0, 10),
                                 day.reach);
        EXPECT_EQ(found, wanted);
    }

    void set_visibility() {
        sql("insert into measurements.visibility values (1, 'truck', 'left', 3, 0.8), (1, 'truck', 'rear', 1, 0.5) "
            "on conflict (version, format, placement, speed_class) do update set factor = excluded.factor");
    }
};

TEST_F(RunnerTest, hours_days_and_totals_equal_a_naive_recomputation_in_toronto) {
    set_visibility();
    clock().set(at("2026-03-12T00:00:00Z"));
    const auto made = scene("America/Toronto");
    insert_visits(random_visits(made, 500, 1));
    roll_up(made);
    const auto by_day = run(analytics.series(actor(), id_of(made), {{}, {}, Grain::day}));
    ASSERT_EQ(by_day.buckets.size(), 2U);
    EXPECT_EQ(by_day.buckets[0].bucket.local, "2026-03-08");
    EXPECT_EQ(by_day.about.minutes_expected, 2 * 47 * 60) << "23 hours and 24, two trucks";
    expect_series_equals_naive(by_day);
    expect_days_equal_naive(by_day.days, by_day.report.window);
    expect_series_equals_naive(run(analytics.series(actor(), id_of(made), {{}, {}, Grain::hour})));
    const auto summary = run(analytics.summary(actor(), id_of(made), {}));
    expect_equals_naive(summary.totals, "2026-03-08T05:00:00Z", "2026-03-10T04:00:00Z");
    ASSERT_EQ(summary.by_asset.size(), 2U);
    EXPECT_DOUBLE_EQ(summary.by_asset[0].sums.visits + summary.by_asset[1].sums.visits, summary.totals.visits);
    EXPECT_GE(summary.by_asset[0].sums.visits, summary.by_asset[1].sums.visits);
    EXPECT_DOUBLE_EQ(*summary.about.coverage, 50.0 / 60);
    EXPECT_EQ(summary.totals.fast_s, 2 * 47 * 400);
}

TEST_F(RunnerTest, a_window_inside_the_flight_counts_its_hours_alone) {
    const auto made = scene("America/Toronto");
    insert_visits(random_visits(made, 400, 2));
    roll_up(made);
    const auto summary =
        run(analytics.summary(actor(), id_of(made), {at("2026-03-08T09:00:00Z"), at("2026-03-09T02:00:00Z")}));
    expect_equals_naive(summary.totals, "2026-03-08T09:00:00Z", "2026-03-09T02:00:00Z");
}

TEST_F(RunnerTest, days_of_a_half_hour_zone_are_taken_from_the_visits_own_instants) {
    set_visibility();
    clock().set(at("2026-03-12T00:00:00Z"));
    const auto made = scene("Asia/Kolkata", "2026-03-07T18:30:00Z", "2026-03-10T18:30:00Z");
    auto visits = random_visits(made, 500, 3);
    // On the edges of days, to the millisecond.
    auto edge = visits.front();
    edge.asset = std::format("'{}'", hex(made.half.id));
    edge.parked_out = false;
    for (const auto* at : {"2026-03-08T18:29:59.999Z", "2026-03-08T18:30:00.000Z", "2026-03-07T18:29:59.999Z",
                           "2026-03-07T18:30:00.000Z", "2026-03-10T18:29:59.999Z", "2026-03-10T18:30:00.000Z"}) {
        edge.at = at;
        edge.visitor += 1000;
        visits.push_back(edge);
    }
    insert_visits(visits);
    roll_up(made);
    const auto by_day = run(analytics.series(actor(), id_of(made), {{}, {}, Grain::day}));
    ASSERT_EQ(by_day.buckets.size(), 3U);
    EXPECT_EQ(by_day.buckets[1].bucket.local, "2026-03-09");
    expect_series_equals_naive(by_day);
    expect_days_equal_naive(by_day.days, by_day.report.window);
    for (const SeriesBucket& bucket : by_day.buckets) EXPECT_DOUBLE_EQ(bucket.sums.minutes_expected, 2 * 24 * 60);
    const auto summary = run(analytics.summary(actor(), id_of(made), {}));
    expect_equals_naive(summary.totals, "2026-03-07T18:30:00Z", "2026-03-10T18:30:00Z");
    EXPECT_EQ(static_cast<double>(summary.about.unattached_visits),
              std::stod(sql_value("select count(*) from measurements.visits where asset_id is null and started_at >= "
                                  "'2026-03-07T18:30:00Z' and started_at < '2026-03-10T18:30:00Z'")
                            .value()));
}

TEST_F(RunnerTest, cells_equal_a_naive_recomputation_and_add_up_to_the_total) {
    for (const auto* zone : {"America/Toronto", "Asia/Kolkata"}) {
        const bool cut = std::string{zone} == "Asia/Kolkata";
        const auto made = cut ? scene(zone, "2026-03-07T18:30:00Z", "2026-03-09T18:30:00Z") : scene(zone);
        sql("delete from measurements.visits");
        insert_visits(random_visits(made, 500, 4));
        roll_up(made);
        const auto report = Report::of({ours, id_of(made),
                                        cut ? Window{at("2026-03-07T18:30:00Z"), at("2026-03-09T18:30:00Z")}
                                            : Window{at("2026-03-08T05:00:00Z"), at("2026-03-10T04:00:00Z")},
                                        zone},
                                       {}, at("2026-04-01T00:00:00Z"));
        Runner runner{database(), clock(), campaigns, assets};
        const auto cells = run(runner.cells(report));
        std::string found;
        double sum = cells.unplaced.visits;
        for (const SurfaceCell& cell : cells.placed) {
            found += std::format("{}{} {:.6f} {:.6f}", found.empty() ? "" : " ", static_cast<std::int64_t>(cell.cell),
                                 cell.sums.visits, cell.sums.lts);
            sum += cell.sums.visits;
        }
        EXPECT_EQ(
            found,
            sql_value(std::format("select string_agg(cell || ' ' || round(v::numeric, 6) || ' ' || round(l::numeric, "
                                  "6), ' ' order by cell) "
                                  "from (select cell, sum(share) as v, sum(lts * share) as l from public.counted where "
                                  "not parked_out "
                                  "and cell is not null and started_at >= '{}' and started_at < '{}' group by cell) c",
                                  clock::to_rfc3339(report.window.from), clock::to_rfc3339(report.window.to)))
                .value());
        const auto figures = run(runner.figures(report));
        EXPECT_NEAR(sum, figures.total.visits, 1e-9) << zone;
        EXPECT_NEAR(sum - cells.unplaced.visits, figures.total.placed, 1e-9) << zone;
    }
}

TEST_F(RunnerTest, the_answer_says_how_far_the_roll_ups_go) {
    const auto made = scene("America/Toronto");
    insert_visits(random_visits(made, 50, 5));
    roll_up(made);
    clock().set(at("2026-03-09T10:20:00Z"));
    auto about = run(analytics.summary(actor(), id_of(made), {})).about;
    EXPECT_EQ(about.complete_to, at("2026-03-09T10:00:00Z"));
    EXPECT_EQ(about.final_to, at("2025-12-09T10:00:00Z"));
    EXPECT_EQ(about.data_version, 7);
    EXPECT_EQ(about.privacy_floor, 10);
    sql(
        std::format("insert into measurements.dirty (company_id, dirty_id, from_at, to_at, marked_at) values "
                    "('{}', gen_random_uuid(), '2026-03-08T23:59:59Z', '2026-03-09T01:00:00Z', now()), "
                    "('{}', gen_random_uuid(), '2026-03-01T00:00:00Z', '2026-03-09T01:00:00Z', now())",
                    ids::to_hex(ours.uuid), ids::to_hex(theirs.uuid)));
    const auto series = run(analytics.series(actor(), id_of(made), {{}, {}, Grain::hour}));
    EXPECT_EQ(series.about.complete_to, at("2026-03-08T23:00:00Z")) << "another company's work left does not count";
    for (const SeriesBucket& bucket : series.buckets)
        EXPECT_EQ(bucket.state,
                  bucket.bucket.span.to > series.about.complete_to ? BucketState::pending : BucketState::measured);
}

TEST_F(RunnerTest, a_correction_that_waits_or_failed_is_not_complete) {
    const auto made = scene("America/Toronto");
    roll_up(made);
    clock().set(at("2026-03-09T10:20:00Z"));
    const auto complete_to = [&] { return run(analytics.summary(actor(), id_of(made), {})).about.complete_to; };
    sql(
        std::format("insert into jobs.jobs (id, kind, company_id, payload, state, run_at, max_attempts) values "
                    "(gen_random_uuid(), 'measurements.on.devices.attachment_changed', '{}', "
                    "'{{\"from\":\"2026-03-08T05:30:00.000Z\"}}', 'dead', now(), 5)",
                    ids::to_hex(ours.uuid)));
    EXPECT_EQ(complete_to(), at("2026-03-08T05:00:00Z"));
    sql("delete from jobs.jobs");
    EXPECT_EQ(complete_to(), at("2026-03-09T10:00:00Z"));
}

TEST_F(RunnerTest, rows_of_another_company_under_the_same_campaign_are_not_counted) {
    const auto made = scene("America/Toronto");
    insert_visits(random_visits(made, 100, 6));
    roll_up(made);
    const auto before = run(analytics.summary(actor(), id_of(made), {})).totals;
    sql(std::format(
        "insert into measurements.asset_hours select '{}', campaign_id, hour, asset_id, 1000, 1000, 1000, 1000, 1000, "
        "1000, 1000, 1000, bins, sketch, 1000, 1000, 1000, 0, 0, 0, 0, 60, 60, source, method_version "
        "from measurements.asset_hours",
        ids::to_hex(theirs.uuid)));
    EXPECT_EQ(run(analytics.summary(actor(), id_of(made), {})).totals, before);
}

TEST_F(RunnerTest, a_campaign_without_rows_has_no_numbers_but_an_answer) {
    const auto made = scene("America/Toronto");
    const auto summary = run(analytics.summary(actor(), id_of(made), {}));
    EXPECT_EQ(summary.totals, Sums{});
    EXPECT_FALSE(summary.about.calibrated_share);
    EXPECT_FALSE(summary.reach.mean_daily_reach);
    EXPECT_EQ(summary.about.data_version, 0);
    const auto series = run(analytics.series(actor(), id_of(made), {{}, {}, Grain::day}));
    for (const SeriesBucket& bucket : series.buckets) EXPECT_NE(bucket.state, BucketState::measured);
}

}  // namespace
}  // namespace mobilytics::analytics
