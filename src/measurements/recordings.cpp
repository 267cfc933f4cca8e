#include "src/measurements/recordings.hpp"

#include <algorithm>

#include "src/measurements/store.hpp"

namespace mobilytics::measurements {

namespace {

constexpr std::chrono::hours one_hour{1};
constexpr std::chrono::hours furthest{12};  // that a stretch goes to either side of what was asked for
constexpr std::chrono::minutes around{15};  // an hour's visits and tracks look a little before and after it

Instant time_of(Instant at) { return at; }

template <class Record>
Instant time_of(const Record& record) {
    return record.at;
}

template <class Record>
std::vector<Record> part_of(const std::vector<Record>& records, Window span) {
    const auto time = [](const Record& record) { return time_of(record); };
    return {std::ranges::lower_bound(records, span.from, {}, time),
            std::ranges::lower_bound(records, span.to, {}, time)};
}

}  // namespace

void Recordings::expect(const ids::Uuid& device, Window span) {
    auto& hours = expected_[device];
    for (Instant hour = clock::floor_hour(span.from); hour < span.to; hour += one_hour) hours.insert(hour);
}

Window Recordings::stretch_around(const ids::Uuid& device, Window span) const {
    const auto expected = expected_.find(device);
    if (expected == expected_.end()) return span;
    const auto& hours = expected->second;
    Window stretch{clock::floor_hour(span.from), clock::floor_hour(span.to)};
    while (hours.contains(stretch.from - one_hour) && span.from - stretch.from < furthest) stretch.from -= one_hour;
    while (hours.contains(stretch.to) && stretch.to - span.to < furthest) stretch.to += one_hour;
    return hull(span, {stretch.from - around, stretch.to + around});
}

template <class Record>
Task<std::vector<Record>> Recordings::within(Stream<Record>& stream, Read<Record> read, ids::Uuid device, Window span) {
    auto& held = stream[device];
    if (span.from < held.span.from || held.span.to < span.to) {
        held.span = stretch_around(device, span);
        held.records = co_await read(session_, device, held.span);
        std::ranges::sort(held.records, {}, [](const Record& record) { return time_of(record); });
    }
    co_return part_of(held.records, span);
}

Task<std::vector<Sighting>> Recordings::sightings(ids::Uuid device, Window span) {
    return within(sightings_, &store::sightings, device, span);
}

Task<std::vector<Position>> Recordings::positions(ids::Uuid device, Window span) {
    return within(positions_, &store::positions, device, span);
}

Task<std::vector<Instant>> Recordings::heartbeats(ids::Uuid device, Window span) {
    return within(heartbeats_, &store::heartbeats, device, span);
}

}  // namespace mobilytics::measurements
