#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/monitoring/alert.hpp"

// What an alert is called and what to do about it: the same words in letters, on pages, in docs/operating.md and, where
// it has the same alert, in deploy/prometheus/alerts.yml (held together by tests/journeys/alerts.test.mjs).
namespace mobilytics::monitoring {

struct AlertWords {
    std::string_view title;
    std::string_view action;
};

inline constexpr std::string_view alert_locales[] = {"en", "fr"};

// French for "fr..." and English for all else.
AlertWords words_of(Rule rule, std::string_view locale);

// "Jobs were given up (auth.notice): ..." a line for each.
std::string told(const std::vector<Alert>& alerts, std::string_view locale);

}  // namespace mobilytics::monitoring
