#include "platform/clock/zone.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>

namespace mobilytics::clock {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

// Far beyond any date, and still in range as milliseconds.
constexpr sys_seconds beginning_of_time{seconds{-(std::int64_t{1} << 52)}};
constexpr sys_seconds end_of_time{seconds{std::int64_t{1} << 52}};
constexpr hours most_ahead{26};  // no wall clock runs further ahead of UTC

class Bytes {
public:
    explicit Bytes(std::string_view bytes) : rest_{bytes} {}

    template <class Integer>
    Integer take() {
        Integer value;
        std::memcpy(&value, skip(sizeof value).data(), sizeof value);
        return std::endian::native == std::endian::little ? std::byteswap(value) : value;
    }

    std::string_view skip(std::size_t size) {
        if (rest_.size() < size) throw std::runtime_error{"a zone file is cut short"};
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

struct Counts {
    std::uint32_t utc_marks, standard_marks, leaps, times, types, letters;

    std::size_t size(std::size_t time_size) const {
        return times * (time_size + 1) + types * 6UL + letters + leaps * (time_size + 4) + standard_marks + utc_marks;
    }
};

Counts counts_in(Bytes& file) {
    const auto magic = file.skip(5);
    if (!magic.starts_with("TZif") || magic[4] < '2') throw std::runtime_error{"a zone file has another format"};
    file.skip(15);
    Counts counts{};
    for (auto* count :
         {&counts.utc_marks, &counts.standard_marks, &counts.leaps, &counts.times, &counts.types, &counts.letters})
        *count = file.take<std::uint32_t>();
    return counts;
}

bool is_zone_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
               c == '-' || c == '+';
    };
    // No dots, so no way out of the folder; and only what begins like a zone ("posixrules" and tables do not count).
    return !name.empty() && name.size() <= 60 && name.front() >= 'A' && name.front() <= 'Z' && name.back() != '/' &&
           std::ranges::all_of(name, fits);
}

std::filesystem::path file_of(std::string_view name) {
    const char* folder = std::getenv("TZDIR");
    return std::filesystem::path{folder ? folder : "/usr/share/zoneinfo"} / name;
}

}  // namespace

// The last line of a zone file: "EST5EDT,M3.2.0,M11.1.0". Offsets there count west of Greenwich.
class Zone::RuleReader {
public:
    explicit RuleReader(std::string_view text) : rest_{text} {}

    Rule read() {
        Rule rule;
        if (rest_.empty()) return rule;
        skip_name();
        rule.standard = -read_time();
        if (rest_.empty()) return rule;
        Rule::Summer summer;
        skip_name();
        summer.offset = rest_.starts_with(',') ? rule.standard + hours{1} : -read_time();
        expect(',');
        summer.begin = read_day();
        expect(',');
        summer.end = read_day();
        if (!rest_.empty()) refuse();
        rule.summer = summer;
        return rule;
    }

private:
    [[noreturn]] static void refuse() { throw std::runtime_error{"a zone's rule cannot be read"}; }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char c) {
        if (!take(c)) refuse();
    }

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    void skip_name() {
        if (take('<')) {
            const auto end = rest_.find('>');
            if (end == std::string_view::npos) refuse();
            rest_.remove_prefix(end + 1);
        } else {
            while (!rest_.empty() && !is_digit(rest_.front()) && rest_.front() != '-' && rest_.front() != '+' &&
                   rest_.front() != ',')
                rest_.remove_prefix(1);
        }
    }

    int read_number() {
        if (rest_.empty() || !is_digit(rest_.front())) refuse();
        int value = 0;
        for (; !rest_.empty() && is_digit(rest_.front()) && value < 1000; rest_.remove_prefix(1))
            value = value * 10 + (rest_.front() - '0');
        return value;
    }

    // [+-]hh[:mm[:ss]]
    seconds read_time() {
        const bool negative = take('-');
        if (!negative) take('+');
        seconds time = hours{read_number()};
        if (take(':')) time += std::chrono::minutes{read_number()};
        if (take(':')) time += seconds{read_number()};
        return negative ? -time : time;
    }

    YearlyDay read_day() {
        YearlyDay day;
        if (take('M')) {
            day.kind = YearlyDay::Kind::weekday;
            day.month = read_number();
            expect('.');
            day.week = read_number();
            expect('.');
        } else if (take('J')) {
            day.kind = YearlyDay::Kind::day_without_leap;
        }
        day.day = read_number();
        day.time = take('/') ? read_time() : hours{2};
        return day;
    }

    std::string_view rest_;
};

