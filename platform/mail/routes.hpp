#pragma once

#include <filesystem>
#include <string_view>

// The page of letters that were not sent: GET /dev/mail, /dev/mail.json and /dev/mail/{name} (the .eml). A letter may
// let its reader into an account, so the page is for the person at the machine alone. These routes are added only where
// no mail server is configured and the server listens on loopback without a public address; each request must moreover
// come from this machine, name it in Host (a page of another site cannot), and have passed no proxy.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::mail {

// Whether an address to listen on, or the host of a URL, can be reached from this machine only.
bool is_loopback(std::string_view host);

void add_routes(http::Router& router, std::filesystem::path folder);

}  // namespace mobilytics::mail
