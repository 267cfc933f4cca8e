#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// Ids are UUIDv7 values that print with the prefix of their kind ("cmp_" + 26 Crockford base32 characters, the
// TypeID form), so that a campaign's id can never be passed where a device's is meant.
namespace mobilytics::ids {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;
    bool is_nil() const { return *this == Uuid{}; }
};

// A new UUIDv7: 48 bits of Unix milliseconds, then random bits from the operating system. Monotonic within a
// thread for equal milliseconds.
Uuid new_uuid();

// The same for a chosen instant and random bits: simulations and tests stay repeatable.
Uuid make_uuid7(std::uint64_t unix_ms, std::uint64_t random_high, std::uint64_t random_low);

// 26 lower-case Crockford base32 characters; the reader refuses anything that is not exactly that.
std::string to_base32(const Uuid& uuid);
std::optional<Uuid> from_base32(std::string_view text);

// 8-4-4-4-12 hexadecimal, for logs and psql.
std::string to_hex(const Uuid& uuid);
std::optional<Uuid> from_hex(std::string_view text);

template <class Tag>
struct Id {
    Uuid uuid;

    static constexpr std::string_view prefix = Tag::prefix;

    static Id make() { return Id{new_uuid()}; }

    static std::optional<Id> parse(std::string_view text) {
        if (text.size() != prefix.size() + 27 || !text.starts_with(prefix) || text[prefix.size()] != '_')
            return std::nullopt;
        auto uuid = from_base32(text.substr(prefix.size() + 1));
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }

    std::string text() const { return std::string{prefix} + "_" + to_base32(uuid); }
    bool is_nil() const { return uuid.is_nil(); }
    auto operator<=>(const Id&) const = default;
};

template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};

struct UuidHash {
    std::size_t operator()(const Uuid& uuid) const {
        std::uint64_t low = 0;  // the low half of a UUIDv7 is random, so it is already a good hash
        std::memcpy(&low, uuid.bytes.data() + 8, 8);
        return low;
    }
};

}  // namespace mobilytics::ids

template <>
struct std::hash<mobilytics::ids::Uuid> : mobilytics::ids::UuidHash {};

template <class Tag>
struct std::hash<mobilytics::ids::Id<Tag>> {
    std::size_t operator()(const mobilytics::ids::Id<Tag>& id) const { return mobilytics::ids::UuidHash{}(id.uuid); }
};
