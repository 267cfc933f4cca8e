#include "src/companies/companies.hpp"

#include <format>
#include <stdexcept>
#include <utility>

#include "platform/jobs/events.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/companies/entries.hpp"
#include "src/companies/store.hpp"

namespace mobilytics::companies {

namespace {

Company require(std::optional<Company> company) {
    if (!company) throw Problem{Kind::missing, "companies.not_found", "There is no such company."};
    return std::move(*company);
}

void check(const NewCompany& wanted, const std::optional<NewOwner>& owner) {
    Faults faults;
    check_name(wanted.name, faults);
    check_zone(wanted.zone, faults);
    check_country(wanted.country, faults);
    if (const auto* person = owner ? std::get_if<auth::NewPerson>(&*owner) : nullptr)
        auth::check(*person, "/owner", faults);
    if (const auto* invited = owner ? std::get_if<auth::NewInvitation>(&*owner) : nullptr)
        auth::check(*invited, "/owner", faults);
    faults.refuse("companies.invalid", "The company cannot be made like this.");
}

void check(const CompanyPatch& patch) {
    Faults faults;
    if (patch.name) check_name(*patch.name, faults);
    if (patch.zone) check_zone(*patch.zone, faults);
    faults.refuse("companies.invalid", "The company cannot be changed like this.");
}

// The owner's fields stand inside the company's.
[[noreturn]] void throw_of_owner(const Problem& problem) {
    auto errors = problem.errors();
    for (auto& error : errors) error.pointer.insert(0, "/owner");
    throw Problem{problem.kind(), problem.code(), problem.detail(), std::move(errors)};
}

}  // namespace

Companies::Companies(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail,
                     auth::Auth& auth, auth::FirstOwners owners)
    : database_{database}, clock_{clock}, events_{events}, trail_{trail}, auth_{auth}, owners_{std::move(owners)} {}

Task<std::vector<Company>> Companies::list(auth::Staff, std::optional<CompanyId> before, int limit) {
    return store::list_companies(database_, before, clock_.now(), limit);
}

Task<Company> Companies::create(auth::Staff actor, NewCompany wanted, std::optional<NewOwner> owner) {
    check(wanted, owner);
    // Hashing takes its time, so it is done before the transaction holds a connection.
    std::optional<auth::PreparedPerson> prepared;
    try {
        if (auto* person = owner ? std::get_if<auth::NewPerson>(&*owner) : nullptr)
            prepared = co_await auth_.prepare(std::move(*person));
    } catch (const Problem& problem) {
        if (problem.code() != "auth.invalid_password") throw;
        throw_of_owner(problem);
    }
    CompanyId id = CompanyId::make();
    auto now = clock_.now();
    co_return co_await database_.transaction(db::Scope::of(id), [&](db::Session& session) -> Task<Company> {
        co_await store::insert_company(session, id, wanted, now);
        auto found = co_await store::find_company(session, id, now);
        Company made = require(std::move(found));
        co_await trail_.record(session, id, actor.who(), created(made));
        if (prepared) co_await auth_.add_first_owner(session, id, *prepared, actor);
        if (const auto* invited = owner ? std::get_if<auth::NewInvitation>(&*owner) : nullptr)
            co_await owners_.invite(session, id, *invited, actor);
        co_return made;
    });
}

Task<auth::FirstOwner> Companies::first_owner(auth::Staff, CompanyId id) {
    auto company = co_await store::find_company(database_, id, clock_.now());
    require(std::move(company));
    co_return co_await owners_.find(id);
}

// The company's row is held, so that of two who invite at the same time the later one replaces the other's.
Task<auth::FirstOwner> Companies::invite_first_owner(auth::Staff actor, CompanyId id, auth::NewInvitation wanted) {
    const auto now = clock_.now();
    co_return co_await database_.transaction(db::Scope::of(id), [&](db::Session& session) -> Task<auth::FirstOwner> {
        auto company = co_await store::lock_company(session, id, now);
        require(std::move(company));
        auto invited = co_await owners_.invite(session, id, wanted, actor);
        co_return auth::FirstOwner{.joined = false, .invited = std::move(invited)};
    });
}

Task<Company> Companies::find(auth::StaffOrCompany actor, CompanyId id) {
    if (!actor.reaches(id)) throw Problem{Kind::missing, "companies.not_found", "There is no such company."};
    auto company = co_await store::find_company(database_, id, clock_.now());
    co_return require(std::move(company));
}

Task<Company> Companies::edit(auth::Staff actor, CompanyId id, CompanyPatch patch, ExpectTag expect) {
    if (patch.state) actor.require(auth::StaffPermission::companies_suspend);
    check(patch);
    auto now = clock_.now();
    co_return co_await database_.transaction(db::Scope::of(id), [&](db::Session& session) -> Task<Company> {
        auto found = co_await store::lock_company(session, id, now);
        Company before = require(std::move(found));
        expect(before.tag());
        Company after = patch.apply_to(before);
        auto entry = changed(before, after);
        if (entry.changes.empty()) co_return before;
        co_await store::update_company(session, after);
        if (after.state != before.state) {
            if (after.state == State::suspended)
                co_await auth_.suspend(session, id);
            else
                co_await auth_.reinstate(session, id);
        }
        co_await trail_.record(session, id, actor.who(), std::move(entry));
        auto stored = co_await store::find_company(session, id, now);
        co_return require(std::move(stored));
    });
}

Task<Company> Companies::set_parked_policy(auth::StaffOrCompany actor, CompanyId id, DatedParkedPolicy policy,
                                           ExpectTag expect) {
    if (!actor.reaches(id)) throw Problem{Kind::missing, "companies.not_found", "There is no such company."};
    Faults faults;
    check(ParkedPolicy{policy.kind, policy.cap_minutes}, faults);
    faults.refuse("companies.invalid_parked_policy", "The parked policy cannot be set like this.");
    auto now = clock_.now();
    co_return co_await database_.transaction(db::Scope::of(id), [&](db::Session& session) -> Task<Company> {
        auto found = co_await store::lock_company(session, id, now);
        const Company before = require(std::move(found));
        expect(before.tag());
        co_await store::put_parked_policy(session, id, policy);
        co_await events_.publish(
            session, "companies.parked_policy_changed",
            std::format(R"({{"company_id":"{}","from":"{}"}})", id.text(), clock::to_rfc3339(policy.effective_from)),
            actor.who().cause());
        co_await trail_.record(session, id, actor.who(), parked_policy_set(before, policy));
        auto stored = co_await store::find_company(session, id, now);
        co_return require(std::move(stored));
    });
}

Task<std::vector<DatedParkedPolicy>> Companies::list_parked_policies(auth::StaffOrCompany actor, CompanyId id,
                                                                     std::optional<clock::Instant> before, int limit) {
    co_await find(actor, id);
    co_return co_await store::list_parked_policies(database_, id, before, limit);
}

Task<Company> Companies::find(CompanyId id) {
    auto company = co_await store::find_company(database_, id, clock_.now());
    if (!company) throw std::logic_error{std::format("no company {}", id.text())};
    co_return std::move(*company);
}

Task<std::string> Companies::zone(CompanyId id) {
    Company company = co_await find(id);
    co_return std::move(company.zone);
}

Task<int> Companies::privacy_floor(CompanyId id) {
    Company company = co_await find(id);
    co_return company.privacy_floor;
}

Task<std::vector<DatedParkedPolicy>> Companies::parked_policies(db::Session& session, CompanyId id) {
    return store::parked_policies(session, id);
}

Task<std::vector<auth::CompanyCard>> Companies::cards(std::vector<CompanyId> ids) {
    return store::cards(database_, std::move(ids));
}

}  // namespace mobilytics::companies
