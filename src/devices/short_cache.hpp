#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "platform/clock/clock.hpp"

namespace mobilytics::devices {

// Answers of the database that may be a little old: kept for a short life, by all threads of this process. What is
// dropped here is not brought back by a reader that asked the database before.
template <class Key, class Value>
class ShortCache {
public:
    ShortCache(clock::Milliseconds life, std::size_t most) : life_{life}, most_{most} {}

    std::optional<Value> find(const Key& key, clock::Instant now) const {
        std::lock_guard lock{mutex_};
        const auto found = entries_.find(key);
        if (found == entries_.end() || found->second.until <= now) return std::nullopt;
        return found->second.value;
    }

    // To be read before the database is; `put` gives it back.
    std::uint64_t era() const {
        std::lock_guard lock{mutex_};
        return era_;
    }

    void put(const Key& key, Value value, clock::Instant now, std::uint64_t era) {
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
        clock::Instant until;
    };

    void make_room(clock::Instant now) {
        std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
        if (entries_.size() >= most_) entries_.clear();
    }

    clock::Milliseconds life_;
    std::size_t most_;
    mutable std::mutex mutex_;
    std::uint64_t era_ = 0;
    std::unordered_map<Key, Entry> entries_;
};

}  // namespace mobilytics::devices
