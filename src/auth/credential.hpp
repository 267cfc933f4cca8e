#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/auth/ids.hpp"

// Keys and tokens as they are printed, once: `<prefix><company><id>_<secret>_<checksum>`. Company and row are in the
// text, so a lookup goes by primary key inside one company's scope and never searches across companies; the checksum
// lets garbage be refused without a database. Only the SHA-256 of the whole text is stored.
namespace mobilytics::auth {

inline constexpr std::string_view api_key_prefix = "mob_live_";
inline constexpr std::string_view staff_key_prefix = "mob_staff_";  // of no company: the nil one
inline constexpr std::string_view refresh_token_prefix = "mob_refresh_";
inline constexpr std::string_view access_token_start = "eyJ";  // a JSON object in base64url: no prefix of ours
inline constexpr std::string_view invitation_prefix = "mob_inv_";
inline constexpr std::string_view device_token_prefix = "mob_dev_";

struct CredentialName {
    CompanyId company;
    ids::Uuid id;
    bool operator==(const CredentialName&) const = default;
};

// 128 random bits in 26 characters; none of them ends a double click's selection, as base64url's do.
std::string random_base32();

// A new credential with 256 random bits.
std::string print_credential(std::string_view prefix, CredentialName name);

// Whose row the text claims to be; empty unless prefix, form and checksum are right. Proves nothing by itself.
std::optional<CredentialName> read_credential(std::string_view prefix, std::string_view text);

// "mob_live_…ab12": enough to tell keys apart in a list.
std::string hint_of(std::string_view prefix, std::string_view text);

}  // namespace mobilytics::auth
