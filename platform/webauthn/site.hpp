#pragma once

#include <string>
#include <string_view>

namespace mobilytics::webauthn {

// Where passkeys belong: pages of this origin use those that were made for this id.
struct Site {
    std::string origin;  // as browsers print it: "https://app.example.com", the usual port left out
    std::string id;      // its host; browsers take a name, and no address
};

// Of the address where people reach the pages.
Site site_of(std::string_view url);

}  // namespace mobilytics::webauthn
