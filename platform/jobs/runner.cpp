#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <format>
#include <stdexcept>
#include <utility>

#include "platform/jobs/listeners.hpp"
#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

namespace asio = boost::asio;
using namespace std::chrono_literals;

std::string name_of_this_worker() {
    char host[128] = {};
    ::gethostname(host, sizeof host - 1);
    return std::format("{}/{}", host, ::getpid());
}

bool Runner::State::is_stopping() {
    std::lock_guard lock{mutex};
    return stopping || runtime.stopping();
}

std::int64_t Runner::State::free_places() {
    std::lock_guard lock{mutex};
    const auto common =
        std::ranges::count_if(running, [&](const auto& entry) { return !own_places.contains(entry.second.job.kind); });
    return stopping ? 0 : options.concurrency - common;
}

std::int64_t Runner::State::free_places(const std::string& kind, int places) {
    std::lock_guard lock{mutex};
    const auto used = std::ranges::count_if(running, [&](const auto& entry) { return entry.second.job.kind == kind; });
    return stopping ? 0 : places - used;
}

// On I/O thread 0. A look that is under way may have missed what is new, so another follows it.
void Runner::State::look_now() {
    looking_again = true;
    pause.cancel();
}

void Runner::State::end_loop() {
    std::lock_guard lock{mutex};
    --loops;
    changed.notify_all();
}

Task<void> Runner::State::loop_looking() {
    while (!is_stopping()) {
        looking_again = false;
        std::size_t taken = 0;
        try {
            co_await enqueue_scheduled();
            taken = co_await take_due();
        } catch (const std::exception& failure) {
            log::warn("jobs could not be looked for", {{"reason", failure.what()}});
        }
        if (taken > 0 || looking_again) continue;
        pause.expires_after(options.poll);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    end_loop();
}

Task<void> Runner::State::enqueue_scheduled() {
    auto now = product_clock.now();
    for (auto& [kind, schedule] : schedules) {
        if (now < schedule.next && schedule.next - now <= schedule.span) continue;
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            auto mine = co_await session.optional<std::string>(sql::schedule_due, kind, now, now + schedule.span,
                                                               now + 2 * schedule.span);
            if (!mine) co_return;
            co_await queue.enqueue(session, {.kind = kind, .run_at = now, .key = "schedule", .concurrency_key = kind});
        });
        schedule.next = now + schedule.span;
    }
}

Task<std::size_t> Runner::State::take_due() {
    auto taken = co_await take_some(kinds, free_places());
    for (const auto& [kind, places] : own_places) {
        std::vector<std::string> only{kind};
        taken += co_await take_some(std::move(only), free_places(kind, places));
    }
    co_return taken;
}

Task<std::size_t> Runner::State::take_some(std::vector<std::string> of_kinds, std::int64_t free) {
    if (free <= 0) co_return 0;
    auto found = co_await take(std::move(of_kinds), free);
    for (auto& taken : found) begin(std::move(taken));
    co_return found.size();
}

Task<std::vector<Taken>> Runner::State::take(std::vector<std::string> of_kinds, std::int64_t limit) {
    constexpr int attempts = 5;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        try {
            auto statement =
                db::bind(sql::take, product_clock.now(), of_kinds, limit, worker, in_seconds(options.lease));
            co_return co_await database.transaction(db::Scope::system(),
                                                    [&](db::Session& session) -> Task<std::vector<Taken>> {
                                                        auto result = co_await session.run(statement);
                                                        co_return result.all<Taken>();
                                                    });
        } catch (const db::DatabaseError& error) {
            if (!is_unique_violation(error, "jobs_running_concurrency")) throw;
        }
    }
    // Others are busy on the same keys; what they leave is taken at the next look.
    co_return std::vector<Taken>{};
}

void Runner::State::begin(Taken taken) {
    Job job{taken.id,
            std::move(taken.kind),
            taken.company.value_or(ids::Uuid{}),
            std::move(taken.payload),
            taken.attempt,
            taken.max_attempts,
            taken.lease,
            trace::parse(taken.traceparent).or_else([] { return std::optional{trace::begin()}; }).value()};
    auto stop = std::make_shared<async::Stop>();
    {
        std::lock_guard lock{mutex};
        running.insert_or_assign(job.id, Running{job, stop, Steady::now()});
    }
    auto handler = handlers.at(job.kind);
    runtime.spawn(
        job.kind, [self = shared_from_this(), job, handler] { return self->work(job, handler); }, next_thread++, stop);
}

Runner::Runner(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, Queue& queue,
               RunnerOptions options)
    : state_{std::make_shared<State>(runtime, database, clock, queue, options)} {}

Runner::~Runner() { stop(); }

void Runner::on(std::string kind, Handler handler, int own_places) {
    if (state_->started) throw std::logic_error{"a handler was added to a running job runner"};
    if (own_places > 0) state_->own_places[kind] = own_places;
    state_->handlers[kind] = std::move(handler);
}

void Runner::every(std::chrono::seconds span, std::string kind, Handler handler) {
    on(kind, std::move(handler));
    state_->schedules[kind] = {span};
}

void Runner::start() {
    if (std::exchange(state_->started, true)) throw std::logic_error{"a job runner was started twice"};
    for (const auto& [kind, handler] : state_->handlers)
        if (!state_->own_places.contains(kind)) state_->kinds.push_back(kind);
    state_->loops = 2;
    state_->queue.listeners_->add(state_.get(), [weak = std::weak_ptr{state_}] {
        auto state = weak.lock();
        if (state) asio::post(state->runtime.executor(0), [state] { state->look_now(); });
    });
    state_->runtime.spawn("jobs.look", [state = state_] { return state->loop_looking(); }, 0);
    state_->runtime.spawn("jobs.beat", [state = state_] { return state->loop_beating(); }, 0);
}

void Runner::wake() {
    asio::post(state_->runtime.executor(0), [state = state_] { state->look_now(); });
}

bool Runner::stop(std::chrono::milliseconds patience) {
    if (!state_->started) return true;
    state_->queue.listeners_->remove(state_.get());
    std::unique_lock lock{state_->mutex};
    state_->stopping = true;
    lock.unlock();
    asio::post(state_->runtime.executor(0), [state = state_] {
        state->look_now();
        state->beat.cancel();
    });
    lock.lock();
    if (state_->runtime.stopping()) return false;
    auto ended = [this] { return state_->running.empty() && state_->loops == 0; };
    if (state_->changed.wait_for(lock, patience, ended)) return true;
    for (auto& [id, entry] : state_->running) entry.stop->request();
    return state_->changed.wait_for(lock, 5s, ended);
}

}  // namespace mobilytics::jobs
