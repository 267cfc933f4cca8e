#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "platform/db/database.hpp"
#include "src/monitoring/alert.hpp"

// Rows of alerts.
namespace mobilytics::monitoring::store {

// Those that did not end, or ended at `since` or later.
Task<std::vector<Alert>> hold_alerts(db::Session& session, Instant since);

// Of those that fired.
Task<std::optional<Alert>> hold_alert(db::Session& session, AlertId id);
Task<std::vector<Alert>> list_alerts(db::Database& database, std::optional<bool> open, std::optional<AlertId> before,
                                     int limit);  // newest first
Task<std::vector<std::pair<Rule, std::int64_t>>> count_firing(db::Database& database);

// All but the acknowledgement, which is a person's.
Task<void> save_alert(db::Session& session, Alert alert);
Task<void> acknowledge(db::Session& session, AlertId id, Acknowledgement acknowledgement);
Task<void> delete_alert(db::Session& session, AlertId id);
Task<void> forget_alerts(db::Session& session, Instant before);

}  // namespace mobilytics::monitoring::store
