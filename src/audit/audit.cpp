#include "src/audit/audit.hpp"

#include <utility>

#include "platform/problem/problem.hpp"

namespace mobilytics::audit {

namespace {

constexpr int events_a_piece = 1000;

struct Chain {
    ids::Uuid company;
    db::Scope scope;
    trail::Filter filter;
};

// What customers do among themselves is not for staff to read.
Chain chain_of(const ReadAudit& actor, const Wanted& wanted) {
    if (wanted.of && !actor.reaches(*wanted.of))
        throw Problem{Kind::missing, "companies.not_found", "There is no such company."};
    Chain chain{trail::no_company, db::Scope::system(), wanted.filter};
    if (actor.staff && wanted.of) chain.filter.by_staff = true;
    const auto company = actor.staff ? wanted.of : std::optional{actor.company.value().company};
    if (company) {
        chain.company = company->uuid;
        chain.scope = db::Scope::of(*company);
    }
    return chain;
}

}  // namespace

Audit::Audit(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, objects::Objects& objects,
             Options options)
    : runtime_{runtime}, database_{database}, clock_{clock}, objects_{objects}, options_{std::move(options)} {}

Task<std::vector<trail::Recorded>> Audit::list(ReadAudit actor, Wanted wanted, std::optional<std::int64_t> before,
                                               int limit) {
    const auto chain = chain_of(actor, wanted);
    auto found = co_await database_.read(chain.scope, trail::newest(chain.company, chain.filter, before, limit));
    co_return trail::events_in(found);
}

Task<void> Audit::check_exportable(ReadAudit actor, Wanted wanted) {
    const auto chain = chain_of(actor, wanted);
    const auto counted = co_await database_.read(
        chain.scope, trail::count(chain.company, chain.filter, static_cast<std::int64_t>(most_exported) + 1));
    if (counted.only<std::int64_t>() <= static_cast<std::int64_t>(most_exported)) co_return;
    throw Problem{Kind::invalid, "audit.too_many", "More than 100,000 events; ask for less time."};
}

Task<void> Audit::each(ReadAudit actor, Wanted wanted, Take take) {
    std::optional<std::int64_t> before;
    for (;;) {
        auto some = co_await list(actor, wanted, before, events_a_piece);
        const bool is_last = some.size() < static_cast<std::size_t>(events_a_piece);
        if (!some.empty()) before = some.back().sequence;
        co_await take(std::move(some));
        if (is_last) co_return;
    }
}

}  // namespace mobilytics::audit
