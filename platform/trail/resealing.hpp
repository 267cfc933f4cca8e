#pragma once

#include <functional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"

namespace mobilytics::trail {

// Renews the sealed bytes of one kind of row, and counts them.
using Renew = std::function<Task<void>(db::Session& session, crypto::Renewal& found)>;

// After the key changed that seals `what`: renews it in one transaction, which tells the trail how much there was.
Task<crypto::Renewal> reseal(db::Database& database, Trail& trail, std::string what, Renew renew);

}  // namespace mobilytics::trail
