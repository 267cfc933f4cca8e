#pragma once

namespace mobilytics::db {

// How busy this process's pools are at the moment, all of them together. Any thread.
struct Usage {
    int connections = 0;  // that there may be
    int in_use = 0;
    int waiting = 0;  // pieces of work, for a connection
};

Usage usage();

}  // namespace mobilytics::db
