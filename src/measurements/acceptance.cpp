#include "src/measurements/acceptance.hpp"

#include <algorithm>
#include <cmath>

#include "src/devices/ids.hpp"

namespace mobilytics::measurements {

namespace {

constexpr std::int64_t weakest_dbm = -110;
constexpr std::int64_t strongest_dbm = -20;
constexpr double largest_real = 1e30;  // stored as 4-byte reals; anything beyond is no measurement
constexpr std::size_t longest_firmware = 64;

bool storable(const std::optional<double>& value) {
    return !value || (std::isfinite(*value) && std::abs(*value) < largest_real);
}

std::string missing(std::string_view field) { return std::string{field} + " is missing"; }

}  // namespace

void Acceptance::refuse(std::int64_t index, Stream stream, Reason reason, std::string detail) {
    rejections_.push_back({index, stream, reason, std::move(detail)});
}

std::optional<ids::Uuid> Acceptance::device_of(std::int64_t index, Stream stream,
                                               const std::optional<std::string_view>& text) {
    if (!text && !court_.only_device) {
        refuse(index, stream, Reason::missing_field, missing("device"));
        return std::nullopt;
    }
    const auto name = text.value_or("");  // of one's own device, which may stay unnamed
    if (last_device_ && name == last_text_) return last_device_;
    const auto named =
        text ? DeviceId::parse(*text).transform([](const DeviceId& id) { return id.uuid; }) : court_.only_device;
    if (!named) {
        refuse(index, stream, Reason::bad_value, "device is no device id (dev_...)");
        return std::nullopt;
    }
    if (court_.only_device && *named != *court_.only_device) {
        refuse(index, stream, Reason::not_your_device, "this token belongs to another device");
        return std::nullopt;
    }
    switch (court_.standing_of(*named)) {
        case Standing::unknown:
            refuse(index, stream, Reason::unknown_device, "no such device in this company");
            return std::nullopt;
        case Standing::disabled:
            refuse(index, stream, Reason::device_disabled, "the device is disabled");
            return std::nullopt;
        case Standing::usable:
            break;
    }
    last_text_ = name;
    last_device_ = named;
    return last_device_;
}

std::optional<Acceptance::Origin> Acceptance::origin(std::int64_t index, Stream stream,
                                                     const std::optional<std::string_view>& device,
                                                     const std::optional<std::string_view>& at) {
    auto known = device_of(index, stream, device);
    if (!known) return std::nullopt;
    if (!at) {
        refuse(index, stream, Reason::missing_field, missing("at"));
        return std::nullopt;
    }
    auto instant = clock::from_rfc3339(*at);
    if (!instant) {
        refuse(index, stream, Reason::bad_value, "at: " + instant.error());
        return std::nullopt;
    }
    if (*instant > court_.now + court_.limits.ahead) {
        refuse(index, stream, Reason::too_far_ahead, "at lies in the future of the server's clock");
        return std::nullopt;
    }
    if (court_.limits.behind && *instant < court_.now - *court_.limits.behind) {
        refuse(index, stream, Reason::too_old, "at is older than the server accepts");
        return std::nullopt;
    }
    return Origin{*known, *instant};
}

void Acceptance::take(std::int64_t index, const PositionIn& item) {
    constexpr auto stream = Stream::position;
    auto from = origin(index, stream, item.device, item.at);
    if (!from) return;
    if (!item.lat || !item.lon) return refuse(index, stream, Reason::missing_field, missing(item.lat ? "lon" : "lat"));
    const double lat = *item.lat;
    const double lon = *item.lon;
    // Written so that NaN is refused too.
    if (!(std::abs(lat) <= 90) || !(std::abs(lon) <= 180) || (lat == 0 && lon == 0))
        return refuse(index, stream, Reason::position_out_of_range,
                      "lat must be in [-90, 90], lon in [-180, 180], not both 0");
    if (!storable(item.speed_mps) || !storable(item.heading_deg) || !storable(item.accuracy_m))
        return refuse(index, stream, Reason::bad_value, "speed_mps, heading_deg and accuracy_m must be finite");
    records_.positions.push_back({from->device, from->at, lat, lon, item.speed_mps, item.heading_deg, item.accuracy_m});
}

void Acceptance::take(std::int64_t index, const SightingIn& item) {
    constexpr auto stream = Stream::sighting;
    auto from = origin(index, stream, item.device, item.at);
    if (!from) return;
    if (!item.visitor || !item.rssi_dbm)
        return refuse(index, stream, Reason::missing_field, missing(item.visitor ? "rssi_dbm" : "visitor"));
    auto visitor = visitor_from_hex(*item.visitor);
    if (!visitor)
        return refuse(index, stream, Reason::bad_value, "visitor must be exactly 16 lower-case hexadecimal digits");
    if (*item.rssi_dbm < weakest_dbm || *item.rssi_dbm > strongest_dbm)
        return refuse(index, stream, Reason::rssi_out_of_range, "rssi_dbm must be in [-110, -20]");
    records_.sightings.push_back(
        {from->device, {from->at, *visitor, static_cast<std::int16_t>(*item.rssi_dbm)}, item.randomized});
}

void Acceptance::take(std::int64_t index, const HeartbeatIn& item) {
    constexpr auto stream = Stream::heartbeat;
    auto from = origin(index, stream, item.device, item.at);
    if (!from) return;
    if (!item.firmware) return refuse(index, stream, Reason::missing_field, missing("firmware"));
    if (item.firmware->size() > longest_firmware || item.firmware->contains('\0'))
        return refuse(index, stream, Reason::bad_value, "firmware is at most 64 bytes of text");
    if (!storable(item.battery) || !storable(item.temperature))
        return refuse(index, stream, Reason::bad_value, "battery and temperature must be finite");
    records_.heartbeats.push_back(
        {from->device, from->at, *item.firmware, item.battery, item.temperature, item.queue_depth});
}

namespace {

struct Touch {
    ids::Uuid device;
    Instant at;
    auto operator<=>(const Touch&) const = default;
};

void collect(std::vector<Touch> touches, bool DirtySpan::* stream, std::vector<DirtySpan>& spans) {
    std::ranges::sort(touches);
    for (const Touch& touch : touches) {
        const Instant end = touch.at + std::chrono::milliseconds{1};
        const bool goes_on = !spans.empty() && spans.back().*stream && spans.back().device == touch.device &&
                             touch.at - spans.back().span.to < std::chrono::hours{1};
        if (goes_on) {
            spans.back().span.to = end;
        } else {
            DirtySpan span{.device = touch.device, .span = {touch.at, end}};
            span.*stream = true;
            spans.push_back(span);
        }
    }
}

}  // namespace

std::vector<DirtySpan> touched_spans(const Records& records) {
    std::vector<Touch> positions, visits, coverage;
    for (const auto& position : records.positions) positions.push_back({position.device, position.at});
    for (const auto& seen : records.sightings) visits.push_back({seen.device, seen.sighting.at});
    for (const auto& beat : records.heartbeats) coverage.push_back({beat.device, beat.at});
    std::vector<DirtySpan> spans;
    collect(std::move(positions), &DirtySpan::positions, spans);
    collect(std::move(visits), &DirtySpan::visits, spans);
    collect(std::move(coverage), &DirtySpan::coverage, spans);
    return spans;
}

}  // namespace mobilytics::measurements
