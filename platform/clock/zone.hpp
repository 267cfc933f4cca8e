#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"

// Time zones from the system's compiled zone files (TZif, RFC 9636).
//
// Not std::chrono::time_zone: GCC 14's reads the zone source by itself and gets the offset wrong where a rule ends
// within a year, as for Vancouver from 9 March to 1 November 2026.
namespace mobilytics::clock {

class Zone {
public:
    // The zone of that IANA name, read once and kept. Throws std::runtime_error when there is none.
    static const Zone& named(std::string_view name);
    static bool exists(std::string_view name);

    // A longest stretch [begin, end) in which the wall clock is UTC plus `offset`.
    struct Period {
        std::chrono::sys_seconds begin;
        std::chrono::sys_seconds end;
        std::chrono::seconds offset;
    };
    Period at(Instant when) const;

    std::chrono::local_time<Milliseconds> local(Instant when) const;

    // The first instant at which the wall clock shows this time or a later one: where it is skipped, the change; where
    // it comes twice, the first.
    Instant first_at(std::chrono::local_time<Milliseconds> wall) const;

    const std::string& name() const { return name_; }

private:
    struct Change {
        std::chrono::sys_seconds at;
        std::chrono::seconds offset;
    };

    // Day of a year on which a rule changes the clock, and the wall-clock time then.
    struct YearlyDay {
        enum class Kind { day_without_leap, day, weekday } kind = Kind::day;
        int month = 0;
        int week = 0;
        int day = 0;
        std::chrono::seconds time{0};

        std::chrono::sys_seconds in(std::chrono::year year) const;  // as if UTC were the wall clock
    };

    // What holds after the last change that the file lists, a POSIX TZ rule.
    struct Rule {
        std::chrono::seconds standard{0};
        struct Summer {
            std::chrono::seconds offset{0};
            YearlyDay begin, end;
        };
        std::optional<Summer> summer;
    };

    class RuleReader;

    Zone(std::string name, std::string_view file);
    void add_rule_changes(std::chrono::year from, std::chrono::year to, std::vector<Change>& changes) const;
    static std::unique_ptr<const Zone> load(std::string_view name);
    static Period period_in(const std::vector<Change>& changes, std::chrono::sys_seconds when);

    std::string name_;
    std::vector<Change> changes_;  // the first holds from the beginning of time
    Rule rule_;
};

}  // namespace mobilytics::clock
