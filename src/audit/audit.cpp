#include "src/audit/audit.hpp"

#include <utility>

#include "platform/problem/problem.hpp"

namespace mobilytics::audit {

namespace {

constexpr int events_a_piece = 1000;

ids::Uuid company_of(const ReadAudit& actor) {
    return actor.staff ? trail::no_company : actor.company.value().company.uuid;
}

db::Scope scope_of(const ReadAudit& actor) {
    return actor.staff ? db::Scope::system() : db::Scope::of(actor.company.value().company);
}

}  // namespace

Audit::Audit(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, objects::Objects& objects,
             Options options)
    : runtime_{runtime}, database_{database}, clock_{clock}, objects_{objects}, options_{std::move(options)} {}

Task<std::vector<trail::Recorded>> Audit::list(ReadAudit actor, trail::Filter filter,
                                               std::optional<std::int64_t> before, int limit) {
    auto found = co_await database_.read(scope_of(actor), trail::newest(company_of(actor), filter, before, limit));
    co_return trail::events_in(found);
}

Task<void> Audit::check_exportable(ReadAudit actor, trail::Filter filter) {
    const auto counted = co_await database_.read(
        scope_of(actor), trail::count(company_of(actor), filter, static_cast<std::int64_t>(most_exported) + 1));
    if (counted.only<std::int64_t>() <= static_cast<std::int64_t>(most_exported)) co_return;
    throw Problem{Kind::invalid, "audit.too_many", "More than 100,000 events; ask for less time."};
}

Task<void> Audit::each(ReadAudit actor, trail::Filter filter, Take take) {
    std::optional<std::int64_t> before;
    for (;;) {
        auto some = co_await list(actor, filter, before, events_a_piece);
        const bool is_last = some.size() < static_cast<std::size_t>(events_a_piece);
        if (!some.empty()) before = some.back().sequence;
        co_await take(std::move(some));
        if (is_last) co_return;
    }
}

}  // namespace mobilytics::audit
