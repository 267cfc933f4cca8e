#include "platform/clock/clock.hpp"

#include <cstdint>
#include <format>

namespace mobilytics::clock {

namespace {

using namespace std::chrono_literals;

// A cursor over the text: each step either takes what it wants or marks the whole as wrong.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        if (rest_.size() < count) return fail();
        int value = 0;
        for (char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return fail();
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    char one_of(std::string_view wanted) {
        if (rest_.empty() || !wanted.contains(rest_.front())) {
            fail();
            return '\0';
        }
        char found = rest_.front();
        rest_.remove_prefix(1);
        return found;
    }

    // Digits after the point, cut after the third.
    int fraction_ms() {
        if (rest_.empty() || rest_.front() != '.') return 0;
        rest_.remove_prefix(1);
        int value = 0, weight = 100;
        std::size_t count = 0;
        for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count, weight /= 10)
            value += weight * (rest_[count] - '0');
        if (count == 0) return fail();
        rest_.remove_prefix(count);
        return value;
    }

    bool at_end() const { return rest_.empty(); }
    bool good() const { return good_; }

private:
    int fail() {
        good_ = false;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool good_ = true;
};

constexpr Instant first_printable{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr Instant last_printable = far_future + 999ms;

void put_digits(std::string& text, std::size_t from, std::size_t count, unsigned value) {
    for (std::size_t place = from + count; place-- > from; value /= 10)
        text[place] = static_cast<char>('0' + value % 10);
}

constexpr std::string_view wanted = "must be a time like 2026-03-08T07:00:00.000Z";

}  // namespace

Instant floor_hour(Instant at) { return std::chrono::floor<std::chrono::hours>(at); }

Instant floor_day(Instant at) { return std::chrono::floor<std::chrono::days>(at); }

// A series prints hundreds; std::format reads its pattern anew each time and takes a microsecond.
std::string to_rfc3339(Instant at) {
    if (at < first_printable || at > last_printable) return std::format("{:%Y-%m-%dT%H:%M:%S}Z", at);
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    std::string text = "0000-00-00T00:00:00.000Z";
    put_digits(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
    put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
    put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
    put_digits(text, 11, 2, static_cast<unsigned>(time.hours().count()));
    put_digits(text, 14, 2, static_cast<unsigned>(time.minutes().count()));
    put_digits(text, 17, 2, static_cast<unsigned>(time.seconds().count()));
    put_digits(text, 20, 3, static_cast<unsigned>(time.subseconds().count()));
    return text;
}

std::expected<Instant, std::string> from_rfc3339(std::string_view text) {
    Reader reader{text};
    int year = reader.digits(4);
    reader.one_of("-");
    int month = reader.digits(2);
    reader.one_of("-");
    int day = reader.digits(2);
    reader.one_of("Tt ");
    int hour = reader.digits(2);
    reader.one_of(":");
    int minute = reader.digits(2);
    reader.one_of(":");
    int second = reader.digits(2);
    int fraction = reader.fraction_ms();
    char zone = reader.one_of("Zz+-");
    std::chrono::minutes offset{0};
    if (zone == '+' || zone == '-') {
        int offset_hours = reader.digits(2);
        reader.one_of(":");
        int offset_minutes = reader.digits(2);
        if (offset_hours > 23 || offset_minutes > 59) return std::unexpected{std::string{wanted}};
        offset = std::chrono::minutes{(zone == '+' ? 1 : -1) * (offset_hours * 60 + offset_minutes)};
    }
    if (!reader.good() || !reader.at_end()) return std::unexpected{std::string{wanted}};

    std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                     std::chrono::day{static_cast<unsigned>(day)}};
    // A leap second has no place in Unix time; it is refused rather than moved.
    if (!date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::unexpected{std::string{"is not a day and time of the calendar"}};
    const auto at = Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} -
                    offset + std::chrono::seconds{second} + Milliseconds{fraction};
    // An offset can lead into a year that has no four digits in UTC and could not be printed again.
    if (at < first_printable || at > last_printable) return std::unexpected{std::string{wanted}};
    return at;
}

Instant SystemClock::now() const { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }

ShiftedClock::ShiftedClock(Instant start_at) : offset_{start_at - SystemClock{}.now()} {}

Instant ShiftedClock::now() const { return SystemClock{}.now() + offset_; }

}  // namespace mobilytics::clock
