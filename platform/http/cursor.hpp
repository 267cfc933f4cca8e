#pragma once

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"

// Opaque cursors for keyset paging: the sort key of the last row sent, as URL-safe text. A cursor is never an
// authorisation; whoever reads it still passes the caller's company to the store.
//
//   page.next_cursor = http::encode_cursor(last.created_at, last.id);
//   auto [created_at, id] = http::decode_cursor<clock::Instant, CampaignId>(text);
namespace mobilytics::http {

namespace cursor {

std::string pack(const std::vector<std::string>& parts);
// Throws Problem invalid "http.bad_cursor" (pointer "?cursor") unless it is a cursor of that many parts.
std::vector<std::string> unpack(std::string_view text, std::size_t parts);
[[noreturn]] void refuse();

inline std::string print(const std::string& value) { return value; }
inline std::string print(std::string_view value) { return std::string{value}; }
inline std::string print(clock::Instant value) { return std::to_string(value.time_since_epoch().count()); }
template <std::integral T>
std::string print(T value) {
    return std::to_string(value);
}
template <class Tag>
std::string print(const ids::Id<Tag>& value) {
    return value.text();
}

template <class T>
T parse(const std::string& text) {
    if constexpr (std::same_as<T, std::string>) {
        return text;
    } else if constexpr (std::same_as<T, clock::Instant>) {
        const clock::Instant at{clock::Milliseconds{parse<std::int64_t>(text)}};
        // A time that cannot be printed is none of ours, and beyond what the database can hold.
        constexpr clock::Instant first{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
        if (at < first || at >= clock::far_future + std::chrono::seconds{1}) refuse();
        return at;
    } else if constexpr (std::integral<T>) {
        T value{};
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) refuse();
        return value;
    } else {
        auto value = T::parse(text);
        if (!value) refuse();
        return *value;
    }
}

}  // namespace cursor

template <class... Parts>
std::string encode_cursor(const Parts&... parts) {
    return cursor::pack({cursor::print(parts)...});
}

template <class... Parts>
std::tuple<Parts...> decode_cursor(std::string_view text) {
    auto parts = cursor::unpack(text, sizeof...(Parts));
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple<Parts...>{cursor::parse<Parts>(parts[I])...};
    }(std::index_sequence_for<Parts...>{});
}

}  // namespace mobilytics::http
