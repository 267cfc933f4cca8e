#include "platform/webauthn/webauthn.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <memory>
#include <new>
#include <optional>
#include <string_view>

#include "platform/crypto/digest.hpp"
#include "platform/webauthn/cbor_bounds.hpp"
#include "platform/webauthn/ceremony.hpp"

namespace mobilytics::webauthn {

namespace {

constexpr std::uint8_t user_present = 0x01, user_verified = 0x04, backup_eligible = 0x08, backed_up = 0x10;

static_assert(algorithms == std::array{COSE_ES256, COSE_EDDSA, COSE_RS256});

template <auto Release>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Release(&object);
    }
};
template <class T, auto Release>
using Owned = std::unique_ptr<T, Freed<Release>>;

template <auto Release, class T>
Owned<T, Release> owned(T* made) {
    if (!made) throw std::bad_alloc{};
    return Owned<T, Release>{made};
}

auto new_credential() {
    static const bool started = (fido_init(0), true);
    static_cast<void>(started);
    return owned<fido_cred_free>(fido_cred_new());
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string text_of(const unsigned char* bytes, std::size_t size) {
    return bytes ? std::string{reinterpret_cast<const char*>(bytes), size} : std::string{};
}

std::optional<Fault> fault_in(const std::string& json, std::string_view type, const std::string& challenge,
                              const Site& site) {
    if (json.size() > largest_client_data) return Fault::form;
    const auto data = read_ceremony(json);
    if (!data) return Fault::form;
    if (data->type != type) return Fault::type;
    if (!crypto::equal_in_constant_time(data->challenge, challenge)) return Fault::challenge;
    if (data->origin != site.origin || data->cross_origin) return Fault::origin;
    return std::nullopt;
}

// Authenticator data begin with the hash of the id that the credential was made for.
bool is_made_for(const Site& site, std::string_view authenticator_data) {
    const auto hash = crypto::sha256(site.id);
    return authenticator_data.size() > hash.size() &&
           authenticator_data.substr(0, hash.size()) == text_of(hash.data(), hash.size());
}

// The standard forbids a backup of what cannot be backed up.
bool is_contradictory(std::uint8_t flags) { return (flags & backed_up) != 0 && (flags & backup_eligible) == 0; }

// libfido2 reads a credential only when it is told the algorithm before.
auto read_credential(const Site& site, const Registration& registration, int algorithm) {
    auto credential = new_credential();
    const auto hash = crypto::sha256(registration.client_data);
    const auto& object = registration.attestation_object;
    const bool is_read = fido_cred_set_type(credential.get(), algorithm) == FIDO_OK &&
                         fido_cred_set_rp(credential.get(), site.id.c_str(), nullptr) == FIDO_OK &&
                         fido_cred_set_clientdata_hash(credential.get(), hash.data(), hash.size()) == FIDO_OK &&
                         fido_cred_set_attobj(credential.get(), bytes_of(object), object.size()) == FIDO_OK;
    if (!is_read) credential.reset();
    return credential;
}

bool is_attested(const fido_cred_t* credential) {
    const std::string_view format = fido_cred_fmt(credential) ? fido_cred_fmt(credential) : "";
    if (format == "none") return true;
    if (format != "packed") return false;
    return fido_cred_x5c_ptr(credential) ? fido_cred_verify(credential) == FIDO_OK
                                         : fido_cred_verify_self(credential) == FIDO_OK;
}

// Calls `use` with libfido2's own form of the key; false for bytes that are no such key.
template <class Use>
bool with_key(const PublicKey& key, Use use) {
    const auto* bytes = bytes_of(key.bytes);
    const auto size = key.bytes.size();
    if (key.algorithm == COSE_ES256) {
        const auto read = owned<es256_pk_free>(es256_pk_new());
        return es256_pk_from_ptr(read.get(), bytes, size) == FIDO_OK && use(read.get());
    }
    if (key.algorithm == COSE_EDDSA) {
        const auto read = owned<eddsa_pk_free>(eddsa_pk_new());
        return eddsa_pk_from_ptr(read.get(), bytes, size) == FIDO_OK && use(read.get());
    }
    if (key.algorithm == COSE_RS256) {
        const auto read = owned<rs256_pk_free>(rs256_pk_new());
        return rs256_pk_from_ptr(read.get(), bytes, size) == FIDO_OK && use(read.get());
    }
    return false;
}

std::expected<Credential, Fault> judged(const Site& site, const fido_cred_t* made) {
    const auto flags = fido_cred_flags(made);
    if (!is_made_for(site, text_of(fido_cred_authdata_raw_ptr(made), fido_cred_authdata_raw_len(made))))
        return std::unexpected{Fault::site};
    if ((flags & user_present) == 0) return std::unexpected{Fault::not_present};
    if (!is_attested(made)) return std::unexpected{Fault::attestation};
    Credential credential{
        .id = text_of(fido_cred_id_ptr(made), fido_cred_id_len(made)),
        .key = {fido_cred_type(made), text_of(fido_cred_pubkey_ptr(made), fido_cred_pubkey_len(made))},
        .sign_count = fido_cred_sigcount(made),
        .aaguid = text_of(fido_cred_aaguid_ptr(made), fido_cred_aaguid_len(made)),
        .backup_eligible = (flags & backup_eligible) != 0,
        .backed_up = (flags & backed_up) != 0};
    const bool is_whole = !credential.id.empty() && credential.id.size() <= largest_credential_id &&
                          credential.aaguid.size() == 16 && !is_contradictory(flags) &&
                          with_key(credential.key, [](const auto*) { return true; });
    if (!is_whole) return std::unexpected{Fault::form};
    if ((flags & user_verified) == 0) return std::unexpected{Fault::not_verified};
    return credential;
}

}  // namespace

