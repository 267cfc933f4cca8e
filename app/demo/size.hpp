#pragma once

namespace mobilytics::demo {

// How large the demo is made.
struct Size {
    int vehicles = 40;
    int billboards = 10;
    int days = 14;  // whole local days before the one it is made on
};

}  // namespace mobilytics::demo
