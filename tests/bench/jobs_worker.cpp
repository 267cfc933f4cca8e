#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <format>
#include <functional>
#include <future>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/log/log.hpp"

// The product's queue with a handler that does next to nothing, for the benchmark and for the tests that break things.
//
//   jobs_worker CONNINFO CONCURRENCY [ledger]
//
// Reads commands from standard input and answers each with a line of JSON:
//   enqueue N        N jobs, a thousand a transaction
//   burn N           starts to work, until N jobs are done; how long that took
//   sustain RATE N   N jobs one by one, RATE a second, while it works; from when a job was due until it was begun
//   work             starts to work
// With `ledger` each run also writes its job's id into bench.ledger. The end of input ends it.
namespace mobilytics {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr db::Query note{"bench.note", "insert into bench.ledger (job_id, at) values ($1, clock_timestamp())",
                         db::Kind::exec};

double seconds_since(Steady::time_point began) { return std::chrono::duration<double>{Steady::now() - began}.count(); }

class Worker {
public:
    Worker(const std::string& conninfo, int concurrency, bool ledger)
        : runtime_{2, 1},
          database_{runtime_, {.conninfo = conninfo, .connections_per_thread = 8}},
          runner_{runtime_, database_, clock_, queue_, {.concurrency = concurrency}} {
        runner_.on("bench.noop",
                   [this, ledger](jobs::Job job) -> Task<void> { return handle(std::move(job), ledger); });
        runtime_.start();
    }

    ~Worker() {
        runner_.stop();
        runtime_.drain(5s);
        database_.close();
    }

    std::string obey(const std::string& line) {
        std::istringstream words{line};
        std::string command;
        long first = 0, second = 0;
        words >> command >> first >> second;
        if (command == "enqueue") return enqueue(first);
        if (command == "burn") return burn(first);
        if (command == "sustain") return sustain(first, second);
        if (command == "work") {
            runner_.start();
            return "{}";
        }
        throw std::runtime_error{"no command: " + line};
    }

private:
    Task<void> handle(jobs::Job job, bool ledger) {
        if (job.payload != "{}") {
            std::lock_guard lock{mutex_};
            waits_us_.push_back(now_us() - std::stoll(job.payload));
        }
        if (ledger)
            co_await database_.transaction(
                db::Scope::nobody(), [&](db::Session& session) -> Task<void> { co_await session.exec(note, job.id); });
        ++done_;
    }

    static long now_us() {
        return std::chrono::floor<std::chrono::microseconds>(Steady::now()).time_since_epoch().count();
    }

    void run(std::function<Task<void>()> work) {
        std::promise<void> ended;
        runtime_.spawn("bench", [&]() -> Task<void> {
            std::exception_ptr failure;
            try {
                co_await work();
            } catch (...) {
                failure = std::current_exception();
            }
            failure ? ended.set_exception(failure) : ended.set_value();
        });
        ended.get_future().get();
    }

    std::string enqueue(long count) {
        const auto began = Steady::now();
        run([&]() -> Task<void> {
            for (long left = count; left > 0; left -= 1000)
                co_await database_.transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
                    std::vector<jobs::NewJob> some(static_cast<std::size_t>(std::min(left, 1000L)),
                                                   {.kind = "bench.noop"});
                    co_await queue_.enqueue_all(session, std::move(some));
                });
        });
        return std::format(R"({{"seconds":{}}})", seconds_since(began));
    }

    std::string burn(long count) {
        const auto began = Steady::now();
        runner_.start();
        while (done_ < count) std::this_thread::sleep_for(1ms);
        return std::format(R"({{"seconds":{}}})", seconds_since(began));
    }

    std::string sustain(long rate, long count) {
        const auto began = Steady::now();
        const long before = done_;
        for (long sent = 0; sent < count; ++sent) {
            std::this_thread::sleep_until(began + std::chrono::microseconds{sent * 1'000'000 / rate});
            runtime_.spawn(
                "enqueue",
                [this]() -> Task<void> {
                    co_await database_.transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
                        co_await queue_.enqueue(session, {.kind = "bench.noop", .payload = std::to_string(now_us())});
                    });
                },
                static_cast<int>(sent));
        }
        while (done_ - before < count) std::this_thread::sleep_for(1ms);
        const double took = seconds_since(began);
        std::lock_guard lock{mutex_};
        std::ranges::sort(waits_us_);
        const auto at = [&](double share) {
            return waits_us_[static_cast<std::size_t>(share * static_cast<double>(waits_us_.size() - 1))];
        };
        return std::format(R"({{"seconds":{},"p50_us":{},"p99_us":{}}})", took, at(0.5), at(0.99));
    }

    clock::SystemClock clock_;
    async::Runtime runtime_;
    db::Database database_;
    jobs::Queue queue_;
    jobs::Runner runner_;
    std::atomic<long> done_ = 0;
    std::mutex mutex_;
    std::vector<long> waits_us_;
};

}  // namespace

}  // namespace mobilytics

int main(int count, char** words) {
    if (count < 3) return 2;
    mobilytics::Worker worker{words[1], std::stoi(words[2]), count > 3 && std::string{words[3]} == "ledger"};
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) std::cout << worker.obey(line) << std::endl;
}
