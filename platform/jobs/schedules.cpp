// Jobs that time alone brings about.
#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

namespace {

constexpr std::chrono::minutes late{1};

NewJob recurring(const std::string& kind, clock::Instant now) {
    return {.kind = kind, .run_at = now, .key = "schedule", .concurrency_key = kind};
}

}  // namespace

Task<void> Runner::State::enqueue_scheduled() {
    auto now = product_clock.now();
    for (auto& [kind, schedule] : schedules) {
        if (now < schedule.next && schedule.next - now <= schedule.span) continue;
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            auto mine = co_await session.optional<std::string>(sql::schedule_due, kind, now, now + schedule.span,
                                                               now + 2 * schedule.span);
            if (mine) co_await queue.enqueue(session, recurring(kind, now));
        });
        schedule.next = now + schedule.span;
    }
}

// Only the leader looks; that an entry runs once is decided by its row, whoever thinks that it leads.
Task<void> Runner::State::follow_calendar() {
    if (!leads) co_return;
    for (auto& [kind, entry] : calendar) {
        const auto now = product_clock.now();
        // The clock may have been set back: then what is far ahead is asked for again.
        if (now < entry.next && entry.next == entry.cron.after(now, *entry.zone).value_or(clock::far_future)) continue;
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            const bool due = co_await is_due(session, kind, entry, now);
            if (due) co_await queue.enqueue(session, recurring(kind, now));
        });
    }
}

Task<bool> Runner::State::is_due(db::Session& session, std::string kind, CalendarEntry& entry, clock::Instant now) {
    const auto stored = co_await session.optional<clock::Instant>(sql::hold_schedule, kind);
    const auto next = entry.cron.after(now, *entry.zone).value_or(clock::far_future);
    if (stored != next) co_await session.exec(sql::set_schedule, kind, next);
    entry.next = next;
    // A new entry begins with its next time; a stored one that lies ahead is of another calendar or clock.
    if (!stored || *stored > now) co_return false;
    if (entry.misfire == Calendar::Misfire::run_once || now - *stored <= late) co_return true;
    log::warn("a recurring job was missed and is left out", {{"kind", kind}, {"due", clock::to_rfc3339(*stored)}});
    co_return false;
}

}  // namespace mobilytics::jobs
