#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/clock/zone.hpp"

namespace mobilytics::jobs {

// The five fields of a crontab line, as jobs::Calendar describes them. When both days are restricted either will do,
// as in every cron.
class Cron {
public:
    // Throws std::invalid_argument.
    explicit Cron(std::string_view text);

    // The first due instant after `at`; nothing when there is none within ten years (30 February).
    std::optional<clock::Instant> after(clock::Instant at, const clock::Zone& zone) const;

private:
    bool is_due_on(std::chrono::year_month_day date) const;
    std::optional<clock::Instant> first_on(std::chrono::local_days day, clock::Instant after,
                                           const clock::Zone& zone) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<7> weekdays_;
    bool any_day_ = false, any_weekday_ = false;
};

}  // namespace mobilytics::jobs
