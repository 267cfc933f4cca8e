#pragma once

#include <optional>
#include <string>

namespace mobilytics::db {

// libpq looks names up itself, but waits for the answer with the whole I/O thread. So names are looked up on
// a background thread first, and libpq gets addresses as well; the names stay for the certificate check.
struct Hosts {
    std::string hosts, addresses, ports;  // comma-separated, of equal length
};

// Whether a connection to that server begins with a look-up (not for sockets and plain addresses).
bool needs_look_up(const std::string& conninfo);

// Whether a connection to that server may leave this machine without TLS that verifies whom it talks to
// (sslmode=verify-full), which libpq does not ask for by itself. Sockets and loopback addresses do not leave it.
bool may_be_overheard(const std::string& conninfo);

// Blocks. All addresses of all hosts, in order. Empty when a name is unknown: then libpq may say so.
std::optional<Hosts> look_up(const std::string& conninfo);

}  // namespace mobilytics::db
