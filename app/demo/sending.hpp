#pragma once

#include "app/demo/demo.hpp"

namespace mobilytics::demo {

// Simulates the fleet's days and posts them to the server's ingest API, each device with its own token, several
// devices at a time. Throws what stood in the way: an answer other than 202, or an item refused.
void send_everything(const DemoFile& file, const Options& options, std::stop_token stop);

// What the fleet sees from then on, sent as it happens, until asked to stop. `save` keeps how far it came.
void go_on(DemoFile& file, const clock::Clock& clock, const Options& options, const std::function<void()>& save,
           std::stop_token stop);

}  // namespace mobilytics::demo
