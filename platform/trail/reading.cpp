#include "platform/trail/reading.hpp"

#include <algorithm>
#include <format>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "platform/trail/queries.hpp"

namespace mobilytics::trail {

namespace {

constexpr std::int64_t events_a_page = 2000;
constexpr db::TransactionOptions snapshot{.read_only = true, .repeatable_read = true};

struct Row {
    ids::Uuid company;
    std::int64_t sequence;
    ids::Uuid id;
    clock::Instant at;
    std::string actor_kind, actor_id, actor_label, impersonator, session, method, address, user_agent, request_id,
        trace_id, action, resource_id, resource_label, changes, outcome, reason;
    db::Bytes hash;

    Recorded value() {
        return {.id = EventId{id},
                .company = company,
                .sequence = sequence,
                .at = at,
                .by = {.kind = std::move(actor_kind),
                       .id = std::move(actor_id),
                       .label = std::move(actor_label),
                       .impersonator = std::move(impersonator),
                       .session = std::move(session),
                       .method = std::move(method),
                       .address = std::move(address),
                       .user_agent = std::move(user_agent),
                       .request_id = std::move(request_id),
                       .trace_id = std::move(trace_id)},
                .entry = {.action = std::move(action),
                          .resource_id = std::move(resource_id),
                          .resource_label = std::move(resource_label),
                          .changes = Changes::stored(changes),
                          .outcome = json::value_named<Outcome>(outcome).value(),
                          .reason = std::move(reason)}};
    }
};

std::optional<std::string> name_of(std::optional<Outcome> outcome) {
    return outcome.transform([](Outcome which) { return std::string{json::name_of(which)}; });
}

// Takes the events that follow a link, in their order, as long as they are whole and agree with the witnesses.
class Following {
public:
    Following(Link from, std::vector<Link> witnesses) : from_{from}, walk_{from}, witnesses_{std::move(witnesses)} {
        std::erase_if(witnesses_, [&](const Link& witness) { return witness.sequence < from.sequence; });
        agree();
    }

    std::int64_t at() const { return walk_.at().sequence; }
    bool is_whole() const { return !wrong_; }

    void take(Row& row) {
        const auto hash = row.hash;
        wrong_ = walk_.step(row.value(), hash);
        if (!wrong_) agree();
    }

    Finding end(const Link& head) {
        if (!wrong_ && walk_.at() != head)
            wrong_ = std::format("the last event written was {}, the last that is there is {}", head.sequence, at());
        if (!wrong_ && next_ < witnesses_.size())
            wrong_ = std::format("event {} is missing, which a signed checkpoint holds", witnesses_[next_].sequence);
        return {from_, walk_.at(), wrong_};
    }

private:
    void agree() {
        if (next_ == witnesses_.size() || witnesses_[next_].sequence != at()) return;
        if (witnesses_[next_] != walk_.at())
            wrong_ = std::format("event {} is not the one that a signed checkpoint holds", at());
        ++next_;
    }

    Link from_;
    Walk walk_;
    std::vector<Link> witnesses_;
    std::size_t next_ = 0;
    std::optional<std::string> wrong_;
};

Task<Finding> follow(db::Session& session, ids::Uuid company, Link from, std::vector<Link> witnesses) {
    Following following{std::move(from), std::move(witnesses)};
    bool more = true;
    while (more && following.is_whole()) {
        auto page = co_await session.many<Row>(sql::events_after, company, following.at(), events_a_page);
        more = std::ssize(page) == events_a_page;
        for (Row& row : page)
            if (following.is_whole()) following.take(row);
    }
    const auto head = co_await session.optional<Link>(sql::head, company);
    co_return following.end(head.value_or(Link{}));
}

}  // namespace

db::Statement newest(ids::Uuid company, const Filter& filter, std::optional<std::int64_t> before, int limit) {
    return db::bind(sql::newest_events, company, before, filter.action, filter.actor_id, filter.resource_id,
                    name_of(filter.outcome), filter.from, filter.to, filter.by_staff, std::int64_t{limit});
}

db::Statement count(ids::Uuid company, const Filter& filter, std::int64_t most) {
    return db::bind(sql::count_events, company, filter.action, filter.actor_id, filter.resource_id,
                    name_of(filter.outcome), filter.from, filter.to, filter.by_staff, most);
}

std::vector<Recorded> events_in(const db::Result& result) {
    std::vector<Recorded> events;
    for (Row& row : result.all<Row>()) events.push_back(row.value());
    return events;
}

Task<std::vector<ids::Uuid>> companies(db::Database& database) {
    co_return co_await database.many<ids::Uuid>(db::Scope::system(), sql::companies);
}

Task<Finding> verify(db::Database& database, ids::Uuid company, std::vector<Link> witnesses) {
    auto check = [&](db::Session& session) -> Task<Finding> {
        const auto anchor = co_await session.optional<Link>(sql::anchor, company);
        if (anchor && !std::ranges::contains(witnesses, *anchor))
            co_return Finding{*anchor, *anchor,
                              std::format("events up to {} are gone, and no signed checkpoint holds the last of them",
                                          anchor->sequence)};
        co_return co_await follow(session, company, anchor.value_or(Link{}), witnesses);
    };
    co_return co_await database.transaction(db::Scope::system(), check, snapshot);
}

Task<Finding> verify_after(db::Database& database, ids::Uuid company, Link known) {
    auto check = [&](db::Session& session) -> Task<Finding> { co_return co_await follow(session, company, known, {}); };
    co_return co_await database.transaction(db::Scope::system(), check, snapshot);
}

Task<Link> head(db::Database& database, ids::Uuid company) {
    const auto found = co_await database.optional<Link>(db::Scope::system(), sql::head, company);
    co_return found.value_or(Link{});
}

Task<std::int64_t> prune(db::Database& database, ids::Uuid company, Link up_to) {
    co_return co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::int64_t> {
        co_return co_await session.one<std::int64_t>(sql::prune, company, up_to.sequence, up_to.hash);
    });
}

}  // namespace mobilytics::trail
