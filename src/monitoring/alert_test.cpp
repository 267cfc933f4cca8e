#include "src/monitoring/alert.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/monitoring/alert_letter.hpp"
#include "src/monitoring/alert_words.hpp"

namespace mobilytics::monitoring {

namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::March / 8 / 2026}};

// Fires at 10 after five minutes, resolves below 5 after five minutes.
constexpr Terms terms{
    .rule = Rule::rollups_behind, .measure = Measure::seconds, .fires_at = 10, .calm_below = 5, .held = 5min};

// What becomes of one thing, minute by minute.
class Watch {
public:
    Step see(std::optional<double> reading) {
        auto verdict = judge(terms, "", known_, reading, now_);
        now_ += 1min;
        if (verdict.step == Step::gone) known_.reset();
        if (verdict.step != Step::gone && verdict.step != Step::nothing) known_ = verdict.alert;
        return verdict.step;
    }
    Step see_for(int minutes, std::optional<double> reading) {
        Step last = Step::nothing;
        for (int i = 0; i < minutes; ++i) last = see(reading);
        return last;
    }
    void wait(std::chrono::minutes span) { now_ += span; }

    Instant now() const { return now_; }
    const std::optional<Alert>& alert() const { return known_; }

private:
    Instant now_ = start;
    std::optional<Alert> known_;
};

TEST(Judging, nothing_is_wrong_until_something_is) {
    Watch watch;
    EXPECT_EQ(watch.see(std::nullopt), Step::nothing);
    EXPECT_EQ(watch.see(0), Step::nothing);
    EXPECT_EQ(watch.see(9.99), Step::nothing);
    EXPECT_FALSE(watch.alert());
}

TEST(Judging, an_alert_fires_once_the_trouble_has_held) {
    Watch watch;
    EXPECT_EQ(watch.see_for(5, 10), Step::noticed);
    EXPECT_EQ(watch.see(11), Step::fired);
    EXPECT_EQ(watch.alert()->since, start);
    EXPECT_EQ(watch.alert()->fired_at, start + 5min);
    EXPECT_EQ(watch.alert()->value, 11);
    EXPECT_EQ(watch.see(12), Step::kept);
}

TEST(Judging, what_passes_before_that_leaves_nothing) {
    Watch watch;
    EXPECT_EQ(watch.see_for(4, 10), Step::noticed);
    EXPECT_EQ(watch.see(9), Step::gone);
    EXPECT_EQ(watch.see_for(5, 10), Step::noticed) << "it began anew";
}

TEST(Judging, an_alert_ends_once_all_has_been_well_for_as_long) {
    Watch watch;
    watch.see_for(6, 10);
    EXPECT_EQ(watch.see_for(10, 7), Step::kept) << "less than bad is not well";
    EXPECT_EQ(watch.see_for(5, 4), Step::kept);
    EXPECT_EQ(watch.see(10), Step::kept);
    EXPECT_EQ(watch.see_for(5, 4), Step::kept) << "what is bad in between begins the calm anew";
    EXPECT_EQ(watch.see(std::nullopt), Step::resolved) << "nothing of it is well too";
    EXPECT_FALSE(watch.alert()->is_firing());
}

TEST(Judging, the_same_trouble_again_within_an_hour_is_the_same_alert) {
    Watch watch;
    watch.see_for(6, 10);
    watch.see_for(6, 0);
    ASSERT_TRUE(watch.alert()->resolved_at);
    const auto id = watch.alert()->id;
    EXPECT_EQ(watch.see(0), Step::nothing);
    const auto again = watch.now();
    EXPECT_EQ(watch.see(10), Step::came_back);
    EXPECT_EQ(watch.alert()->id, id);
    EXPECT_EQ(watch.alert()->since, again);
    EXPECT_TRUE(watch.alert()->is_firing());
}

TEST(Judging, a_rule_without_a_span_fires_and_ends_at_once) {
    const Terms at_once{.rule = Rule::dead_jobs, .held = 0s};
    auto fired = judge(at_once, "auth.notice", std::nullopt, 1, start);
    EXPECT_EQ(fired.step, Step::fired);
    EXPECT_EQ(fired.alert.about, "auth.notice");
    EXPECT_EQ(judge(at_once, "auth.notice", fired.alert, std::nullopt, start + 1min).step, Step::resolved);
}

