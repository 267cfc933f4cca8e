#include "platform/http/router.hpp"

#include "platform/http/page.hpp"
#include "platform/http/version.hpp"
#include "src/companies/companies.hpp"

// URLs of companies.
namespace mobilytics::companies {

namespace {

using auth::Permission;
using auth::StaffMay;
using auth::StaffOrMay;
using auth::StaffPermission;

struct ParkedPolicyOut {
    ParkedKind kind = ParkedKind::count;
    int minutes = 10;
};

struct CompanyOut {
    CompanyId id;
    std::string name;
    std::string zone;
    std::string country;
    State state = State::active;
    int privacy_floor = 10;
    ParkedPolicyOut parked_policy;
    clock::Instant created_at;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "zone", .description = "IANA time zone; days of reports without a campaign are cut in it."},
        {.name = "country", .description = "ISO 3166-1, two capital letters."},
        {.name = "privacy_floor", .description = "A published cell or region with fewer visits is hidden."},
        {.name = "parked_policy", .description = "In force now, for visits that begin while a vehicle stands."},
        http::version_field,
    };
};

struct OwnerIn {
    std::string email;
    std::optional<std::string> locale = {};
    std::optional<std::string> name = {};
    std::optional<std::string> password = {};

    static constexpr json::Field about[] = {
        {.name = "email", .description = "Gets a letter, and joins as owner by its link."},
        {.name = "locale", .description = "en-CA (else) or fr-CA: the letter's language."},
        {.name = "name", .description = "With password only; others give their own."},
        {.name = "password",
         .description = "For programs that make companies: a new person is owner at once, without a letter. Leave it "
                        "out, so that nobody but the owner ever knows it."},
    };
};

struct FirstOwnerIn {
    std::string email;
    std::optional<std::string> locale = {};

    static constexpr json::Field about[] = {
        {.name = "locale", .description = "en-CA (else) or fr-CA: the letter's language."},
    };
};

struct InvitedOwnerOut {
    std::string email;
    clock::Instant expires_at;
    std::optional<clock::Instant> sent_at = {};

    static constexpr json::Field about[] = {
        {.name = "expires_at", .description = "The letter's link is good until then."},
        {.name = "sent_at", .description = "When the letter went; null while it is on its way."},
    };
};

struct FirstOwnerOut {
    bool joined = false;
    std::optional<InvitedOwnerOut> invited = {};

    static constexpr json::Field about[] = {
        {.name = "joined", .description = "There is an owner; their account may be disabled."},
        {.name = "invited", .description = "Who was invited and did not join yet; null when there is an owner."},
    };
};

struct CompanyIn {
    std::string name;
    std::string zone;
    std::string country;
    std::optional<OwnerIn> owner = {};

    static constexpr json::Field about[] = {{.name = "owner", .description = "The first owner."}};
};

struct CompanyPatchIn {
    std::optional<std::string> name;
    std::optional<std::string> zone;
    std::optional<State> state;
};

struct ParkedPolicyIn {
    ParkedKind kind = ParkedKind::count;
    int minutes = 10;
    clock::Instant effective_from;

    static constexpr json::Field about[] = {
        {.name = "minutes",
         .description = "For cap: visits later in a stop are left out.",
         .minimum = 0,
         .maximum = 1440},
        {.name = "effective_from", .description = "May lie in the past: what it touches is made again."},
    };
};

struct DatedParkedPolicyOut {
    clock::Instant effective_from;
    ParkedKind kind = ParkedKind::count;
    int minutes = 10;

    static constexpr json::Field about[] = {
        {.name = "effective_from", .description = "In force from then on, until the next one's."},
        {.name = "minutes", .description = "For cap: visits later in a stop are left out."},
    };
};

DatedParkedPolicyOut to_out(const DatedParkedPolicy& policy) {
    return {policy.effective_from, policy.kind, policy.cap_minutes};
}

CompanyOut to_out(const Company& company) {
    return {.id = company.id,
            .name = company.name,
            .zone = company.zone,
            .country = company.country,
            .state = company.state,
            .privacy_floor = company.privacy_floor,
            .parked_policy = {company.parked_policy.kind, company.parked_policy.cap_minutes},
            .created_at = company.created_at,
            .version = company.tag()};
}

auth::NewInvitation invitation(const std::string& email, const std::optional<std::string>& locale) {
    return {email, auth::Role::owner, locale.value_or(std::string{auth::default_locale})};
}

NewOwner owner_of(const OwnerIn& owner) {
    Faults faults;
    if (owner.name && !owner.password) faults.add("/owner/name", "is given by whoever is invited; leave it out");
    faults.refuse("companies.invalid", "The company cannot be made like this.");
    if (owner.password) return auth::NewPerson{owner.email, owner.name.value_or(""), *owner.password};
    return invitation(owner.email, owner.locale);
}

