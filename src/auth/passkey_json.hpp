#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/json/describe.hpp"
#include "src/auth/passkey.hpp"

// What navigator.credentials.get gives, in the form of its toJSON(): members are named as WebAuthn Level 3, 5.1, names
// them, and bytes are base64url. Two routes take it.
namespace mobilytics::auth {

using ExtensionResults = std::optional<std::map<std::string, glz::raw_json>>;

struct AssertionResponseIn {
    std::string clientDataJSON;
    std::string authenticatorData;
    std::string signature;
    std::optional<std::string> userHandle;

    static constexpr json::Field about[] = {{.name = "clientDataJSON", .max_length = 6000},
                                            {.name = "authenticatorData", .max_length = 6000},
                                            {.name = "signature", .max_length = 1500},
                                            {.name = "userHandle", .max_length = 100}};
};

struct AssertedPasskeyIn {
    std::string id;
    std::optional<std::string> rawId;
    std::string type;
    AssertionResponseIn response;
    std::optional<std::string> authenticatorAttachment;
    ExtensionResults clientExtensionResults;

    static constexpr json::Field about[] = {
        {.name = "id", .max_length = 1400},
        {.name = "rawId", .description = "The same as id.", .max_length = 1400},
        {.name = "type", .description = "public-key"},
        {.name = "clientExtensionResults", .description = "No extension is asked for, and none is looked at."}};
};

// Bytes of base64url; 422 auth.invalid_passkey with the pointer of what is none.
std::string bytes_of_base64url(std::string_view text, std::string_view pointer);
// 422 auth.invalid_passkey for another type.
void check_type_of_passkey(std::string_view type, std::string_view pointer);
std::optional<ShownPasskey> shown_passkey(const std::optional<AssertedPasskeyIn>& given, const std::string& pointer);

}  // namespace mobilytics::auth
