#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/crypto/encoding.hpp"

// What a provider signs with: a key of RSA, and texts in JWS compact form that may be wrong in any way.
namespace mobilytics::crypto {

class RsaSigner {
public:
    explicit RsaSigner(unsigned bits = 2048) : key_{EVP_RSA_gen(bits), EVP_PKEY_free} {
        if (!key_) throw std::runtime_error{"no RSA key"};
    }

    std::string modulus() const { return number(OSSL_PKEY_PARAM_RSA_N); }
    std::string exponent() const { return number(OSSL_PKEY_PARAM_RSA_E); }

    // A member of a JWK Set; `more` is put behind: R"(,"use":"sig")".
    std::string jwk(std::string_view id, std::string_view more = "") const {
        return std::string{R"({"kty":"RSA","kid":")"}
            .append(id)
            .append(R"(","n":")")
            .append(to_base64url(modulus()))
            .append(R"(","e":")")
            .append(to_base64url(exponent()))
            .append("\"")
            .append(more)
            .append("}");
    }

    std::string sign(std::string_view text, const EVP_MD* digest = EVP_sha256(),
                     int padding = RSA_PKCS1_PADDING) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
        EVP_PKEY_CTX* settings = nullptr;
        std::size_t size = 0;
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
        if (EVP_DigestSignInit(context.get(), &settings, digest, nullptr, key_.get()) != 1 ||
            EVP_PKEY_CTX_set_rsa_padding(settings, padding) != 1 ||
            EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
            throw std::runtime_error{"cannot sign"};
        std::string signature(size, '\0');
        if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                           text.size()) != 1)
            throw std::runtime_error{"cannot sign"};
        return signature;
    }

    std::string jws(std::string_view header, std::string_view payload) const {
        const std::string text = to_base64url(header) + "." + to_base64url(payload);
        return text + "." + to_base64url(sign(text));
    }

private:
    std::string number(const char* name) const {
        BIGNUM* found = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &found);
        const std::unique_ptr<BIGNUM, decltype(&BN_free)> owned{found, BN_free};
        std::string bytes(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
        BN_bn2bin(found, reinterpret_cast<unsigned char*>(bytes.data()));
        return bytes;
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace mobilytics::crypto
