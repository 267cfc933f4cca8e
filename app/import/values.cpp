#include <charconv>
#include <chrono>
#include <cmath>
#include <format>
#include <locale>
#include <sstream>

#include "app/import/import.hpp"
#include "platform/clock/zone.hpp"
#include "platform/crypto/digest.hpp"

namespace mobilytics::import {

namespace {

using std::chrono::milliseconds;

std::optional<double> number(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::string from_unix(const std::string& text, double per_second) {
    const auto value = number(text);
    if (!value || std::abs(*value / per_second) > 1e11) return {};
    return clock::to_rfc3339(
        clock::Instant{milliseconds{static_cast<std::int64_t>(std::floor(*value / per_second * 1000))}});
}

// A wall-clock time in the zone; of a time that a clock change repeats, the first.
std::string from_local(const std::string& text, const std::string& format, const std::string& zone) {
    std::istringstream in{text};
    in.imbue(std::locale::classic());
    std::chrono::local_time<milliseconds> local;
    in >> std::chrono::parse(format, local);
    if (in.fail()) return {};
    // Digits beyond milliseconds may follow, nothing else.
    for (char rest = 0; in.get(rest);)
        if (rest < '0' || rest > '9') return {};
    return clock::to_rfc3339(clock::Zone::named(zone).first_at(local));
}

}  // namespace

std::string to_rfc3339(const std::string& text, const std::string& format, const std::string& zone) {
    if (format == "unix") return from_unix(text, 1);
    if (format == "unix_ms") return from_unix(text, 1000);
    if (format == "rfc3339") {
        const auto instant = clock::from_rfc3339(text);
        return instant ? clock::to_rfc3339(*instant) : std::string{};
    }
    if (format != "auto") return from_local(text, format, zone);
    if (const auto instant = clock::from_rfc3339(text)) return clock::to_rfc3339(*instant);
    if (const auto value = number(text)) return from_unix(text, *value > 1e11 ? 1000 : 1);
    for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S"})
        if (auto found = from_local(text, form, zone); !found.empty()) return found;
    return {};
}

double to_mps(double speed, const std::string& unit) {
    if (unit == "kmh") return speed / 3.6;
    if (unit == "mph") return speed * 0.44704;
    if (unit == "knots") return speed * 1852.0 / 3600.0;
    return speed;
}

std::string pseudonym(const std::string& key, const std::string& address, const std::string& at_rfc3339) {
    const auto of_day = crypto::hmac_sha256(key, at_rfc3339.substr(0, 10));
    const std::string day_key{of_day.begin(), of_day.end()};
    const auto digest = crypto::hmac_sha256(day_key, address);
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) text += std::format("{:02x}", digest[i]);
    return text;
}

}  // namespace mobilytics::import
