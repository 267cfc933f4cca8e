#include "platform/webauthn/webauthn.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "platform/crypto/encoding.hpp"
#include "platform/webauthn/cbor_bounds.hpp"
#include "platform/webauthn/ceremony.hpp"
#include "platform/webauthn/vectors_test.hpp"

namespace mobilytics::webauthn {

namespace {

const Site site{"https://example.org", "example.org"};

std::string bytes_of(std::string_view hex) {
    const auto bytes = crypto::from_hex(hex).value();
    return {bytes.begin(), bytes.end()};
}

Registration registration_of(const Vector& vector) {
    return {bytes_of(vector.client_data), bytes_of(vector.attestation_object)};
}

Assertion assertion_of(const Vector& vector) {
    return {bytes_of(vector.next_client_data), bytes_of(vector.authenticator_data), bytes_of(vector.signature)};
}

PublicKey key_of(const Vector& vector) {
    if (!vector.key.empty()) return {vector.algorithm, bytes_of(vector.key)};
    return verify(site, bytes_of(vector.challenge), registration_of(vector)).value().key;
}

const Vector& vector_named(std::string_view part) {
    return *std::ranges::find_if(vectors, [&](const Vector& vector) { return vector.name.contains(part); });
}

void flip(char& byte) { byte = static_cast<char>(byte ^ 1); }

template <class T>
std::optional<Fault> fault_of(const std::expected<T, Fault>& judged) {
    return judged ? std::nullopt : std::optional{judged.error()};
}

TEST(WebAuthn, takes_the_registrations_of_the_standard) {
    for (const Vector& vector : vectors) {
        if (vector.attestation_object.empty()) continue;
        const auto made = verify(site, bytes_of(vector.challenge), registration_of(vector));
        EXPECT_EQ(fault_of(made), vector.registration_fault) << vector.name;
        if (!made) continue;
        EXPECT_EQ(made->id.size(), 32) << vector.name;
        if (vector.key.empty()) continue;
        EXPECT_EQ(made->key.bytes, bytes_of(vector.key)) << vector.name;
    }
    const auto& self = vector_named("packed-self");
    const auto made = verify(site, bytes_of(self.challenge), registration_of(self)).value();
    EXPECT_EQ(made.aaguid, bytes_of("df850e09db6afbdfab51697791506cfc"));
    EXPECT_EQ(made.key.algorithm, -7);
    EXPECT_TRUE(made.backup_eligible && made.backed_up);
    EXPECT_EQ(made.sign_count, 0);
}

TEST(WebAuthn, takes_the_assertions_of_the_standard) {
    for (const Vector& vector : vectors) {
        if (vector.signature.empty()) continue;
        const auto used = verify(site, bytes_of(vector.next_challenge), assertion_of(vector), key_of(vector));
        EXPECT_EQ(fault_of(used), vector.assertion_fault) << vector.name;
    }
    const auto& rsa = vector_named("Node");
    const auto used = verify(site, bytes_of(rsa.next_challenge), assertion_of(rsa), key_of(rsa)).value();
    EXPECT_EQ(used.sign_count, 5);
    EXPECT_TRUE(used.backed_up);
}

// Everything is signed here, so that no byte may differ but four: the statement says again which algorithm it is signed
// with, and libfido2 goes by the key.
TEST(WebAuthn, refuses_a_registration_with_any_byte_changed) {
    const auto& vector = vector_named("packed-self");
    const auto challenge = bytes_of(vector.challenge);
    const auto label = bytes_of(vector.attestation_object).find("alg");
    for (const auto part : {&Registration::client_data, &Registration::attestation_object}) {
        const auto size = (registration_of(vector).*part).size();
        for (std::size_t i = 0; i < size; ++i) {
            auto changed = registration_of(vector);
            flip((changed.*part)[i]);
            const bool is_label = part == &Registration::attestation_object && i >= label && i < label + 4;
            EXPECT_EQ(verify(site, challenge, changed).has_value(), is_label) << i;
            changed = registration_of(vector);
            (changed.*part).resize(i);
            EXPECT_FALSE(verify(site, challenge, changed)) << "cut at " << i;
        }
    }
}

TEST(WebAuthn, refuses_an_assertion_with_any_byte_changed) {
    const auto& vector = vector_named("long-credential-id");
    const auto challenge = bytes_of(vector.next_challenge);
    const auto key = key_of(vector);
    ASSERT_TRUE(verify(site, challenge, assertion_of(vector), key));
    for (const auto part : {&Assertion::client_data, &Assertion::authenticator_data, &Assertion::signature}) {
        const auto size = (assertion_of(vector).*part).size();
        for (std::size_t i = 0; i < size; ++i) {
            auto changed = assertion_of(vector);
            flip((changed.*part)[i]);
            EXPECT_FALSE(verify(site, challenge, changed, key)) << i;
            changed = assertion_of(vector);
            (changed.*part).resize(i);
            EXPECT_FALSE(verify(site, challenge, changed, key)) << "cut at " << i;
        }
    }
}

TEST(WebAuthn, says_what_is_wrong) {
    const auto& vector = vector_named("long-credential-id");
    const auto challenge = bytes_of(vector.next_challenge);
    const auto shown = assertion_of(vector);
    const auto key = key_of(vector);
    const auto judged = [&](const Site& where, const std::string& asked, const Assertion& given, const PublicKey& by) {
        return fault_of(verify(where, asked, given, by));
    };
    EXPECT_EQ(judged({site.origin, "example.com"}, challenge, shown, key), Fault::site);
    EXPECT_EQ(judged({"https://example.org:8443", site.id}, challenge, shown, key), Fault::origin);
    EXPECT_EQ(judged({"http://example.org", site.id}, challenge, shown, key), Fault::origin);
    EXPECT_EQ(judged(site, challenge + "x", shown, key), Fault::challenge);
    EXPECT_EQ(judged(site, "", shown, key), Fault::challenge);
    auto other = key;
    other.bytes = bytes_of(vector_named("none.ES256").key);
    EXPECT_EQ(judged(site, challenge, shown, other), Fault::signature);
    EXPECT_EQ(judged(site, challenge, shown, {-8, key.bytes}), Fault::signature) << "another algorithm";
    EXPECT_EQ(judged(site, challenge, shown, {-35, key.bytes}), Fault::signature) << "one that is not offered";
    EXPECT_EQ(judged(site, challenge, shown, {-7, "short"}), Fault::signature);
    EXPECT_EQ(judged(site, challenge, shown, {-7, std::string(64, '\1')}), Fault::signature) << "not on the curve";
    auto created = shown;
    created.client_data = bytes_of(vector_named("packed-self").client_data);
    EXPECT_EQ(judged(site, bytes_of(vector_named("packed-self").challenge), created, key), Fault::type);
    auto large = shown;
    large.authenticator_data.resize(largest_authenticator_data + 1);
    EXPECT_EQ(judged(site, challenge, large, key), Fault::form);
}

// libcbor makes room for what an array claims to hold before it looks whether that came.
TEST(WebAuthn, refuses_lengths_that_do_not_fit) {
    for (const char* object : {"", "9a5d9892dd", "bf", "a1", "a16161", "a161619bffffffffffffffff", "5bffffffffffffffff",
                               "9f01ff", "c000", "818181818181818181818181", "a0ff", "baffffffff6161",
                               "a16161582500000000000000000000000000000000000000000000000000000000000000000000000000"})
        EXPECT_FALSE(is_bounded_attestation(bytes_of(object))) << object;
    const auto start = bytes_of(vector_named("packed-self").authenticator_data).substr(0, 32);
    const auto with = [&](std::string_view more) { return is_bounded_assertion(start + bytes_of(more)); };
    EXPECT_TRUE(with("0500000000"));
    EXPECT_TRUE(with("8500000000a0"));
    EXPECT_TRUE(with("8500000000a16161820102"));
    EXPECT_FALSE(with("05000000"));
    EXPECT_FALSE(with("0500000000a0"));
    EXPECT_FALSE(with("8500000000"));
    EXPECT_FALSE(with("85000000009a5d9892dd"));
    EXPECT_FALSE(with("8500000000a0a0"));
    EXPECT_FALSE(with("4500000000a0"));
    const auto& vector = vector_named("packed-self");
    auto object = bytes_of(vector.attestation_object);
    EXPECT_TRUE(is_bounded_attestation(object));
    object[object.find("\xa5\x01\x02")] = '\xbb';
    EXPECT_FALSE(is_bounded_attestation(object)) << "inside of the authenticator data";
}

TEST(WebAuthn, reads_client_data_and_leaves_alone_what_it_does_not_know) {
    const auto read = [](std::string_view text) { return read_ceremony(text); };
    const auto data = read(R"({"type":"webauthn.get","challenge":"AAEC","origin":"https://x.example","a":{"b":[1]}})");
    ASSERT_TRUE(data);
    EXPECT_EQ(data->challenge, std::string("\0\1\2", 3));
    EXPECT_FALSE(data->cross_origin);
    EXPECT_TRUE(read(R"({"type":"t","challenge":"AAEC","origin":"o","crossOrigin":true})")->cross_origin);
    EXPECT_TRUE(read(R"({"type":"t","challenge":"AAEC","origin":"o","topOrigin":"https://y.example"})")->cross_origin);
    for (const char* text :
         {"", "null", "[]", "{}", R"({"type":"t","origin":"o"})", R"({"type":"t","challenge":"AAEC=","origin":"o"})",
          R"({"type":"t","challenge":"AAEC","origin":"o"} x)", R"({"type":"t","challenge":1,"origin":"o"})"})
        EXPECT_FALSE(read(text)) << text;
}

TEST(WebAuthn, knows_the_site_of_an_address) {
    const auto printed = [](std::string_view url) {
        const auto [origin, id] = site_of(url);
        return origin + " " + id;
    };
    EXPECT_EQ(printed("https://app.example.com"), "https://app.example.com app.example.com");
    EXPECT_EQ(printed("https://App.Example.com:443/x?y"), "https://app.example.com app.example.com");
    EXPECT_EQ(printed("https://app.example.com:8443"), "https://app.example.com:8443 app.example.com");
    EXPECT_EQ(printed("http://localhost:8080"), "http://localhost:8080 localhost");
    EXPECT_EQ(printed("http://localhost:80"), "http://localhost localhost");
    EXPECT_EQ(printed("https://[::1]:8443"), "https://[::1]:8443 [::1]");
    EXPECT_EQ(printed("https://[::1]"), "https://[::1] [::1]");
}

}  // namespace

}  // namespace mobilytics::webauthn
