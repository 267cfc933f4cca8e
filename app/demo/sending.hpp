#pragma once

#include "app/demo/demo.hpp"

namespace mobilytics::demo {

// Simulates the fleet's seven days and posts them to the server's ingest API, each device with its own token, several
// devices at a time. Throws what stood in the way: an answer other than 202, or an item refused.
void send_everything(const DemoFile& file, const Options& options, std::stop_token stop);

}  // namespace mobilytics::demo