sys_seconds Zone::YearlyDay::in(year of) const {
    const sys_days first{of / 1 / 1};
    if (kind == Kind::day) return first + days{day} + time;
    if (kind == Kind::day_without_leap) return first + days{day - 1 + (of.is_leap() && day >= 60 ? 1 : 0)} + time;
    const std::chrono::weekday weekday{static_cast<unsigned>(day)};
    const auto in_month = of / std::chrono::month{static_cast<unsigned>(month)};
    // Week 5 is the last of the month.
    if (week == 5) return sys_days{in_month / weekday[std::chrono::last]} + time;
    return sys_days{in_month / weekday[static_cast<unsigned>(week)]} + time;
}

Zone::Zone(std::string name, std::string_view content) : name_{std::move(name)} {
    Bytes file{content};
    file.skip(counts_in(file).size(4));  // the old block, with times of 32 bits
    const Counts counts = counts_in(file);
    std::vector<sys_seconds> times(counts.times);
    for (auto& time : times) time = std::max(beginning_of_time, sys_seconds{seconds{file.take<std::int64_t>()}});
    const auto type_of_time = file.skip(counts.times);
    std::vector<seconds> offsets(counts.types);
    for (auto& offset : offsets) {
        offset = seconds{file.take<std::int32_t>()};
        file.skip(2);
    }
    file.skip(counts.letters + counts.leaps * 12UL + counts.standard_marks + counts.utc_marks);
    auto rule = file.rest();
    if (!rule.starts_with('\n') || !rule.ends_with('\n') || rule.size() < 2)
        throw std::runtime_error{"a zone file has no rule"};
    rule_ = RuleReader{rule.substr(1, rule.size() - 2)}.read();
    changes_.push_back({beginning_of_time, offsets.at(0)});
    for (std::size_t i = 0; i < times.size(); ++i)
        changes_.push_back({times[i], offsets.at(static_cast<unsigned char>(type_of_time[i]))});
    if (times.empty()) changes_.back().offset = rule_.standard;
}

void Zone::add_rule_changes(year from, year to, std::vector<Change>& changes) const {
    for (; from <= to; ++from) {
        const Change begin{rule_.summer->begin.in(from)-rule_.standard, rule_.summer->offset};
        const Change end{rule_.summer->end.in(from)-rule_.summer->offset, rule_.standard};
        for (const Change& change : {std::min(begin, end, [](auto& a, auto& b) { return a.at < b.at; }),
                                     std::max(begin, end, [](auto& a, auto& b) { return a.at < b.at; })})
            if (change.at > changes.back().at) changes.push_back(change);
    }
}

Zone::Period Zone::period_in(const std::vector<Change>& changes, sys_seconds when) {
    auto next = std::ranges::upper_bound(changes, when, {}, &Change::at);
    auto first = std::prev(next);
    // A change of the name alone is none of the clock.
    while (first != changes.begin() && std::prev(first)->offset == first->offset) --first;
    while (next != changes.end() && next->offset == first->offset) ++next;
    return {first->at, next == changes.end() ? end_of_time : next->at, first->offset};
}

Zone::Period Zone::at(Instant when) const {
    const auto second = std::chrono::floor<seconds>(when);
    const auto found = period_in(changes_, second);
    if (found.end != end_of_time || !rule_.summer) return found;
    const year of = std::chrono::year_month_day{std::chrono::floor<days>(second)}.year();
    auto changes = changes_;
    add_rule_changes(std::max(of - std::chrono::years{1}, year{1970}), of + std::chrono::years{2}, changes);
    return period_in(changes, second);
}

std::chrono::local_time<Milliseconds> Zone::local(Instant when) const {
    return std::chrono::local_time<Milliseconds>{(when + at(when).offset).time_since_epoch()};
}

Instant Zone::first_at(std::chrono::local_time<Milliseconds> wall) const {
    const Instant as_utc{wall.time_since_epoch()};
    for (auto period = at(as_utc - most_ahead);; period = at(period.end)) {
        const auto reached = std::max<Instant>(period.begin, as_utc - period.offset);
        if (reached < period.end) return reached;
    }
}

std::unique_ptr<const Zone> Zone::load(std::string_view name) {
    if (!is_zone_name(name) || !std::filesystem::is_regular_file(file_of(name))) return nullptr;
    std::ifstream stream{file_of(name), std::ios::binary};
    std::ostringstream content;
    content << stream.rdbuf();
    return std::unique_ptr<const Zone>{new Zone{std::string{name}, content.str()}};
}

const Zone& Zone::named(std::string_view name) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<const Zone>, std::less<>> zones;
    const std::scoped_lock lock{mutex};
    if (const auto known = zones.find(name); known != zones.end()) return *known->second;
    auto zone = load(name);
    if (!zone) throw std::runtime_error{"there is no time zone '" + std::string{name} + "'"};
    return *zones.emplace(std::string{name}, std::move(zone)).first->second;
}

bool Zone::exists(std::string_view name) {
    try {
        named(name);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

}  // namespace mobilytics::clock