FirstOwnerOut to_out(const auth::FirstOwner& owner) {
    FirstOwnerOut out{.joined = owner.joined};
    if (owner.invited) out.invited = {owner.invited->email, owner.invited->expires_at, owner.invited->sent_at};
    return out;
}

void add_policy_routes(http::Group& group, Companies& companies) {
    group.get("/v1/companies/{id}/parked-policies",
              {.id = "companies.list_parked_policies",
               .summary = "What becomes of visits while a vehicle stands, and since when, latest first",
               .description = "With those to come. Before the first every visit counts."},
              [&companies](StaffOrMay<Permission::company_read, StaffPermission::companies_read> actor, CompanyId id,
                           http::Paging paging) -> Task<http::Page<DatedParkedPolicyOut>> {
                  auto found = co_await companies.list_parked_policies(actor, id, paging.after_one<clock::Instant>(),
                                                                       http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](const DatedParkedPolicy& policy) { return to_out(policy); },
                      [](const DatedParkedPolicy& policy) { return http::encode_cursor(policy.effective_from); });
              });
    group.put("/v1/companies/{id}/parked-policy",
              {.id = "companies.set_parked_policy", .summary = "What becomes of visits while a vehicle stands"},
              [&companies](StaffOrMay<Permission::company_edit, StaffPermission::companies_edit> actor, CompanyId id,
                           http::IfMatch seen, http::Body<ParkedPolicyIn> body) -> Task<http::Tagged<CompanyOut>> {
                  DatedParkedPolicy policy{body->effective_from, body->kind, body->minutes};
                  auto company = co_await companies.set_parked_policy(actor, id, policy, http::expecting(seen));
                  co_return http::tagged(to_out(company));
              });
}

}  // namespace

void add_routes(http::Router& router, Companies& companies) {
    auto group = router.group("companies");
    group.get("/v1/companies", {.id = "companies.list", .summary = "All companies, newest first"},
              [&companies](StaffMay<StaffPermission::companies_read> actor,
                           http::Paging paging) -> Task<http::Page<CompanyOut>> {
                  auto found = co_await companies.list(actor, paging.after_one<CompanyId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](const Company& company) { return to_out(company); },
                      [](const Company& company) { return http::encode_cursor(company.id); });
              });
    group.post("/v1/companies", {.id = "companies.create", .summary = "Make a company, with its first owner"},
               [&companies](StaffMay<StaffPermission::companies_create> actor,
                            http::Body<CompanyIn> body) -> Task<http::Created<CompanyOut>> {
                   std::optional<NewOwner> owner;
                   if (body->owner) owner = owner_of(*body->owner);
                   NewCompany wanted{body->name, body->zone, body->country};
                   auto company = co_await companies.create(actor, std::move(wanted), std::move(owner));
                   co_return http::Created<CompanyOut>{to_out(company), "/v1/companies/" + company.id.text()};
               });
    group.get("/v1/companies/{id}", {.id = "companies.get", .summary = "One company"},
              [&companies](StaffOrMay<Permission::company_read, StaffPermission::companies_read> actor,
                           CompanyId id) -> Task<http::Tagged<CompanyOut>> {
                  auto company = co_await companies.find(actor, id);
                  co_return http::tagged(to_out(company));
              });
    group.get("/v1/companies/{id}/first-owner",
              {.id = "companies.first_owner", .summary = "Whether a company has an owner, or who is invited"},
              [&companies](StaffMay<StaffPermission::companies_read> actor, CompanyId id) -> Task<FirstOwnerOut> {
                  auto owner = co_await companies.first_owner(actor, id);
                  co_return to_out(owner);
              });
    group.put("/v1/companies/{id}/first-owner",
              {.id = "companies.invite_first_owner",
               .summary = "Invite the owner of a company that has none",
               .description = "By a letter whose link is good for seven days. Again, to the same address or another, "
                              "sends a new letter, and the one before is good no more."},
              [&companies](StaffMay<StaffPermission::companies_create> actor, CompanyId id,
                           http::Body<FirstOwnerIn> body) -> Task<FirstOwnerOut> {
                  auto wanted = invitation(body->email, body->locale);
                  auto owner = co_await companies.invite_first_owner(actor, id, std::move(wanted));
                  co_return to_out(owner);
              });
    group.patch("/v1/companies/{id}",
                {.id = "companies.edit",
                 .summary = "Edit, suspend or reinstate a company",
                 .description = "Another state takes companies.suspend too."},
                [&companies](StaffMay<StaffPermission::companies_edit> actor, CompanyId id, http::IfMatch seen,
                             http::Body<CompanyPatchIn> body) -> Task<http::Tagged<CompanyOut>> {
                    CompanyPatch patch{body->name, body->zone, body->state};
                    auto company = co_await companies.edit(actor, id, std::move(patch), http::expecting(seen));
                    co_return http::tagged(to_out(company));
                });
    add_policy_routes(group, companies);
}

}  // namespace mobilytics::companies
