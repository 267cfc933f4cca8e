#include "src/campaigns/coverage.hpp"

#include <algorithm>
#include <optional>

namespace mobilytics::campaigns {

namespace {

using std::chrono::days;
using std::chrono::floor;
using LocalInstant = std::chrono::local_time<clock::Milliseconds>;

// Touching and overlapping windows become one.
std::vector<Window> merged(std::vector<Window> windows) {
    std::ranges::sort(windows, {}, &Window::from);
    std::vector<Window> result;
    for (const Window& window : windows) {
        if (!result.empty() && window.from <= result.back().to)
            result.back().to = std::max(result.back().to, window.to);
        else
            result.push_back(window);
    }
    return result;
}

bool starts_on(const Daypart& daypart, std::chrono::local_days day) {
    return daypart.weekdays.test(std::chrono::weekday{day}.iso_encoding() - 1);
}

// The dayparts within a window in which the zone's offset does not change, so that wall clock and
// UTC run alike.
void add_dayparts(std::vector<Window>& windows, const std::vector<Daypart>& dayparts, Window steady,
                  std::chrono::seconds offset) {
    const auto wall_clock = [&](Instant at) { return LocalInstant{at.time_since_epoch() + offset}; };
    const auto last_day = floor<days>(wall_clock(steady.to));
    for (auto day = floor<days>(wall_clock(steady.from)) - days{1}; day <= last_day; day += days{1}) {
        for (const Daypart& daypart : dayparts) {
            if (!starts_on(daypart, day)) continue;
            const auto length = daypart.end - daypart.start + days{daypart.end <= daypart.start ? 1 : 0};
            const Instant midnight{clock::Milliseconds{day.time_since_epoch()} - offset};
            const Window part{midnight + daypart.start, midnight + daypart.start + length};
            if (const Window inside = overlap(part, steady); !inside.empty()) windows.push_back(inside);
        }
    }
}

// Of the assignments that hold throughout the window, the one that counts.
const FaceAssignment* counting_assignment(std::span<const FaceAssignment> assignments, Window window) {
    const FaceAssignment* best = nullptr;
    for (const FaceAssignment& assignment : assignments) {
        if (assignment.during.from > window.from || assignment.during.to < window.to) continue;
        if (best == nullptr || assignment.share > best->share ||
            (assignment.share == best->share && assignment.face < best->face))
            best = &assignment;
    }
    return best;
}

// The instants in a window at which the set of assignments changes, with both ends of the window.
std::vector<Instant> cuts(Window window, std::span<const FaceAssignment> assignments) {
    std::vector<Instant> instants{window.from, window.to};
    for (const FaceAssignment& assignment : assignments)
        for (const Instant edge : {assignment.during.from, assignment.during.to})
            if (window.contains(edge)) instants.push_back(edge);
    std::ranges::sort(instants);
    const auto repeats = std::ranges::unique(instants);
    instants.erase(repeats.begin(), repeats.end());
    return instants;
}

}  // namespace

std::vector<Window> counting_windows(const Flight& flight, Window within) {
    const Window span = overlap(flight.during, within);
    if (span.empty()) return {};
    if (flight.dayparts.empty()) return {span};

    std::vector<Window> windows;
    for (Instant next = span.from; next < span.to;) {
        const auto period = flight.zone->at(next);
        // Compared in seconds: the end of a zone's last period is too far away for milliseconds.
        const bool to_the_end = std::chrono::ceil<std::chrono::seconds>(span.to) <= period.end;
        const Window steady{next, to_the_end ? span.to : Instant{period.end}};
        add_dayparts(windows, flight.dayparts, steady, period.offset);
        next = steady.to;
    }
    return merged(std::move(windows));
}

std::vector<Slice> slices_of_asset(std::span<const Window> counting, std::span<const FaceAssignment> assignments) {
    std::vector<Slice> slices;
    for (const Window& window : counting) {
        const std::vector<Instant> instants = cuts(window, assignments);
        for (std::size_t next = 1; next < instants.size(); ++next) {
            const Window piece{instants[next - 1], instants[next]};
            const FaceAssignment* best = counting_assignment(assignments, piece);
            if (best == nullptr) continue;
            if (!slices.empty() && slices.back().during.to == piece.from && slices.back().face == best->face &&
                slices.back().share == best->share)
                slices.back().during.to = piece.to;
            else
                slices.push_back({piece, best->face, best->share});
        }
    }
    return slices;
}

}  // namespace mobilytics::campaigns
