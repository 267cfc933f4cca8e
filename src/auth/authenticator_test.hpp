#pragma once

#include <array>
#include <cstdint>
#include <format>
#include <string>
#include <string_view>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"
#include "platform/crypto/signature.hpp"

// What a browser and an authenticator do together, with a key of Ed25519: registrations and assertions as toJSON()
// prints them. Its members are what a test may have wrong.
namespace mobilytics::auth {

class TestAuthenticator {
public:
    std::string origin = "https://app.example.com";
    std::string site = "app.example.com";
    std::string id = random(32);
    std::string handle = {};
    std::uint32_t count = 0;
    std::uint8_t flags = 0x05;  // present and verified
    std::string more_client_data = {};

    // The body of POST /v1/passkeys.
    std::string registration(const std::string& challenge, std::string_view name = "Laptop") const {
        const std::string client = client_data("webauthn.create", challenge);
        const std::string key = std::string{"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20", 10} + text(key_.public_key());
        const std::string data = authenticator_data(flags | 0x40U) + std::string(16, '\0') + std::string{"\0", 1} +
                                 static_cast<char>(id.size()) + id + key;
        const std::string object = std::string{"\xa3\x63"} + "fmt" + "\x64" + "none" + "\x67" + "attStmt" + "\xa0" +
                                   "\x68" + "authData" + "\x58" + static_cast<char>(data.size()) + data;
        return std::format(R"({{"name":"{}","credential":{{"id":"{}","rawId":"{}","type":"public-key",)"
                           R"("authenticatorAttachment":"platform","clientExtensionResults":{{}},"response":)"
                           R"({{"clientDataJSON":"{}","attestationObject":"{}","transports":["internal","Odd"]}}}}}})",
                           name, url(id), url(id), url(client), url(object));
    }

    // A member `passkey`; every use counts, unless the authenticator does not.
    std::string assertion(const std::string& challenge) {
        if (count > 0) ++count;
        return again(challenge);
    }

    // The same without counting.
    std::string again(const std::string& challenge) const {
        const std::string client = client_data("webauthn.get", challenge);
        const std::string data = authenticator_data(flags);
        const auto signature = key_.sign(data + text(crypto::sha256(client)));
        const std::string person = handle.empty() ? "null" : '"' + url(handle) + '"';
        return std::format(R"({{"id":"{}","rawId":"{}","type":"public-key","authenticatorAttachment":null,)"
                           R"("clientExtensionResults":{{}},"response":{{"clientDataJSON":"{}",)"
                           R"("authenticatorData":"{}","signature":"{}","userHandle":{}}}}})",
                           url(id), url(id), url(client), url(data), url(text(signature)), person);
    }

private:
    static std::string random(std::size_t size) {
        std::string bytes(size, '\0');
        crypto::fill_random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
        return bytes;
    }
    template <std::size_t N>
    static std::string text(const std::array<std::uint8_t, N>& bytes) {
        return {bytes.begin(), bytes.end()};
    }
    static std::string url(std::string_view bytes) { return crypto::to_base64url(bytes); }

    std::string client_data(std::string_view type, std::string_view challenge) const {
        return std::format(R"({{"type":"{}","challenge":"{}","origin":"{}","crossOrigin":false{}}})", type, challenge,
                           origin, more_client_data);
    }
    std::string authenticator_data(unsigned set) const {
        std::string data = text(crypto::sha256(site)) + static_cast<char>(set);
        for (const int shift : {24, 16, 8, 0}) data += static_cast<char>(count >> shift & 0xFFU);
        return data;
    }

    crypto::SigningKey key_ = crypto::SigningKey::made();
};

}  // namespace mobilytics::auth
