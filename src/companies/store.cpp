#include "src/companies/store.hpp"

#include <format>
#include <ranges>
#include <stdexcept>

#include "platform/json/enum_names.hpp"
#include "src/companies/queries.hpp"

namespace mobilytics::companies::store {

namespace {

template <class E>
E named(const std::string& text) {
    if (auto value = json::value_named<E>(text)) return *value;
    throw std::logic_error{std::format("the database holds '{}', which no state or kind is named", text)};
}

template <class E>
std::string text_of(E value) {
    return std::string{json::name_of(value)};
}

struct CompanyRow {
    CompanyId id;
    std::string name;
    std::string zone;
    std::string country;
    std::string state;
    std::int32_t privacy_floor;
    std::int64_t version;
    clock::Instant created_at;
    std::optional<clock::Instant> policy_since;
    std::optional<std::string> policy_kind;
    std::optional<std::int32_t> policy_minutes;

    Company value() const {
        Company company{.id = id,
                        .name = name,
                        .zone = zone,
                        .country = country,
                        .state = named<State>(state),
                        .privacy_floor = privacy_floor,
                        .parked_policy = {},
                        .created_at = created_at,
                        .version = version,
                        .parked_policy_since = policy_since};
        if (policy_kind && policy_minutes) company.parked_policy = {named<ParkedKind>(*policy_kind), *policy_minutes};
        return company;
    }
};

struct PolicyRow {
    clock::Instant effective_from;
    std::string kind;
    std::int32_t cap_minutes;

    DatedParkedPolicy value() const { return {effective_from, named<ParkedKind>(kind), cap_minutes}; }
};

struct CardRow {
    CompanyId id;
    std::string name;
    std::string zone;
    std::string country;

    auth::CompanyCard value() const { return {id, name, zone, country, logo_text(name)}; }
};

template <class Row>
auto values_of(const std::vector<Row>& rows) {
    return rows | std::views::transform(&Row::value) | std::ranges::to<std::vector>();
}

}  // namespace

Task<void> insert_company(db::Session& session, CompanyId id, NewCompany company, clock::Instant now) {
    co_await session.exec(sql::insert_company, id, company.name, company.zone, company.country, now);
}

Task<std::optional<Company>> find_company(db::Database& database, CompanyId id, clock::Instant now) {
    auto row = co_await database.optional<CompanyRow>(db::Scope::of(id), sql::find_company, id, now);
    co_return row.transform(&CompanyRow::value);
}

Task<std::optional<Company>> find_company(db::Session& session, CompanyId id, clock::Instant now) {
    auto row = co_await session.optional<CompanyRow>(sql::find_company, id, now);
    co_return row.transform(&CompanyRow::value);
}

Task<std::optional<Company>> lock_company(db::Session& session, CompanyId id, clock::Instant now) {
    co_await session.optional<CompanyId>(sql::lock_company, id);
    co_return co_await find_company(session, id, now);
}

Task<std::vector<Company>> list_companies(db::Database& database, std::optional<CompanyId> before, clock::Instant now,
                                          int limit) {
    auto rows =
        co_await database.many<CompanyRow>(db::Scope::system(), sql::list_companies, before, now, std::int64_t{limit});
    co_return values_of(rows);
}

Task<void> update_company(db::Session& session, Company company) {
    co_await session.exec(sql::update_company, company.id, company.name, company.zone, text_of(company.state));
}

// System scope: these are the companies of one person, whose memberships were read just before.
Task<std::vector<auth::CompanyCard>> cards(db::Database& database, std::vector<CompanyId> ids) {
    auto rows = co_await database.many<CardRow>(db::Scope::system(), sql::companies_by_ids, std::move(ids));
    co_return values_of(rows);
}

Task<void> put_parked_policy(db::Session& session, CompanyId id, DatedParkedPolicy policy) {
    co_await session.exec(sql::put_parked_policy, id, policy.effective_from, text_of(policy.kind),
                          std::int32_t{policy.cap_minutes});
    co_await session.exec(sql::count_change, id);
}

Task<std::vector<DatedParkedPolicy>> parked_policies(db::Session& session, CompanyId id) {
    auto rows = co_await session.many<PolicyRow>(sql::parked_policies, id);
    co_return values_of(rows);
}

Task<std::vector<DatedParkedPolicy>> list_parked_policies(db::Database& database, CompanyId id,
                                                          std::optional<clock::Instant> before, int limit) {
    auto rows = co_await database.many<PolicyRow>(db::Scope::of(id), sql::list_parked_policies, id, before,
                                                  std::int64_t{limit});
    co_return values_of(rows);
}

}  // namespace mobilytics::companies::store
