#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"
#include "src/measurements/records.hpp"

// Which items of a batch are kept (measurement.md 1): each is judged alone, by values only.
namespace mobilytics::measurements {

// One item as it was sent; what the sender left out is absent. Texts point into the request body.
struct PositionIn {
    std::optional<std::string_view> kind;  // of an NDJSON line; repeats what the list says in JSON
    std::optional<std::string_view> device;
    std::optional<std::string_view> at;
    std::optional<double> lat;
    std::optional<double> lon;
    std::optional<double> speed_mps;
    std::optional<double> heading_deg;
    std::optional<double> accuracy_m;
};

struct SightingIn {
    std::optional<std::string_view> kind;  // of an NDJSON line; repeats what the list says in JSON
    std::optional<std::string_view> device;
    std::optional<std::string_view> at;
    std::optional<std::string_view> visitor;
    std::optional<std::int64_t> rssi_dbm;
    std::optional<bool> randomized;
};

struct HeartbeatIn {
    std::optional<std::string_view> kind;  // of an NDJSON line; repeats what the list says in JSON
    std::optional<std::string_view> device;
    std::optional<std::string_view> at;
    std::optional<std::string> firmware;
    std::optional<double> battery;
    std::optional<double> temperature;
    std::optional<std::int64_t> queue_depth;
};

enum class Stream { position, sighting, heartbeat };

enum class Reason {
    unknown_field,
    missing_field,
    bad_value,
    unknown_device,
    device_disabled,
    not_your_device,
    rssi_out_of_range,
    position_out_of_range,
    too_far_ahead,
    too_old,
};

struct Rejection {
    std::int64_t index = 0;  // 0-based within the stream of a JSON batch, or among the items of an NDJSON one
    Stream stream = Stream::position;
    Reason reason = Reason::bad_value;
    std::string detail;
};

enum class Standing { unknown, usable, disabled };

struct DeviceSighting {
    ids::Uuid device;
    Sighting sighting;
    std::optional<bool> randomized;
};

struct Heartbeat {
    ids::Uuid device;
    Instant at;
    std::string firmware;
    std::optional<double> battery;
    std::optional<double> temperature;
    std::optional<std::int64_t> queue_depth;
};

// Records of one company that passed, ready to be stored.
struct Records {
    std::vector<Position> positions;
    std::vector<DeviceSighting> sightings;
    std::vector<Heartbeat> heartbeats;

    std::size_t size() const { return positions.size() + sightings.size() + heartbeats.size(); }
};

struct AgeLimits {
    std::chrono::milliseconds ahead = std::chrono::minutes{5};
    std::optional<std::chrono::milliseconds> behind = std::chrono::days{90};  // none: an import has no age limit
};

// What judging needs to know of the world.
struct Court {
    Instant now;
    AgeLimits limits;
    std::optional<ids::Uuid> only_device;                   // a device speaks for itself alone
    std::function<Standing(const ids::Uuid&)> standing_of;  // devices of the caller's company
};

// Judges item by item; keeps what passes and says of the rest why not.
class Acceptance {
public:
    explicit Acceptance(Court court) : court_{std::move(court)} {}

    void take(std::int64_t index, const PositionIn& item);
    void take(std::int64_t index, const SightingIn& item);
    void take(std::int64_t index, const HeartbeatIn& item);
    void refuse(std::int64_t index, Stream stream, Reason reason, std::string detail);

    const Records& records() const { return records_; }
    Records take_records() { return std::move(records_); }
    const std::vector<Rejection>& rejections() const { return rejections_; }

private:
    struct Origin {
        ids::Uuid device;
        Instant at;
    };

    std::optional<Origin> origin(std::int64_t index, Stream stream, const std::optional<std::string_view>& device,
                                 const std::optional<std::string_view>& at);
    std::optional<ids::Uuid> device_of(std::int64_t index, Stream stream, const std::optional<std::string_view>& text);

    Court court_;
    Records records_;
    std::vector<Rejection> rejections_;
    // Items of one batch mostly share a device: the last answer is kept.
    std::string last_text_;
    std::optional<ids::Uuid> last_device_;
};

// A span of time in which what was derived from a device's records, or of an asset, may be out of date.
struct DirtySpan {
    std::optional<ids::Uuid> device;  // with none and no asset either: the whole company
    std::optional<ids::Uuid> asset = std::nullopt;
    Window span;
    bool positions = false;  // the track of the assets it was on
    bool visits = false;     // the visits that start then
    bool coverage = false;   // the roll-up rows
};

// The spans that these records touch, per device and stream; an hour or more without a record parts two spans.
std::vector<DirtySpan> touched_spans(const Records& records);

}  // namespace mobilytics::measurements
