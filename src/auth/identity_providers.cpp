#include "src/auth/identity_providers.hpp"

#include <utility>

#include "platform/problem/problem.hpp"
#include "platform/trail/resealing.hpp"
#include "src/auth/provider_store.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

// Sealed bytes open in their own company only.
std::string place_of(CompanyId company) { return "secret of the identity provider of " + company.text(); }

Problem not_found() {
    return {Kind::missing, "auth.provider_not_found", "This company has no provider that signs its people in."};
}

Problem unusable(std::string why) {
    return {Kind::invalid,
            "auth.provider_unusable",
            "The issuer is no OpenID provider that can be used here.",
            {{"/issuer", std::move(why)}}};
}

std::optional<std::string> word_of(const std::optional<Role>& role) {
    return role.transform([](Role one) { return std::string{to_string(one)}; });
}

trail::Entry entry_of(std::string action, const IdentityProvider& provider) {
    return {.action = std::move(action), .resource_id = provider.company.text(), .resource_label = provider.issuer};
}

trail::Entry set_entry(const std::optional<IdentityProvider>& before, const IdentityProvider& after, bool new_secret) {
    auto entry = entry_of("company.provider_set", after);
    const auto text = [&](std::string IdentityProvider::* field) {
        return before.transform([field](const IdentityProvider& one) { return one.*field; });
    };
    const auto joins_as = before.and_then([](const IdentityProvider& one) { return word_of(one.joins_as); });
    entry.changes.field("sign_in_name", text(&IdentityProvider::sign_in_name), std::optional{after.sign_in_name})
        .field("issuer", text(&IdentityProvider::issuer), std::optional{after.issuer})
        .field("client_id", text(&IdentityProvider::client_id), std::optional{after.client_id})
        .field("joins_as", joins_as, word_of(after.joins_as));
    if (new_secret) entry.changes.hidden("client_secret");
    return entry;
}

void refuse_faults(const WantedProvider& wanted, const std::optional<IdentityProvider>& before,
                   const std::optional<std::string>& wrong_with_issuer) {
    Faults faults;
    check(wanted, before, wrong_with_issuer, faults);
    faults.refuse("auth.invalid_provider", "The provider cannot be set like this.");
}

}  // namespace

IdentityProviders::IdentityProviders(db::Database& database, const clock::Clock& clock, trail::Trail& trail,
                                     Letters& letters, const crypto::Sealer& sealer, openid::Providers& providers,
                                     std::string pages)
    : database_{database},
      clock_{clock},
      trail_{trail},
      letters_{letters},
      sealer_{sealer},
      providers_{providers},
      pages_{std::move(pages)} {}

Task<std::optional<IdentityProvider>> IdentityProviders::find(May<Permission::members_read> actor) {
    return store::find_identity_provider(database_, actor.company);
}

Task<IdentityProvider> IdentityProviders::set(May<Permission::members_manage> actor, WantedProvider wanted,
                                              ExpectVersion expect) {
    const CompanyId company = actor.company;
    const auto known = co_await store::find_identity_provider(database_, company);
    const auto wrong_with_issuer = providers_.wrong_with(wanted.issuer);
    refuse_faults(wanted, known, wrong_with_issuer);
    try {
        co_await providers_.ask(wanted.issuer);
    } catch (const openid::Failure& failure) {
        throw unusable(failure.what());
    }
    co_return co_await database_.transaction(
        db::Scope::of(company), [&](db::Session& session) -> Task<IdentityProvider> {
            const auto before = co_await store::hold_identity_provider(session, company);
            expect(version_of(before));
            refuse_faults(wanted, before, wrong_with_issuer);
            IdentityProvider after{.company = company,
                                   .sign_in_name = wanted.sign_in_name,
                                   .issuer = wanted.issuer,
                                   .client_id = wanted.client_id,
                                   .joins_as = wanted.joins_as,
                                   .secret_sealed = {},
                                   .version = before ? before->version + 1 : 1,
                                   .set_at = clock_.now()};
            after.secret_sealed =
                wanted.client_secret ? sealer_.seal(*wanted.client_secret, place_of(company)) : before->secret_sealed;
            const bool is_another = !before || !before->knows_the_same_as(wanted);
            if (is_another) {
                co_await store::forget_provider(session, company);
                co_await tell_owners(session, company, actor.who().cause());
            }
            bool is_put = co_await store::put_identity_provider(session, after);
            if (!is_put)
                throw Problem{Kind::conflict,
                              "auth.sign_in_name_taken",
                              "Another company signs in under this name.",
                              {{"/sign_in_name", "is taken"}}};
            auto entry = set_entry(before, after, wanted.client_secret.has_value());
            co_await trail_.record(session, company, actor.who(), std::move(entry));
            co_return after;
        });
}

Task<void> IdentityProviders::remove(May<Permission::members_manage> actor, ExpectVersion expect) {
    const CompanyId company = actor.company;
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const auto provider = co_await store::hold_identity_provider(session, company);
        if (!provider) throw not_found();
        expect(version_of(provider));
        co_await store::forget_provider(session, company);
        co_await store::delete_identity_provider(session, company);
        auto entry = entry_of("company.provider_removed", *provider);
        co_await trail_.record(session, company, actor.who(), std::move(entry));
    });
}

// Whoever runs the provider can stand in for each of them.
Task<void> IdentityProviders::tell_owners(db::Session& session, CompanyId company, trace::Cause cause) {
    const auto owners = co_await store::hold_owners(session, company);
    for (const UserId owner : owners) {
        Notice notice = notice_to(owner, Letter::provider_set);
        notice.company_id = company;
        co_await letters_.notify(session, std::move(notice), cause);
    }
}

openid::Client IdentityProviders::client_of(const IdentityProvider& provider) const {
    auto secret = sealer_.open(provider.secret_sealed, place_of(provider.company));
    if (!secret)
        throw Problem{Kind::unavailable, "auth.provider_sealed_by_another_key",
                      "The provider's secret was sealed by another key than this server has. Set it again."};
    return {provider.issuer, provider.client_id, *std::move(secret), redirect_uri()};
}

Task<crypto::Renewal> IdentityProviders::reseal() {
    return trail::reseal(database_, trail_, "identity providers",
                         [this](db::Session& session, crypto::Renewal& found) -> Task<void> {
                             for (auto& row : co_await store::hold_provider_secrets(session)) {
                                 auto anew = sealer_.renew(row.secret, place_of(row.company), found);
                                 if (anew) co_await store::put_provider_secret(session, row.company, *std::move(anew));
                             }
                         });
}

}  // namespace mobilytics::auth
