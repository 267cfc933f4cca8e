#include "platform/jobs/cron.hpp"

#include <algorithm>
#include <charconv>
#include <format>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

namespace mobilytics::jobs {

namespace {

using namespace std::chrono;

[[noreturn]] void refuse(std::string_view part) {
    throw std::invalid_argument{std::format("'{}' is no part of a calendar", part)};
}

int number(std::string_view text, int least, int most, std::string_view part) {
    int value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) refuse(part);
    return value;
}

// One piece at least; of nothing it is an empty one.
std::vector<std::string_view> split(std::string_view text, char at) {
    if (text.empty()) return {text};
    return text | std::views::split(at) | std::views::transform([](auto piece) { return std::string_view{piece}; }) |
           std::ranges::to<std::vector>();
}

// One element of a list: "*", "7", "1-5", each with or without "/2".
template <std::size_t Size>
void add(std::bitset<Size>& field, std::string_view part, int least, int most) {
    const auto pieces = split(part, '/');
    if (pieces.size() > 2) refuse(part);
    const int step = pieces.size() == 2 ? number(pieces[1], 1, most, part) : 1;
    int from = least, to = most;
    if (pieces[0] != "*") {
        const auto ends = split(pieces[0], '-');
        if (ends.size() > 2) refuse(part);
        from = number(ends.front(), least, most, part);
        if (ends.size() == 2)
            to = number(ends.back(), from, most, part);
        else if (pieces.size() == 1)
            to = from;
    }
    // Sunday may be written 0 or 7.
    for (int value = from; value <= to; value += step)
        field.set(static_cast<std::size_t>(value) % (Size == 7 ? 7 : Size));
}

template <std::size_t Size>
void read(std::bitset<Size>& field, std::string_view text, int least, int most) {
    for (std::string_view part : split(text, ',')) add(field, part, least, most);
}

}  // namespace

Cron::Cron(std::string_view text) {
    const auto fields = split(text, ' ');
    if (fields.size() != 5) throw std::invalid_argument{std::format("'{}' does not have five fields", text)};
    read(minutes_, fields[0], 0, 59);
    read(hours_, fields[1], 0, 23);
    read(days_, fields[2], 1, 31);
    read(months_, fields[3], 1, 12);
    read(weekdays_, fields[4], 0, 7);
    any_day_ = fields[2].starts_with('*');
    any_weekday_ = fields[4].starts_with('*');
}

bool Cron::is_due_on(year_month_day date) const {
    if (!months_.test(unsigned{date.month()})) return false;
    const bool day = days_.test(unsigned{date.day()});
    const bool weekday = weekdays_.test(year_month_weekday{sys_days{date}}.weekday().c_encoding());
    return any_day_ || any_weekday_ ? day && weekday : day || weekday;
}

std::optional<clock::Instant> Cron::after(clock::Instant at, const clock::Zone& zone) const {
    const local_days first = floor<days>(zone.local(at));
    for (local_days day = first; day <= first + years{10}; day += days{1}) {
        if (!is_due_on(year_month_day{day})) continue;
        if (auto found = first_on(day, at, zone)) return found;
    }
    return std::nullopt;
}

// What is due in every hour is so by the time that passes: in the hour that comes twice it runs twice, and in the one
// that is skipped not at all. What names hours is due once a day whatever the clock does.
std::optional<clock::Instant> Cron::first_on(local_days day, clock::Instant after, const clock::Zone& zone) const {
    if (hours_.all()) {
        const clock::Instant end = zone.first_at(day + days{1});
        const clock::Instant next_minute = floor<minutes>(after) + minutes{1};
        for (clock::Instant at = std::max<clock::Instant>(zone.first_at(day), next_minute); at < end;
             at += minutes{1}) {
            const auto wall = zone.local(at);
            const auto minute = duration_cast<minutes>(wall - floor<hours>(wall)).count();
            if (minutes_.test(static_cast<std::size_t>(minute))) return at;
        }
        return std::nullopt;
    }
    for (int hour = 0; hour < 24; ++hour)
        for (int minute = 0; hours_.test(static_cast<std::size_t>(hour)) && minute < 60; ++minute) {
            if (!minutes_.test(static_cast<std::size_t>(minute))) continue;
            const auto at = zone.first_at(day + hours{hour} + minutes{minute});
            if (at > after) return at;
        }
    return std::nullopt;
}

}  // namespace mobilytics::jobs