std::expected<Credential, Fault> verify(const Site& site, const std::string& challenge,
                                        const Registration& registration) {
    if (registration.attestation_object.size() > largest_attestation) return std::unexpected{Fault::form};
    if (auto fault = fault_in(registration.client_data, "webauthn.create", challenge, site))
        return std::unexpected{*fault};
    if (!is_bounded_attestation(registration.attestation_object)) return std::unexpected{Fault::form};
    for (const int algorithm : algorithms)
        if (const auto made = read_credential(site, registration, algorithm)) return judged(site, made.get());
    return std::unexpected{Fault::form};
}

std::expected<Use, Fault> verify(const Site& site, const std::string& challenge, const Assertion& assertion,
                                 const PublicKey& key) {
    const auto& [client_data, data, signature] = assertion;
    if (data.size() > largest_authenticator_data || signature.size() > largest_signature)
        return std::unexpected{Fault::form};
    if (auto fault = fault_in(client_data, "webauthn.get", challenge, site)) return std::unexpected{*fault};
    if (!is_bounded_assertion(data)) return std::unexpected{Fault::form};
    if (!is_made_for(site, data)) return std::unexpected{Fault::site};

    const auto shown = owned<fido_assert_free>(fido_assert_new());
    const auto hash = crypto::sha256(client_data);
    const bool is_read = fido_assert_set_count(shown.get(), 1) == FIDO_OK &&
                         fido_assert_set_rp(shown.get(), site.id.c_str()) == FIDO_OK &&
                         fido_assert_set_clientdata_hash(shown.get(), hash.data(), hash.size()) == FIDO_OK &&
                         fido_assert_set_authdata_raw(shown.get(), 0, bytes_of(data), data.size()) == FIDO_OK &&
                         fido_assert_set_sig(shown.get(), 0, bytes_of(signature), signature.size()) == FIDO_OK;
    if (!is_read) return std::unexpected{Fault::form};
    const auto flags = fido_assert_flags(shown.get(), 0);
    if ((flags & user_present) == 0) return std::unexpected{Fault::not_present};
    const bool is_signed = with_key(
        key, [&](const auto* read) { return fido_assert_verify(shown.get(), 0, key.algorithm, read) == FIDO_OK; });
    if (!is_signed) return std::unexpected{Fault::signature};
    if (is_contradictory(flags)) return std::unexpected{Fault::form};
    if ((flags & user_verified) == 0) return std::unexpected{Fault::not_verified};
    return Use{.sign_count = fido_assert_sigcount(shown.get(), 0), .backed_up = (flags & backed_up) != 0};
}

}  // namespace mobilytics::webauthn
