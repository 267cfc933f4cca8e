#include "src/measurements/coverage.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace mobilytics::measurements {

namespace {

using std::chrono::minutes;

// The minutes of the hour that lie wholly inside the union of the windows.
std::uint64_t minutes_inside(Instant hour, std::vector<Window> windows) {
    std::ranges::sort(windows, {}, &Window::from);
    std::uint64_t inside = 0;
    for (int minute = 0; minute < 60; ++minute) {
        Instant reached = hour + minutes{minute};
        const Instant end = reached + minutes{1};
        for (const Window& window : windows)
            if (window.contains(reached)) reached = window.to;
        if (reached >= end) inside |= std::uint64_t{1} << minute;
    }
    return inside;
}

}  // namespace

int Minutes::expected_count() const { return std::popcount(expected); }

int Minutes::covered_count() const { return std::popcount(covered); }

Minutes& Minutes::operator|=(const Minutes& other) {
    expected |= other.expected;
    covered |= other.covered;
    return *this;
}

Minutes minutes_of_device(Instant hour, const ids::Uuid& device, const ids::Uuid& asset,
                          std::span<const Attachment> attachments, std::span<const Instant> heartbeats,
                          const Timeline<std::chrono::seconds>& expected_interval) {
    std::vector<Window> attached;
    for (const Attachment& attachment : attachments)
        if (attachment.device == device && attachment.asset == asset) attached.push_back(attachment.during);

    Minutes result;
    result.expected = minutes_inside(hour, std::move(attached));
    std::vector<Instant> beats{heartbeats.begin(), heartbeats.end()};
    std::ranges::sort(beats);
    for (int minute = 0; minute < 60; ++minute) {
        const Instant start = hour + minutes{minute};
        const auto interval = expected_interval.at(start);
        const auto after = std::ranges::upper_bound(beats, start);
        if (!interval || after == beats.begin() || start - *std::prev(after) > *interval) continue;
        result.covered |= std::uint64_t{1} << minute;
    }
    result.covered &= result.expected;
    return result;
}

Minutes minutes_within(const Minutes& minutes, Instant hour, std::span<const Window> windows) {
    const std::uint64_t inside = minutes_inside(hour, {windows.begin(), windows.end()});
    return {minutes.expected & inside, minutes.covered & inside};
}

}  // namespace mobilytics::measurements
