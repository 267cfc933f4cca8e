#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/openid/documents.hpp"
#include "platform/openid/id_token.hpp"
#include "platform/openid/request.hpp"
#include "platform/outbound/sender.hpp"

// Talks with OpenID providers, which customers choose: what they publish is kept for a while.
namespace mobilytics::openid {

// The way out. The product asks through outbound::Sender, which guards where to.
struct Outside {
    std::function<Task<outbound::Sent>(outbound::Get get)> get;
    std::function<Task<outbound::Sent>(outbound::Post post)> post;
    std::function<std::optional<std::string>(const std::string& url)> wrong_with;
};

class Failure : public std::exception {
public:
    enum class Kind {
        unreachable,  // no answer, or one that is none
        unusable,     // it is no provider that we can use, and says so itself
        denied,       // it does not take the code
        doubtful,     // its ID token is not to be believed
    };
    Failure(Kind kind, std::string what) : kind_{kind}, what_{std::move(what)} {}
    Kind kind() const { return kind_; }
    const char* what() const noexcept override { return what_.c_str(); }

private:
    Kind kind_;
    std::string what_;
};

struct Grant {
    std::string code;
    std::string nonce;
    std::string verifier;
};

class Providers {
public:
    static constexpr std::chrono::minutes kept_for{10};
    static constexpr std::chrono::seconds failure_kept_for{15};
    // Keys are asked for again at most as often when a token names one that is not known.
    static constexpr std::chrono::minutes pause_between_keys{1};
    static constexpr std::size_t largest_document = 128 * 1024;
    static constexpr std::size_t most_kept = 500;

    Providers(Outside outside, const clock::Clock& clock) : outside_{std::move(outside)}, clock_{clock} {}

    // What is wrong with an issuer's text, as the end of a sentence ("must ..."), before anybody is asked.
    std::optional<std::string> wrong_with(const std::string& issuer) const;

    // Asks the issuer now. Throws Failure unreachable or unusable.
    Task<Discovery> ask(std::string issuer);

    // The same, as it was answered a short while ago: whoever is not signed in may bring this about.
    Task<Discovery> find(std::string issuer);

    // Redeems the code and says who it is. Throws Failure.
    Task<Identity> redeem(Client client, Grant grant);

private:
    struct Known {
        std::optional<Discovery> discovery;
        std::optional<Failure> failure;
        clock::Instant at;
    };
    struct Keys {
        std::vector<NamedKey> keys;
        clock::Instant at;
    };

    Task<std::string> id_token(Discovery provider, Client client, Grant grant);
    Task<crypto::RsaKey> key_of(std::string jwks_uri, std::string key_id);
    Task<std::vector<NamedKey>> fetch_keys(std::string jwks_uri);
    Task<std::string> document(std::string url, Failure::Kind when_wrong);

    Outside outside_;
    const clock::Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Known> known_;  // by issuer
    std::map<std::string, Keys> keys_;    // by jwks_uri
};

}  // namespace mobilytics::openid
