#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <format>
#include <stdexcept>
#include <utility>

#include "platform/jobs/listeners.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

namespace asio = boost::asio;
using namespace std::chrono_literals;

std::string name_of_this_worker() {
    char host[128] = {};
    ::gethostname(host, sizeof host - 1);
    return std::format("{}/{}/{}", host, ::getpid(), ids::to_base32(ids::new_uuid()).substr(18));
}

bool Runner::State::is_stopping() {
    std::lock_guard lock{mutex};
    return stopping || runtime.stopping();
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
            if (!declared) co_await declare_kinds();
            co_await enqueue_scheduled();
            co_await follow_calendar();
            taken = co_await take_due();
        } catch (const std::exception& failure) {
            log::warn("jobs could not be looked for", {{"reason", failure.what()}});
        }
        stop_overdue();
        if (taken > 0 || looking_again) continue;
        pause.expires_after(options.poll);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    end_loop();
}

Runner::Runner(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, Queue& queue,
               RunnerOptions options)
    : state_{std::make_shared<State>(runtime, database, clock, queue, options)} {}

Runner::~Runner() { stop(); }

void Runner::on(std::string kind, Handler handler, KindOptions options) {
    if (state_->started) throw std::logic_error{"a handler was added to a running job runner"};
    state_->kinds[kind] = {std::move(handler), options, 0};
}

void Runner::every(std::chrono::seconds span, std::string kind, Handler handler, KindOptions options) {
    on(kind, std::move(handler), options);
    state_->schedules[kind] = {span};
}

void Runner::at(Calendar calendar, std::string kind, Handler handler, KindOptions options) {
    if (!clock::Zone::exists(calendar.zone))
        throw std::invalid_argument{std::format("there is no zone '{}'", calendar.zone)};
    const Cron cron{calendar.when};
    on(kind, std::move(handler), options);
    state_->calendar.insert_or_assign(
        kind, State::CalendarEntry{cron, &clock::Zone::named(calendar.zone), calendar.misfire, {}});
}

void Runner::State::sort_kinds() {
    groups.push_back({.places = options.concurrency});
    for (auto& [name, kind] : kinds) {
        const auto& its = kind.options;
        if (its.own_places > 0) {
            kind.group = groups.size();
            groups.push_back({.places = its.own_places});
        }
        Group& group = groups[kind.group];
        group.kinds.push_back(name);
        if (its.max_running || its.max_running_per_company || its.max_per_minute || its.max_per_minute_per_company)
            group.has_limits = true;
        if (options.metrics) kind.metrics = RunMetrics{*options.metrics, name};
        if (its.keep_ended) kept_kinds.push_back(name);
    }
}

void Runner::start() {
    if (std::exchange(state_->started, true)) throw std::logic_error{"a job runner was started twice"};
    state_->sort_kinds();
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
        std::lock_guard held{state->mutex};
        if (state->vacuuming) state->vacuuming->request();
    });
    lock.lock();
    if (state_->runtime.stopping()) return false;
    auto ended = [this] { return state_->running.empty() && state_->loops == 0; };
    if (state_->changed.wait_for(lock, patience, ended)) return true;
    for (auto& [id, entry] : state_->running) state_->interrupt(entry, Interruption::stopping);
    return state_->changed.wait_for(lock, 5s, ended);
}

}  // namespace mobilytics::jobs
