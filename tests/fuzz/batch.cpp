// Any body of POST /v1/ingest/batch: what is kept is as the method says, and no item gets lost.
#include <cmath>

#include "platform/json/escape.hpp"
#include "platform/problem/problem.hpp"
#include "src/devices/ids.hpp"
#include "src/measurements/batch_reader.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

using namespace mobilytics;
using namespace mobilytics::measurements;
using fuzz::holds;

const ids::Uuid usable = DeviceId::parse("dev_01jzzzzzzzzzzzzzzzzzzzzzzz").value().uuid;
const ids::Uuid disabled = DeviceId::parse("dev_01jyyyyyyyyyyyyyyyyyyyyyyy").value().uuid;
const clock::Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();

Court court(std::optional<ids::Uuid> only) {
    return {
        now, {}, only, [](const ids::Uuid& device) {
            return device == usable ? Standing::usable : device == disabled ? Standing::disabled : Standing::unknown;
        }};
}

void check_origin(const ids::Uuid& device, clock::Instant at) {
    holds(device == usable, "records of a usable device of the caller");
    const AgeLimits limits;
    holds(at <= now + limits.ahead && at >= now - *limits.behind, "a time that the server accepts");
}

void check_real(const std::optional<double>& value) {
    holds(!value || (std::isfinite(*value) && std::abs(*value) <= 1e30), "a number that can be stored");
}

void check(const Records& records) {
    for (const auto& position : records.positions) {
        check_origin(position.device, position.at);
        holds(std::abs(position.lat) <= 90 && std::abs(position.lon) <= 180, "a place on Earth");
        holds(position.lat != 0 || position.lon != 0, "a place that a receiver can mean");
        for (const auto& value : {position.speed_mps, position.heading_deg, position.accuracy_m}) check_real(value);
    }
    for (const auto& [device, sighting, randomized] : records.sightings) {
        check_origin(device, sighting.at);
        holds(sighting.rssi_dbm >= -110 && sighting.rssi_dbm <= -20, "a strength that a radio can hear");
    }
    for (const auto& beat : records.heartbeats) {
        check_origin(beat.device, beat.at);
        holds(beat.firmware.size() <= 64 && !beat.firmware.contains('\0') && json::is_utf8(beat.firmware),
              "a firmware");
        for (const auto& value : {beat.battery, beat.temperature}) check_real(value);
    }
}

void take(BatchText (*read)(std::string_view), std::string_view body, std::optional<ids::Uuid> only) {
    try {
        const auto text = read(body);
        holds(
            !text.batch.empty() && text.batch.size() <= 128 && !text.batch.contains('\0') && json::is_utf8(text.batch),
            "an id of the batch that can be stored");
        Acceptance acceptance{court(only)};
        judge(acceptance, text);
        const auto items = text.positions.size() + text.sightings.size() + text.heartbeats.size() + text.items.size();
        holds(items <= 5000, "no more items than a batch may hold");
        holds(acceptance.records().size() + acceptance.rejections().size() == items, "each item is kept or refused");
        check(acceptance.records());
    } catch (const Problem&) {
        // A whole batch is refused with a problem; any other exception would be a 500.
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto body = fuzz::text_of(data, size);
    for (const auto read : {read_json_batch, read_ndjson_batch})
        for (const auto& only : {std::optional<ids::Uuid>{}, std::optional{usable}}) take(read, body, only);
    return 0;
}
