#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mobilytics::webauthn {

// What a browser says of the ceremony ("client data"); the authenticator signs the hash of the JSON that it stood in.
// Source: WebAuthn Level 3, 5.8.1.
struct Ceremony {
    std::string type;       // "webauthn.create" or "webauthn.get"
    std::string challenge;  // its bytes
    std::string origin;
    bool cross_origin = false;  // a frame of another site's page
};

// Nothing for a text that is no such JSON. Members that are not known are left alone, as the standard asks.
std::optional<Ceremony> read_ceremony(std::string_view json);

}  // namespace mobilytics::webauthn
