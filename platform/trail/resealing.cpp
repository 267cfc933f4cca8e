#include "platform/trail/resealing.hpp"

#include <utility>

namespace mobilytics::trail {

namespace {

Entry entry_of(std::string what, const crypto::Renewal& found) {
    Entry entry{.action = "secrets.resealed", .resource_id = {}, .resource_label = std::move(what)};
    entry.changes.made("renewed", found.renewed);
    entry.changes.made("current", found.current);
    entry.changes.made("lost", found.lost);
    return entry;
}

}  // namespace

Task<crypto::Renewal> reseal(db::Database& database, Trail& trail, std::string what, Renew renew) {
    crypto::Renewal found;
    co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await renew(session, found);
        co_await trail.record(session, no_company, by_operator(), entry_of(what, found));
    });
    co_return found;
}

}  // namespace mobilytics::trail
