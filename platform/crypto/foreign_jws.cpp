#include "platform/crypto/foreign_jws.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "platform/crypto/encoding.hpp"

namespace mobilytics::crypto {

namespace {

template <auto Release>
struct With {
    template <class T>
    void operator()(T* object) const {
        Release(object);
    }
};
template <class T, auto Release>
using Owned = std::unique_ptr<T, With<Release>>;

// What OpenSSL notes of a failure stays with the thread, where other users of it would take it for theirs.
struct Quiet {
    ~Quiet() { ERR_clear_error(); }
};

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Owned<BIGNUM, BN_free> number(std::string_view text) {
    return Owned<BIGNUM, BN_free>{BN_bin2bn(bytes(text), static_cast<int>(text.size()), nullptr)};
}

bool is_usable(const BIGNUM& modulus, const BIGNUM& exponent) {
    const auto bits = static_cast<std::size_t>(BN_num_bits(&modulus));
    return bits >= RsaKey::least_bits && bits <= RsaKey::most_bits && BN_is_odd(&modulus) != 0 &&
           BN_is_odd(&exponent) != 0 && BN_is_one(&exponent) == 0 && BN_num_bits(&exponent) <= 32;
}

}  // namespace

void RsaKey::Free::operator()(void* key) const { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); }

std::optional<ForeignJws> read_foreign(std::string_view text) {
    if (text.size() > longest_foreign_jws || std::ranges::count(text, '.') != 2) return std::nullopt;
    const auto first = text.find('.'), second = text.rfind('.');
    auto header = from_base64url(text.substr(0, first));
    auto payload = from_base64url(text.substr(first + 1, second - first - 1));
    auto signature = from_base64url(text.substr(second + 1));
    if (!header || !payload || !signature) return std::nullopt;
    return ForeignJws{*std::move(header), *std::move(payload), std::string{text.substr(0, second)},
                      *std::move(signature)};
}

std::optional<RsaKey> RsaKey::from(std::string_view modulus, std::string_view exponent) {
    if (modulus.size() > most_bits / 8 + 1 || exponent.size() > 8) return std::nullopt;
    const Quiet quiet;
    const auto n = number(modulus), e = number(exponent);
    if (!n || !e || !is_usable(*n, *e)) return std::nullopt;
    const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return std::nullopt;
    const Owned<OSSL_PARAM, OSSL_PARAM_free> params{OSSL_PARAM_BLD_to_param(builder.get())};
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
    EVP_PKEY* made = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return std::nullopt;
    return RsaKey{std::shared_ptr<void>{made, Free{}}};
}

bool RsaKey::verifies(std::string_view text, std::string_view signature) const {
    const Quiet quiet;
    auto* key = static_cast<EVP_PKEY*>(key_.get());
    // A signature is as long as its key, leading zeros included.
    if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) return false;
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* padding = nullptr;  // the context's own
    return context && EVP_DigestVerifyInit(context.get(), &padding, EVP_sha256(), nullptr, key) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PADDING) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

bool holds(const ForeignJws& jws, const RsaKey& key) { return key.verifies(jws.signed_text, jws.signature); }

}  // namespace mobilytics::crypto
