#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/async/promise.hpp"
#include "platform/async/task.hpp"

namespace mobilytics::analytics {

// Values that are dear to make, kept by least recent use up to a number of bytes. However many ask for a key at once,
// on whatever threads, it is made once. Value has `std::size_t bytes() const`.
template <class Value>
class Cache {
public:
    using Held = std::shared_ptr<const Value>;

    // What make() gives: a value that is true for its key forever may be kept.
    struct Made {
        Held value;
        bool keep = true;
    };

    explicit Cache(std::size_t capacity) : capacity_{capacity} {}

    // Throws what `make` throws; whoever waited for it meanwhile then tries again, for the failure may have been the
    // first caller's own (its client went away).
    Task<Held> get(std::string key, std::function<Task<Made>()> make) {
        while (true) {
            std::optional<async::Promise<Held>> landing;
            {
                const std::scoped_lock lock{mutex_};
                if (auto found = entries_.find(key); found != entries_.end()) {
                    recent_.splice(recent_.begin(), recent_, found->second);
                    co_return found->second->second;
                }
                auto [flight, first] = flights_.try_emplace(key);
                if (!first) landing = flight->second.emplace_back();
            }
            if (!landing) break;
            Held value = co_await landing->wait();
            if (value) co_return value;
        }
        Flight flight{*this, key};
        flight.made = co_await make();
        co_return flight.made.value;
    }

    std::size_t bytes() const {
        const std::scoped_lock lock{mutex_};
        return bytes_;
    }

private:
    using Entry = std::pair<std::string, Held>;

    // Lands in any case, also when the coroutine that makes the value throws or is destroyed half-way.
    struct Flight {
        Cache& cache;
        std::string key;
        Made made = {};

        ~Flight() {
            std::unique_lock lock{cache.mutex_};
            auto waiting = std::move(cache.flights_.extract(key).mapped());
            if (made.value && made.keep) cache.keep(key, made.value);
            lock.unlock();
            for (const auto& promise : waiting) promise.set(made.value);
        }
    };

    void keep(const std::string& key, Held value) {
        const std::size_t size = value->bytes() + key.size();
        if (size > capacity_) return;
        recent_.emplace_front(key, std::move(value));
        entries_[key] = recent_.begin();
        bytes_ += size;
        while (bytes_ > capacity_) {
            const Entry& oldest = recent_.back();
            bytes_ -= oldest.second->bytes() + oldest.first.size();
            entries_.erase(oldest.first);
            recent_.pop_back();
        }
    }

    mutable std::mutex mutex_;
    std::size_t capacity_;
    std::size_t bytes_ = 0;
    std::list<Entry> recent_;  // the most recently used first
    std::unordered_map<std::string, typename std::list<Entry>::iterator> entries_;
    std::unordered_map<std::string, std::vector<async::Promise<Held>>> flights_;
};

}  // namespace mobilytics::analytics
