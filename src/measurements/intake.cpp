#include "src/measurements/intake.hpp"

#include <algorithm>

#include "platform/problem/problem.hpp"
#include "src/measurements/store.hpp"

namespace mobilytics::measurements {

namespace {

constexpr std::size_t rows_per_flush = 5000;
// A transaction costs the database about as much as a hundred rows: small ones keep a distance.
constexpr std::size_t rows_worth_a_flush = 500;
constexpr std::chrono::milliseconds between_small_flushes{20};
constexpr std::size_t most_rows_waiting = 200'000;  // about 20 MB; beyond that senders are told to come back

}  // namespace

Intake::Intake(async::Runtime& runtime, db::Database& ingest_database, clock::Clock& clock)
    : runtime_{runtime}, database_{ingest_database}, clock_{clock} {}

Task<bool> Intake::store(BatchToStore batch) {
    Waiting waiting{std::move(batch), {}};
    auto stored = waiting.stored;
    const std::size_t rows = waiting.batch.records.size() + 1;  // the batch is a row itself
    std::shared_ptr<Group> full;
    bool begins = false;
    {
        const std::scoped_lock lock{mutex_};
        if (rows_waiting_ + rows > most_rows_waiting) {
            Problem busy{Kind::unavailable, "measurements.busy",
                         "Too much is waiting to be stored; send it again later."};
            busy.retry_after_seconds = 5;
            throw busy;
        }
        rows_waiting_ += rows;
        if (!open_) open_ = std::make_shared<Group>();
        open_->waiting.push_back(std::move(waiting));
        open_->rows += rows;
        if (open_->rows >= rows_per_flush)
            full = std::exchange(open_, nullptr);
        else
            begins = !std::exchange(flushing_, true);
    }
    if (full)
        runtime_.spawn("ingest flush", [this, full] { return flush(full); }, next_thread_++);
    else if (begins)
        runtime_.spawn("ingest flush", [this] { return flush_what_gathers(); }, next_thread_++);
    co_return co_await stored.wait();
}

// One group after another until none is left. While one is on its way the posts gather for the next: so groups grow
// with the load, and a lone post waits for nobody.
Task<void> Intake::flush_what_gathers() {
    while (true) {
        const auto pause = pause_before_flush();
        if (!pause) co_return;
        if (pause->count() > 0) co_await async::sleep_for(*pause);
        std::shared_ptr<Group> group;
        {
            const std::scoped_lock lock{mutex_};
            group = std::exchange(open_, nullptr);
            last_flush_ = std::chrono::steady_clock::now();
        }
        // It may have filled up meanwhile and be on its way.
        if (group) co_await flush(group);
    }
}

// None when nothing has gathered.
std::optional<std::chrono::milliseconds> Intake::pause_before_flush() {
    const std::scoped_lock lock{mutex_};
    if (!open_) {
        flushing_ = false;
        return std::nullopt;
    }
    if (open_->rows >= rows_worth_a_flush) return std::chrono::milliseconds{0};
    const auto gone = std::chrono::steady_clock::now() - last_flush_;
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(between_small_flushes - gone);
    return std::max(rest, std::chrono::milliseconds{0});
}

Task<void> Intake::flush(std::shared_ptr<Group> group) {
    std::exception_ptr failure;
    bool refused_by_data = false;
    try {
        const auto stored = co_await commit(group, 0, group->waiting.size());
        for (std::size_t i = 0; i < stored.size(); ++i) group->waiting[i].stored.set(stored[i]);
    } catch (const db::DatabaseError&) {
        refused_by_data = true;
    } catch (...) {
        failure = std::current_exception();
    }
    if (refused_by_data) co_await flush_one_by_one(group);
    if (failure)
        for (const auto& waiting : group->waiting) waiting.stored.fail(failure);
    const std::scoped_lock lock{mutex_};
    rows_waiting_ -= group->rows;
}

// One batch that the database refuses must not take its neighbours with it.
Task<void> Intake::flush_one_by_one(std::shared_ptr<Group> group) {
    for (std::size_t i = 0; i < group->waiting.size(); ++i) {
        std::exception_ptr failure;
        try {
            const auto stored = co_await commit(group, i, 1);
            group->waiting[i].stored.set(stored.front());
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure) group->waiting[i].stored.fail(failure);
    }
}

Task<std::vector<bool>> Intake::commit(std::shared_ptr<Group> group, std::size_t first, std::size_t count) {
    const auto now = clock_.now();
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::vector<bool>> {
        std::vector<const BatchToStore*> batches;
        for (std::size_t i = first; i < first + count; ++i) batches.push_back(&group->waiting[i].batch);
        const auto fresh = co_await store::insert_batches(session, batches, now);
        std::vector<const BatchToStore*> kept;
        for (std::size_t i = 0; i < batches.size(); ++i)
            if (fresh[i]) kept.push_back(batches[i]);
        co_await store::insert_records(session, kept, now);
        co_return fresh;
    });
}

}  // namespace mobilytics::measurements
