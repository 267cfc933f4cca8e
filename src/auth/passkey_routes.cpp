#include "platform/crypto/encoding.hpp"
#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/webauthn/webauthn.hpp"
#include "src/auth/passkey_json.hpp"
#include "src/auth/passkeys.hpp"

// URLs of one's own passkeys. Options and answers have the forms that browsers' own methods read and write
// (PublicKeyCredential.parseCreationOptionsFromJSON, parseRequestOptionsFromJSON, toJSON), so members are named as
// WebAuthn Level 3, 5.1, names them.
namespace mobilytics::auth {

namespace {

constexpr std::int64_t timeout_ms = std::chrono::milliseconds{challenge_span}.count();

struct RelyingPartyOut {
    std::string id;
    std::string name = "Mobilytics";
};

struct PasskeyUserOut {
    std::string id;
    std::string name;
    std::string displayName;

    static constexpr json::Field about[] = {{.name = "id", .description = "Random; the same for all of one's."}};
};

struct KeyParametersOut {
    std::string type = "public-key";
    int alg = 0;

    static constexpr json::Field about[] = {{.name = "alg", .description = "COSE's number."}};
};

struct CredentialOut {
    std::string id;
    std::string type = "public-key";
    std::vector<std::string> transports = {};
};

struct AuthenticatorSelectionOut {
    std::string residentKey = "required";
    bool requireResidentKey = true;
    std::string userVerification = "required";
};

struct CreationOptionsOut {
    std::string challenge;
    RelyingPartyOut rp;
    PasskeyUserOut user;
    std::vector<KeyParametersOut> pubKeyCredParams = {};
    std::int64_t timeout = timeout_ms;
    std::vector<CredentialOut> excludeCredentials;
    AuthenticatorSelectionOut authenticatorSelection;
    std::string attestation = "none";

    static constexpr json::Field about[] = {{.name = "timeout", .description = "Milliseconds."}};
};

struct RequestOptionsOut {
    std::string challenge;
    std::string rpId;
    std::vector<CredentialOut> allowCredentials;
    std::int64_t timeout = timeout_ms;
    std::string userVerification = "required";

    static constexpr json::Field about[] = {
        {.name = "allowCredentials", .description = "None: any that the browser has for the site."},
        {.name = "timeout", .description = "Milliseconds."}};
};

struct AttestationResponseIn {
    std::string clientDataJSON;
    std::string attestationObject;
    std::optional<std::vector<std::string>> transports;
    std::optional<std::string> authenticatorData;
    std::optional<std::string> publicKey;
    std::optional<std::int64_t> publicKeyAlgorithm;

    static constexpr json::Field about[] = {
        {.name = "clientDataJSON", .max_length = 6000},
        {.name = "attestationObject", .max_length = 22000},
        {.name = "transports", .max_length = 32},
        {.name = "authenticatorData", .description = "Not looked at: it stands in the attestation object."},
        {.name = "publicKey", .description = "Not looked at, as above."},
        {.name = "publicKeyAlgorithm", .description = "Not looked at, as above."}};
};

struct CreatedCredentialIn {
    std::string id;
    std::optional<std::string> rawId;
    std::string type;
    AttestationResponseIn response;
    std::optional<std::string> authenticatorAttachment;
    ExtensionResults clientExtensionResults;

    static constexpr json::Field about[] = {
        {.name = "id", .max_length = 1400},
        {.name = "rawId", .description = "The same as id.", .max_length = 1400},
        {.name = "type", .description = "public-key"},
        {.name = "clientExtensionResults", .description = "No extension is asked for, and none is looked at."}};
};

struct PasskeyIn {
    std::string name;
    CreatedCredentialIn credential;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "For oneself, to know it by.", .max_length = longest_passkey_name},
        {.name = "credential", .description = "What the browser gave for passkeys.begin."}};
};

struct PasskeyPatchIn {
    std::string name;

    static constexpr json::Field about[] = {{.name = "name", .max_length = longest_passkey_name}};
};

struct PasskeyOut {
    PasskeyId id;
    std::string name;
    bool backed_up = false;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at = {};

    static constexpr json::Field about[] = {
        {.name = "backed_up", .description = "A copy lies with the maker of the device or password manager."}};
};

struct AddedPasskeyOut {
    PasskeyOut passkey;
    std::optional<std::vector<std::string>> recovery_codes = {};

    static constexpr json::Field about[] = {
        {.name = "recovery_codes",
         .description = "For when the passkey is gone: each is good once beside the password. Shown this once; null "
                        "for somebody who has some."}};
};

PasskeyOut to_out(const Passkey& passkey) {
    return {passkey.id, passkey.name, passkey.backed_up, passkey.created_at, passkey.last_used_at};
}

std::vector<CredentialOut> credentials_of(const std::vector<Passkey>& known) {
    std::vector<CredentialOut> shown;
    for (const Passkey& passkey : known)
        shown.push_back({.id = crypto::to_base64url(passkey.credential_id), .transports = passkey.transports});
    return shown;
}

