#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/async/task.hpp"

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

// What this process counts, in Prometheus' text form. Names follow its conventions: base units, `_total` for what only
// grows. A label takes few values and never one that a client chose: each set of them is a series for ever.
//
//   auto stored = registry.counter("ingest_records_total", "Records by outcome.", {{"outcome", "accepted"}});
//   stored.add(12);
namespace mobilytics::metrics {

using Labels = std::map<std::string, std::string>;

// Handles live as long as their registry; any thread. One that was made by itself counts nothing.
class Counter {
public:
    Counter() = default;
    explicit Counter(prometheus::Counter& of) : of_{&of} {}
    void add(double amount = 1) const;

private:
    prometheus::Counter* of_ = nullptr;
};

class Histogram {
public:
    Histogram() = default;
    explicit Histogram(prometheus::Histogram& of) : of_{&of} {}
    void observe(double value) const;
    explicit operator bool() const { return of_ != nullptr; }

private:
    prometheus::Histogram* of_ = nullptr;
};

enum class Kind { counter, gauge };

struct Sample {
    Labels labels;
    double value = 0;
};

class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // The same name must come with the same kind and help; the same labels give the same counter.
    Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Histogram histogram(const std::string& name, const std::string& help, const Labels& labels,
                        const std::vector<double>& bounds);

    // Read when somebody asks, for what is known elsewhere anyway. `take` must be safe from any thread.
    void sampled(std::string name, std::string help, Kind kind, std::function<std::vector<Sample>()> take);

    // The same for what takes a while (a question to the database). Without an answer the family is left out, and
    // `metrics_failed_total` counts by name.
    void asked(std::string name, std::string help, Kind kind, std::function<Task<std::vector<Sample>>()> ask);

    // Everything in the text form (version 0.0.4).
    Task<std::string> text();

private:
    struct State;
    std::unique_ptr<State> state_;
};

inline constexpr std::string_view text_type = "text/plain; version=0.0.4; charset=utf-8";

// process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds, process_max_fds, process_threads and
// process_start_time_seconds of this process.
void add_process(Registry& registry);

}  // namespace mobilytics::metrics
