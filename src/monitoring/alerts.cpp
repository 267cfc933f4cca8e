#include "src/monitoring/alerts.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <set>
#include <utility>

#include "platform/jobs/jobs.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/json/escape.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/staff.hpp"
#include "src/monitoring/alert_store.hpp"
#include "src/monitoring/entries.hpp"

namespace mobilytics::monitoring {

namespace {

constexpr std::chrono::days kept{90};
// A process that was not heard of for so long is gone, and what it said of itself with it.
constexpr std::chrono::hours silence{1};

trail::By by_job() { return {.kind = "job", .id = "monitoring.judge"}; }

Alert require_alert(std::optional<Alert> found) {
    if (!found) throw Problem{Kind::missing, "monitoring.alert_not_found", "There is no such alert."};
    return *std::move(found);
}

// "database@host-1" and "host-1" are of host-1.
bool is_of(std::string_view about, std::string_view process) {
    if (!about.ends_with(process)) return false;
    about.remove_suffix(process.size());
    return about.empty() || about.ends_with('@');
}

constexpr auto readers = auth::StaffPermission::jobs_read;
// About ten hours of trying again.
constexpr int attempts = 18;

std::string payload_of(const AlertLetter& letter) {
    using json::text_literal;
    return std::format(R"({{"user_id":"{}","locale":{},"headline":{},"passage":{},"page":{}}})", letter.user_id.text(),
                       text_literal(letter.locale), text_literal(letter.headline), text_literal(letter.passage),
                       text_literal(letter.page));
}

using Thing = std::pair<Rule, std::string>;

}  // namespace

// One run of the judge over what was known and what was measured.
class Alerts::Judgement {
public:
    Judgement(Alerts& door, Instant now, std::vector<Alert> known, const std::vector<Reading>& readings)
        : door_{door}, now_{now} {
        for (auto& alert : known) {
            Thing thing{alert.rule, alert.about};
            known_.insert_or_assign(std::move(thing), std::move(alert));  // the last is the newest
        }
        for (const auto& reading : readings) readings_[{reading.rule, reading.about}] = reading.value;
    }

    Task<void> settle_all(db::Session& session) {
        std::set<Thing> things;
        for (const auto& [thing, alert] : known_) things.insert(thing);
        for (const auto& [thing, value] : readings_) things.insert(thing);
        for (const Thing& thing : things)
            if (!is_left_alone(thing)) co_await settle(session, thing);
    }

    const std::vector<Alert>& to_tell() const { return to_tell_; }

private:
    // What another process said of itself, a short while ago.
    bool is_left_alone(const Thing& thing) const {
        return is_of_another(thing) && now_ - known_.at(thing).judged_at < silence;
    }

    bool is_of_another(const Thing& thing) const {
        const auto& [rule, about] = thing;
        return terms_of(rule).of_process && !is_of(about, door_.process_.name) && !readings_.contains(thing);
    }

    Task<void> settle(db::Session& session, Thing thing) {
        const Terms terms = terms_of(thing.first, door_.patience_);
        const auto known = known_.find(thing);
        const auto reading = readings_.find(thing);
        auto verdict =
            monitoring::judge(terms, thing.second, known == known_.end() ? std::nullopt : std::optional{known->second},
                              reading == readings_.end() ? std::nullopt : std::optional{reading->second}, now_);
        Alert& alert = verdict.alert;
        // Its silence counts from when it spoke itself, or each judgement here would be taken for its own.
        if (is_of_another(thing)) alert.judged_at = known->second.judged_at;
        if (verdict.step == Step::nothing) co_return;
        if (verdict.step == Step::gone) {
            co_await store::delete_alert(session, alert.id);
            co_return;
        }
        if (wants_letter(terms, alert, now_)) {
            alert.told_at = now_;
            to_tell_.push_back(alert);
        }
        co_await store::save_alert(session, alert);
        if (verdict.step == Step::fired || verdict.step == Step::came_back)
            co_await door_.trail_.record(session, trail::no_company, by_job(), fired(alert));
        if (verdict.step == Step::resolved)
            co_await door_.trail_.record(session, trail::no_company, by_job(), resolved(alert));
    }

