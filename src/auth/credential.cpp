#include "src/auth/credential.hpp"

#include <span>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t uuid_length = 26;
constexpr std::size_t secret_length = 2 * uuid_length;
constexpr std::size_t checksum_length = 8;
constexpr std::size_t body_length = 2 * uuid_length + 1 + secret_length + 1 + checksum_length;

std::string checksum_of(std::string_view text) {
    auto digest = crypto::sha256(text);
    return crypto::to_hex(std::span{digest}.first(checksum_length / 2));
}

}  // namespace

std::string random_base32() {
    ids::Uuid bits;
    crypto::fill_random(bits.bytes);
    return ids::to_base32(bits);
}

std::string print_credential(std::string_view prefix, CredentialName name) {
    std::string text{prefix};
    text += ids::to_base32(name.company.uuid);
    text += ids::to_base32(name.id);
    text += '_';
    text += random_base32();
    text += random_base32();
    text += '_';
    text += checksum_of(std::string_view{text}.substr(0, text.size() - 1));
    return text;
}

std::optional<CredentialName> read_credential(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix) || text.size() != prefix.size() + body_length) return std::nullopt;
    std::string_view printed = text.substr(0, text.size() - 1 - checksum_length);
    std::string_view body = text.substr(prefix.size());
    if (body[2 * uuid_length] != '_' || body[body_length - checksum_length - 1] != '_') return std::nullopt;
    if (body.substr(body_length - checksum_length) != checksum_of(printed)) return std::nullopt;
    auto company = ids::from_base32(body.substr(0, uuid_length));
    auto id = ids::from_base32(body.substr(uuid_length, uuid_length));
    if (!company || !id) return std::nullopt;
    return CredentialName{CompanyId{*company}, *id};
}

std::string hint_of(std::string_view prefix, std::string_view text) {
    return std::string{prefix} + "…" + std::string{text.substr(text.size() - 4)};
}

}  // namespace mobilytics::auth