RequestOptionsOut to_out(const PasskeyRequest& request) {
    return {.challenge = crypto::to_base64url(request.challenge),
            .rpId = request.site.id,
            .allowCredentials = credentials_of(request.known)};
}

CreationOptionsOut to_out(const PasskeyOffer& offer) {
    CreationOptionsOut out{.challenge = crypto::to_base64url(offer.request.challenge),
                           .rp = {.id = offer.request.site.id},
                           .user = {crypto::to_base64url(offer.user_handle), offer.email, offer.name},
                           .excludeCredentials = credentials_of(offer.request.known)};
    for (const int algorithm : webauthn::algorithms) out.pubKeyCredParams.push_back({.alg = algorithm});
    return out;
}

AddedPasskeyOut to_out(AddedPasskey added) {
    AddedPasskeyOut out{.passkey = to_out(added.passkey)};
    if (!added.recovery_codes.empty()) out.recovery_codes = std::move(added.recovery_codes);
    return out;
}

CreatedPasskey created_passkey(const PasskeyIn& given) {
    const auto& [id, raw_id, type, response, attachment, extensions] = given.credential;
    check_type_of_passkey(type, "/credential/type");
    return {
        .name = given.name,
        .credential_id = bytes_of_base64url(id, "/credential/id"),
        .client_data = bytes_of_base64url(response.clientDataJSON, "/credential/response/clientDataJSON"),
        .attestation_object = bytes_of_base64url(response.attestationObject, "/credential/response/attestationObject"),
        .transports = response.transports.value_or(std::vector<std::string>{})};
}

void add_showing_routes(http::Group& group, Passkeys& passkeys) {
    group.post(
        "/v1/passkeys/challenge",
        {.id = "passkeys.challenge",
         .summary = "What a browser needs to sign in with a passkey",
         .description = "For PublicKeyCredential.parseRequestOptionsFromJSON, alike for everybody. The "
                        "answer goes to sessions.create within five minutes."},
        [&passkeys](http::Request&) -> Task<RequestOptionsOut> { co_return to_out(passkeys.sign_in_request()); });
    group.post("/v1/passkeys/confirmation",
               {.id = "passkeys.confirm",
                .summary = "What a browser needs to confirm the session with a passkey",
                .description = "For PublicKeyCredential.parseRequestOptionsFromJSON. The answer goes to "
                               "sessions.confirm within five minutes, in this session."},
               [&passkeys](Person actor) -> Task<RequestOptionsOut> {
                   auto request = co_await passkeys.confirmation_request(actor);
                   co_return to_out(request);
               });
}

}  // namespace

void add_routes(http::Router& router, Passkeys& passkeys) {
    auto group = router.group("auth");
    group.get("/v1/passkeys", {.id = "passkeys.list", .summary = "One's own passkeys, in the order they were added"},
              [&passkeys](Person actor, http::Paging paging) -> Task<http::Page<PasskeyOut>> {
                  auto found = co_await passkeys.list(actor, paging.after_one<PasskeyId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](const Passkey& passkey) { return to_out(passkey); },
                      [](const Passkey& passkey) { return http::encode_cursor(passkey.id); });
              });
    group.post("/v1/passkeys/registration",
               {.id = "passkeys.begin",
                .summary = "Begin to add a passkey",
                .description = "For PublicKeyCredential.parseCreationOptionsFromJSON. The answer goes to "
                               "passkeys.create within five minutes, in this session. Needs a confirmed session."},
               [&passkeys](Confirmed actor) -> Task<CreationOptionsOut> {
                   auto offer = co_await passkeys.begin(actor);
                   co_return to_out(offer);
               });
    group.post("/v1/passkeys",
               {.id = "passkeys.create",
                .summary = "Add the passkey that the browser made",
                .description = "It signs in from now on, and the password alone does not. Ends all other "
                               "sessions. Needs a confirmed session."},
               [&passkeys](Confirmed actor, http::Body<PasskeyIn> body) -> Task<http::Created<AddedPasskeyOut>> {
                   auto created = created_passkey(*body);
                   auto added = co_await passkeys.add(actor, std::move(created));
                   co_return http::Created<AddedPasskeyOut>{to_out(std::move(added)), ""};
               });
    group.patch("/v1/passkeys/{id}", {.id = "passkeys.rename", .summary = "Give a passkey another name"},
                [&passkeys](Person actor, PasskeyId id, http::Body<PasskeyPatchIn> body) -> Task<PasskeyOut> {
                    auto passkey = co_await passkeys.rename(actor, id, body->name);
                    co_return to_out(passkey);
                });
    group.remove("/v1/passkeys/{id}",
                 {.id = "passkeys.remove",
                  .summary = "Remove a passkey",
                  .description = "It signs in no more. Needs a confirmed session."},
                 [&passkeys](Confirmed actor, PasskeyId id) -> Task<http::NoContent> {
                     co_await passkeys.remove(actor, id);
                     co_return http::NoContent{};
                 });
    add_showing_routes(group, passkeys);
}

}  // namespace mobilytics::auth
