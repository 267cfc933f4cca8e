#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "platform/clock/clock.hpp"

namespace mobilytics::clock {

// Answers that may be a little old, or that took long to reckon: kept for a short life, by all threads of this process.
// What is dropped here is not brought back by a reader that asked for it before.
template <class Key, class Value>
class ShortCache {
public:
    ShortCache(Milliseconds life, std::size_t most) : life_{life}, most_{most} {}

    std::optional<Value> find(const Key& key, Instant now) const {
        std::lock_guard lock{mutex_};
        const auto found = entries_.find(key);
        if (found == entries_.end() || found->second.until <= now) return std::nullopt;
        return found->second.value;
    }

    // To be read before the answer is asked for; `put` gives it back.
    std::uint64_t era() const {
        std::lock_guard lock{mutex_};
        return era_;
    }

    void put(const Key& key, Value value, Instant now, std::uint64_t era) {
        std::lock_guard lock{mutex_};
        if (era != era_) return;
        if (entries_.size() >= most_) make_room(now);
        entries_.insert_or_assign(key, Entry{std::move(value), now + life_});
    }

    void drop(const Key& key) {
        std::lock_guard lock{mutex_};
        entries_.erase(key);
        ++era_;
    }

private:
    struct Entry {
        Value value;
        Instant until;
    };

    void make_room(Instant now) {
        std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
        if (entries_.size() >= most_) entries_.clear();
    }

    Milliseconds life_;
    std::size_t most_;
    mutable std::mutex mutex_;
    std::uint64_t era_ = 0;
    std::unordered_map<Key, Entry> entries_;
};

}  // namespace mobilytics::clock
