#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/promise.hpp"
#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"
#include "src/measurements/acceptance.hpp"

// Gathers the posts of many devices into few transactions: COPY of thousands of rows costs a fraction of many small
// ones. A post is answered only once the transaction that holds its records is committed.
namespace mobilytics::measurements {

using Sha256 = std::array<std::byte, 32>;

struct BatchToStore {
    CompanyId company;
    ids::Uuid sender;   // device or API key
    std::string batch;  // the sender's own id for it
    Sha256 body_sha256{};
    std::string answer;  // what the sender is told, now and when it sends the batch again
    Records records;
};

class Intake {
public:
    Intake(async::Runtime& runtime, db::Database& ingest_database, clock::Clock& clock);

    // True when the batch was stored by this call; false when one with its id was there before (nothing is stored
    // then). Refuses with unavailable when too much is waiting or the database does not answer; nothing is stored
    // then either, or the sender learns it by sending the batch again.
    Task<bool> store(BatchToStore batch);

private:
    struct Waiting {
        BatchToStore batch;
        async::Promise<bool> stored;
    };

    struct Group {
        std::vector<Waiting> waiting;
        std::size_t rows = 0;
    };

    Task<void> flush_what_gathers();
    std::optional<std::chrono::milliseconds> pause_before_flush();
    Task<void> flush(std::shared_ptr<Group> group);
    Task<void> flush_one_by_one(std::shared_ptr<Group> group);
    Task<std::vector<bool>> commit(std::shared_ptr<Group> group, std::size_t first, std::size_t count);

    async::Runtime& runtime_;
    db::Database& database_;
    clock::Clock& clock_;
    std::mutex mutex_;
    std::shared_ptr<Group> open_;
    bool flushing_ = false;
    std::chrono::steady_clock::time_point last_flush_;
    std::size_t rows_waiting_ = 0;
    std::atomic<int> next_thread_ = 0;  // flushes take turns among the I/O threads
};

}  // namespace mobilytics::measurements
