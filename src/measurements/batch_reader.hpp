#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/measurements/acceptance.hpp"

// The two forms of a batch on the wire (JSON and NDJSON) as items. Part of the routes: JSON is read here only.
namespace mobilytics::measurements {

// One item that was read by itself; a fault stands where it could not be read.
struct BatchItem {
    std::int64_t index = 0;
    Stream stream = Stream::position;
    PositionIn position;
    SightingIn sighting;
    HeartbeatIn heartbeat;
    struct Fault {
        Reason reason;
        std::string detail;
    };
    std::optional<Fault> fault;
};

// The texts in the items point into the body.
struct BatchText {
    std::string batch;
    // A JSON batch in which all items could be read has them here; any other has them in `items`.
    std::vector<PositionIn> positions;
    std::vector<SightingIn> sightings;
    std::vector<HeartbeatIn> heartbeats;
    std::vector<BatchItem> items;
    std::vector<std::string> devices;  // the distinct device texts in it
};

// Refuses the whole batch only when it is no batch at all (malformed, no batch id, too many items).
BatchText read_json_batch(std::string_view body);
BatchText read_ndjson_batch(std::string_view body);

// Hands every item to the acceptance.
void judge(Acceptance& acceptance, const BatchText& text);

}  // namespace mobilytics::measurements