    Alerts& door_;
    const Instant now_;
    std::map<Thing, Alert> known_;
    std::map<Thing, double> readings_;
    std::vector<Alert> to_tell_;
};

Alerts::Alerts(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Post post, Measuring measuring,
               Process process, double patience)
    : database_{database},
      clock_{clock},
      trail_{trail},
      post_{std::move(post)},
      measuring_{std::move(measuring)},
      process_{std::move(process)},
      patience_{std::max(0.0, patience)} {}

Task<std::vector<Alert>> Alerts::list(auth::Staff, std::optional<bool> open, std::optional<AlertId> before, int limit) {
    return store::list_alerts(database_, open, before, limit);
}

std::vector<Terms> Alerts::rules(auth::Staff) const {
    std::vector<Terms> rules;
    for (const Terms& terms : all_terms()) rules.push_back(terms_of(terms.rule, patience_));
    return rules;
}

Task<std::vector<http::Readiness::Finding>> Alerts::checks(auth::Staff) { return process_.readiness.findings(); }

Task<Alert> Alerts::acknowledge(auth::Staff actor, AlertId id, std::string note) {
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<Alert> {
        Alert alert = require_alert(co_await store::hold_alert(session, id));
        if (!alert.is_firing()) throw Problem{Kind::conflict, "monitoring.alert_over", "The alert is over."};
        alert.acknowledged = Acknowledgement{clock_.now(), actor.user.text(), note};
        co_await store::acknowledge(session, id, *alert.acknowledged);
        co_await trail_.record(session, trail::no_company, actor.who(), acknowledged(alert));
        co_return alert;
    });
}

Task<void> Alerts::judge() {
    const auto now = clock_.now();
    const auto readings = co_await measuring_(now);
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        auto known = co_await store::hold_alerts(session, now - same_trouble);
        Judgement judgement{*this, now, std::move(known), readings};
        co_await judgement.settle_all(session);
        co_await store::forget_alerts(session, now - kept);
        co_await write_to_staff(session, judgement.to_tell());
    });
}

Task<void> Alerts::write_to_staff(db::Session& session, std::vector<Alert> news) {
    if (news.empty()) co_return;
    std::vector<jobs::NewJob> letters;
    for (auto& reader : co_await auth::staff_readers(session, readers, auth::alert_letters)) {
        AlertLetter letter = letter_about(news, std::move(reader.locale));
        letter.user_id = reader.user;
        letter.page = post_.page;
        letters.push_back({.kind = std::string{kind_of_letters},
                           .payload = payload_of(letter),
                           .concurrency_key = std::string{auth::line_of_letters},
                           .max_attempts = attempts});
    }
    co_await post_.queue.enqueue_all(session, std::move(letters));
}

Task<void> Alerts::send(std::string id, AlertLetter letter) {
    const auto reader = co_await auth::staff_reader(database_, letter.user_id, readers);
    if (!reader) co_return;
    mail::Message message = written(letter, {reader->name, reader->email}, std::move(id));
    co_await post_.mailer.deliver(std::move(message));
}

Task<std::vector<metrics::Sample>> Alerts::firing() {
    std::map<Rule, double> counts;
    for (const Terms& terms : all_terms()) counts[terms.rule] = 0;
    for (const auto& [rule, alerts] : co_await store::count_firing(database_))
        counts[rule] = static_cast<double>(alerts);
    std::vector<metrics::Sample> samples;
    for (const auto& [rule, count] : counts) samples.push_back({{{"rule", std::string{json::name_of(rule)}}}, count});
    co_return samples;
}

}  // namespace mobilytics::monitoring