TEST(Judging, staff_are_written_to_once_and_then_daily_until_somebody_looks_after_it) {
    Watch watch;
    watch.see_for(5, 10);
    EXPECT_FALSE(wants_letter(terms, *watch.alert(), watch.now()));
    watch.see(10);
    Alert alert = *watch.alert();
    EXPECT_TRUE(wants_letter(terms, alert, watch.now()));
    alert.told_at = watch.now();
    EXPECT_FALSE(wants_letter(terms, alert, watch.now() + 23h));
    EXPECT_TRUE(wants_letter(terms, alert, watch.now() + 24h));
    alert.acknowledged = Acknowledgement{watch.now(), "usr_1", ""};
    EXPECT_FALSE(wants_letter(terms, alert, watch.now() + 48h));
    alert.acknowledged.reset();
    alert.resolved_at = watch.now();
    EXPECT_FALSE(wants_letter(terms, alert, watch.now() + 48h));
}

TEST(Judging, what_mail_itself_fails_at_is_not_told_by_mail) {
    const Alert alert{.id = {}, .rule = Rule::mail_failing, .since = start, .fired_at = start};
    EXPECT_FALSE(wants_letter(terms_of(Rule::mail_failing), alert, start));
}

TEST(Terms, patience_stretches_times_and_leaves_counts_and_shares) {
    for (const Terms& written : all_terms()) {
        const Terms half = terms_of(written.rule, 0.5), none = terms_of(written.rule, 0);
        EXPECT_EQ(half.held, written.held / 2);
        EXPECT_EQ(none.held, 0s);
        const bool is_time = written.measure == Measure::seconds;
        EXPECT_EQ(half.fires_at, is_time ? written.fires_at / 2 : written.fires_at);
        EXPECT_LE(written.calm_below, written.fires_at) << "else it would be bad and well at once";
    }
}

TEST(AlertWords, say_what_to_do_in_both_languages) {
    for (const Terms& one : all_terms()) {
        const auto english = words_of(one.rule, "en-CA"), french = words_of(one.rule, "fr-CA");
        EXPECT_NE(english.title, french.title);
        EXPECT_NE(english.action, french.action);
    }
    const std::vector<Alert> two{{.id = {}, .rule = Rule::dead_jobs, .about = "auth.notice", .since = start},
                                 {.id = {}, .rule = Rule::disk_low, .since = start}};
    EXPECT_TRUE(told(two, "en-CA").starts_with("Jobs were given up (auth.notice): The page Jobs"));
    EXPECT_TRUE(told(two, "fr-CA").contains("\nLe disque est presque plein : ")) << told(two, "fr-CA");
}

TEST(AlertLetters, say_it_all_in_the_language_of_their_reader) {
    const std::vector<Alert> two{{.id = {}, .rule = Rule::trail_broken, .since = start},
                                 {.id = {}, .rule = Rule::dead_jobs, .about = "a<b", .since = start}};
    for (const std::string locale : {"en-CA", "fr-CA"}) {
        AlertLetter letter = letter_about(two, locale);
        letter.page = "https://app.example.com/jobs";
        const auto message = written(letter, {"Sam", "sam@example.com"}, "1");
        EXPECT_EQ(message.language, locale);
        EXPECT_TRUE(message.subject.ends_with(words_of(Rule::trail_broken, locale).title)) << message.subject;
        for (const Rule rule : {Rule::trail_broken, Rule::dead_jobs})
            EXPECT_TRUE(message.text.contains(words_of(rule, locale).action)) << message.text;
        EXPECT_TRUE(message.text.contains("\nhttps://app.example.com/jobs\n")) << message.text;
        EXPECT_TRUE(message.html.contains("href=\"https://app.example.com/jobs\"")) << message.html;
        EXPECT_TRUE(message.html.contains("a&lt;b")) << message.html;
        EXPECT_TRUE(message.html.contains("<br>")) << message.html;
        EXPECT_TRUE(message.text.starts_with(locale == "fr-CA" ? "Bonjour Sam," : "Hello Sam,")) << message.text;
    }
}

}  // namespace

}  // namespace mobilytics::monitoring
