#include "platform/openid/providers.hpp"

#include <algorithm>
#include <format>

#include "platform/crypto/encoding.hpp"
#include "platform/outbound/client.hpp"

namespace mobilytics::openid {

namespace {

using outbound::escaped;
using Kind = Failure::Kind;

std::string metadata_url(std::string_view issuer) {
    if (issuer.ends_with('/')) issuer.remove_suffix(1);
    return std::format("{}/.well-known/openid-configuration", issuer);
}

// Makes room for one more: what was asked for longest ago goes.
template <class Entry>
void keep(std::map<std::string, Entry>& kept, const std::string& name, Entry entry) {
    if (kept.size() >= Providers::most_kept && !kept.contains(name))
        kept.erase(std::ranges::min_element(kept, {}, [](const auto& one) { return one.second.at; }));
    kept.insert_or_assign(name, std::move(entry));
}

// RFC 6749, 2.3.1: both parts are encoded as in a form before they go into the header.
std::string basic(const Client& client) {
    return "Authorization: Basic " +
           crypto::to_base64(std::format("{}:{}", escaped(client.id), escaped(client.secret)));
}

outbound::Post token_request(const Discovery& provider, const Client& client, const Grant& grant) {
    outbound::Post post{.url = provider.token_endpoint,
                        .headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"},
                        .body = std::format("grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
                                            escaped(grant.code), escaped(client.redirect_uri), grant.verifier),
                        .most_body = Providers::largest_document};
    if (provider.secret_in_body)
        post.body += std::format("&client_id={}&client_secret={}", escaped(client.id), escaped(client.secret));
    else
        post.headers.push_back(basic(client));
    return post;
}

// A word of the standard, or nothing that a page or the trail should repeat.
std::string word_of(const std::string& error) {
    const bool is_word = !error.empty() && error.size() <= 40 &&
                         std::ranges::all_of(error, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return is_word ? error : "no reason given";
}

const NamedKey* named(const std::vector<NamedKey>& keys, const std::string& id) {
    // A token that names none is only clear where there is one.
    if (id.empty()) return keys.size() == 1 ? &keys.front() : nullptr;
    const auto found = std::ranges::find(keys, id, &NamedKey::id);
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> Providers::wrong_with(const std::string& issuer) const {
    if (issuer.contains('?') || issuer.contains('#')) return "must have neither ? nor #";
    return outside_.wrong_with(issuer);
}

Task<Discovery> Providers::ask(std::string issuer) {
    if (const auto wrong = wrong_with(issuer)) throw Failure{Kind::unusable, "the URL " + *wrong};
    const auto text = co_await document(metadata_url(issuer), Kind::unusable);
    auto read = read_discovery(text, issuer);
    if (!read) throw Failure{Kind::unusable, "its discovery document " + read.error()};
    // A browser is sent to one of them, and the secret to another.
    for (const std::string* url : {&read->authorization_endpoint, &read->token_endpoint, &read->jwks_uri})
        if (const auto wrong = url->contains('#') ? "must not have #" : outside_.wrong_with(*url))
            throw Failure{Kind::unusable, std::format("the URL {} {}", *url, *wrong)};
    std::lock_guard lock{mutex_};
    keep(known_, issuer, {.discovery = *read, .failure = {}, .at = clock_.now()});
    co_return *std::move(read);
}

Task<Discovery> Providers::find(std::string issuer) {
    {
        std::lock_guard lock{mutex_};
        const auto found = known_.find(issuer);
        if (found != known_.end()) {
            const auto& [discovery, failure, at] = found->second;
            const auto age = clock_.now() - at;
            if (discovery && age < kept_for) co_return *discovery;
            if (failure && age < failure_kept_for) throw Failure{*failure};
        }
    }
    std::optional<Failure> failed;
    try {
        co_return co_await ask(issuer);
    } catch (const Failure& failure) {
        failed = failure;
    }
    std::lock_guard lock{mutex_};
    keep(known_, issuer, {.discovery = {}, .failure = failed, .at = clock_.now()});
    throw Failure{*failed};
}

Task<Identity> Providers::redeem(Client client, Grant grant) {
    const auto provider = co_await find(client.issuer);
    const auto text = co_await id_token(provider, client, grant);
    const auto token = UnverifiedIdToken::read(text);
    if (!token) throw Failure{Kind::doubtful, std::string{token.error()}};
    const auto key = co_await key_of(provider.jwks_uri, token->key_id);
    auto identity = judge(*token, key, {client.issuer, client.id, grant.nonce, clock_.now()});
    if (!identity) throw Failure{Kind::doubtful, std::string{identity.error()}};
    co_return *std::move(identity);
}

Task<std::string> Providers::id_token(Discovery provider, Client client, Grant grant) {
    auto post = token_request(provider, client, grant);
    const auto sent = co_await outside_.post(std::move(post));
    if (sent.status == 0) throw Failure{Kind::unreachable, sent.failure};
    auto answer = read_token_answer(sent.cut ? "" : sent.body);
    if (sent.status >= 500) throw Failure{Kind::unreachable, std::format("it answered {}", sent.status)};
    if (sent.status != 200) throw Failure{Kind::denied, word_of(answer.error)};
    if (!answer.id_token) throw Failure{Kind::doubtful, "no ID token"};
    co_return *std::move(answer.id_token);
}

Task<crypto::RsaKey> Providers::key_of(std::string jwks_uri, std::string key_id) {
    {
        std::lock_guard lock{mutex_};
        const auto found = keys_.find(jwks_uri);
        if (found != keys_.end()) {
            const auto age = clock_.now() - found->second.at;
            const auto* key = named(found->second.keys, key_id);
            if (key && age < kept_for) co_return key->key;
            if (!key && age < pause_between_keys) throw Failure{Kind::doubtful, "unknown key"};
        }
    }
    const auto keys = co_await fetch_keys(jwks_uri);
    const auto* key = named(keys, key_id);
    if (!key) throw Failure{Kind::doubtful, "unknown key"};
    co_return key->key;
}

Task<std::vector<NamedKey>> Providers::fetch_keys(std::string jwks_uri) {
    const auto text = co_await document(jwks_uri, Kind::doubtful);
    auto keys = read_keys(text);
    if (!keys) throw Failure{Kind::doubtful, "no key set"};
    std::lock_guard lock{mutex_};
    keep(keys_, jwks_uri, {*keys, clock_.now()});
    co_return *std::move(keys);
}

Task<std::string> Providers::document(std::string url, Kind when_wrong) {
    outbound::Get get{.url = url, .headers = {"Accept: application/json"}, .most_body = largest_document};
    auto sent = co_await outside_.get(std::move(get));
    if (sent.status == 0) throw Failure{Kind::unreachable, std::format("{}: {}", url, sent.failure)};
    // A redirect is not followed: it could lead anywhere.
    if (sent.status >= 500) throw Failure{Kind::unreachable, std::format("{} answered {}", url, sent.status)};
    if (sent.status != 200) throw Failure{when_wrong, std::format("{} answered {}", url, sent.status)};
    if (sent.cut) throw Failure{when_wrong, std::format("{} answered more than {} bytes", url, largest_document)};
    co_return std::move(sent.body);
}

}  // namespace mobilytics::openid
