#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"

// C++ values in PostgreSQL's binary wire form, one Wire<T> per type: its OID, the OID of its array, `write`
// (append in network order) and `read`. `read` gets the column's OID, or 0 where the wire carries none
// (COPY); a value of another type is a mistake of the programmer and throws std::logic_error.
//
// Supported: bool, int16/32/64, float, double, std::string/_view, Bytes, Uuid, Id<Tag>, Instant
// (timestamptz), year_month_day (date), TimeRange (tstzrange), Json (jsonb), std::optional<T>, std::vector of
// the scalars (NULL elements by optional). Text never converts to an enum type by itself: write
// $1::text::my_enum, or use text + CHECK.
namespace mobilytics::db {

using Bytes = std::vector<std::byte>;

// Half-open range of time; `to` absent means unbounded. An empty range reads as from == to; a `from` of
// Instant::min() is an unbounded start.
struct TimeRange {
    clock::Instant from;
    std::optional<clock::Instant> to;
    bool operator==(const TimeRange&) const = default;
};

// JSON text bound as jsonb. What comes back is PostgreSQL's own spelling of it.
struct Json {
    std::string text;
    bool operator==(const Json&) const = default;
};

namespace oid {
inline constexpr std::uint32_t untyped = 0, boolean = 16, bytea = 17, name = 19, int8 = 20, int2 = 21, int4 = 23,
                               text = 25, object = 26, json = 114, float4 = 700, float8 = 701, unknown = 705,
                               bpchar = 1042, varchar = 1043, date = 1082, timestamp = 1114, timestamptz = 1184,
                               numeric = 1700, uuid = 2950, jsonb = 3802, tstzrange = 3910, first_of_users = 16384;
}

namespace wire {

[[noreturn]] void wrong_type(std::uint32_t found, std::string_view wanted);
[[noreturn]] void wrong_size(std::size_t found, std::string_view wanted);

template <std::integral I>
void put(std::string& out, I value) {
    if constexpr (sizeof(I) > 1) value = std::byteswap(value);
    char bytes[sizeof(I)];
    std::memcpy(bytes, &value, sizeof(I));
    out.append(bytes, sizeof(I));
}

template <std::integral I>
I get(std::string_view bytes, std::size_t offset = 0) {
    if (offset + sizeof(I) > bytes.size()) wrong_size(bytes.size(), "a longer value");
    I value;
    std::memcpy(&value, bytes.data() + offset, sizeof(I));
    if constexpr (sizeof(I) > 1) value = std::byteswap(value);
    return value;
}

// The value's length in front of it, as arrays, ranges and COPY tuples want it.
template <class Write>
void put_sized(std::string& out, Write write) {
    std::size_t start = out.size();
    put<std::int32_t>(out, 0);
    write();
    const auto length = std::byteswap(static_cast<std::int32_t>(out.size() - start - 4));
    std::memcpy(out.data() + start, &length, sizeof length);
}

inline void expect(std::uint32_t found, std::uint32_t wanted, std::string_view name) {
    if (found != wanted && found != oid::untyped) wrong_type(found, name);
}

std::int64_t to_postgres_time(clock::Instant at);
clock::Instant from_postgres_time(std::int64_t microseconds);

template <class I>
I read_integer(std::string_view bytes, std::uint32_t column) {
    if (column != oid::untyped && column != oid::int8 && column != oid::int4 && column != oid::int2)
        wrong_type(column, "an integer");
    if (bytes.size() > sizeof(I)) wrong_size(bytes.size(), "a narrower integer");
    switch (bytes.size()) {
        case 2:
            return get<std::int16_t>(bytes);
        case 4:
            if constexpr (sizeof(I) >= 4)
                return get<std::int32_t>(bytes);
            else
                break;
        case 8:
            if constexpr (sizeof(I) >= 8)
                return get<std::int64_t>(bytes);
            else
                break;
        default:
            break;
    }
    wrong_size(bytes.size(), "an integer");
}

}  // namespace wire

template <class T>
struct Wire;

template <class T>
concept OnWire = requires { Wire<T>::oid; };

template <>
struct Wire<bool> {
    static constexpr std::uint32_t oid = oid::boolean, array_oid = 1000;
    static void write(std::string& out, bool value) { out.push_back(value ? '\1' : '\0'); }
    static bool read(std::string_view bytes, std::uint32_t column) {
        wire::expect(column, oid, "bool");
        return wire::get<char>(bytes) != 0;
    }
};

template <class I, std::uint32_t Oid, std::uint32_t ArrayOid>
struct IntegerWire {
    static constexpr std::uint32_t oid = Oid, array_oid = ArrayOid;
    static void write(std::string& out, I value) { wire::put(out, value); }
    static I read(std::string_view bytes, std::uint32_t column) { return wire::read_integer<I>(bytes, column); }
};
template <>
struct Wire<std::int16_t> : IntegerWire<std::int16_t, oid::int2, 1005> {};
template <>
struct Wire<std::int32_t> : IntegerWire<std::int32_t, oid::int4, 1007> {};
template <>
struct Wire<std::int64_t> : IntegerWire<std::int64_t, oid::int8, 1016> {};

template <>
struct Wire<float> {
    static constexpr std::uint32_t oid = oid::float4, array_oid = 1021;
    static void write(std::string& out, float value) { wire::put(out, std::bit_cast<std::int32_t>(value)); }
    static float read(std::string_view bytes, std::uint32_t column) {
        wire::expect(column, oid, "float4");
        return std::bit_cast<float>(wire::get<std::int32_t>(bytes));
    }
};

template <>
struct Wire<double> {
    static constexpr std::uint32_t oid = oid::float8, array_oid = 1022;
    static void write(std::string& out, double value) { wire::put(out, std::bit_cast<std::int64_t>(value)); }
    static double read(std::string_view bytes, std::uint32_t column) {
        if (column == oid::float4) return static_cast<double>(Wire<float>::read(bytes, column));
        wire::expect(column, oid, "float8");
        return std::bit_cast<double>(wire::get<std::int64_t>(bytes));
    }
};

template <>
struct Wire<std::string_view> {
    static constexpr std::uint32_t oid = oid::text, array_oid = 1009;
    static void write(std::string& out, std::string_view value) { out.append(value); }
};

template <>
struct Wire<std::string> : Wire<std::string_view> {
    static std::string read(std::string_view bytes, std::uint32_t column);
};

template <>
struct Wire<Bytes> {
    static constexpr std::uint32_t oid = oid::bytea, array_oid = 1001;
    static void write(std::string& out, const Bytes& value) {
        out.append(reinterpret_cast<const char*>(value.data()), value.size());
    }
    static Bytes read(std::string_view bytes, std::uint32_t column);
};

template <>
struct Wire<ids::Uuid> {
    static constexpr std::uint32_t oid = oid::uuid, array_oid = 2951;
    static void write(std::string& out, const ids::Uuid& value) {
        out.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    }
    static ids::Uuid read(std::string_view bytes, std::uint32_t column) {
        wire::expect(column, oid, "uuid");
        ids::Uuid value;
        if (bytes.size() != value.bytes.size()) wire::wrong_size(bytes.size(), "a uuid");
        std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
        return value;
    }
};

template <class Tag>
struct Wire<ids::Id<Tag>> {
    static constexpr std::uint32_t oid = oid::uuid, array_oid = Wire<ids::Uuid>::array_oid;
    static void write(std::string& out, const ids::Id<Tag>& value) { Wire<ids::Uuid>::write(out, value.uuid); }
    static ids::Id<Tag> read(std::string_view bytes, std::uint32_t column) {
        return ids::Id<Tag>{Wire<ids::Uuid>::read(bytes, column)};
    }
};

template <>
struct Wire<clock::Instant> {
    static constexpr std::uint32_t oid = oid::timestamptz, array_oid = 1185;
    static void write(std::string& out, clock::Instant value) { wire::put(out, wire::to_postgres_time(value)); }
    static clock::Instant read(std::string_view bytes, std::uint32_t column) {
        wire::expect(column, oid, "timestamptz");
        return wire::from_postgres_time(wire::get<std::int64_t>(bytes));
    }
};

template <>
struct Wire<std::chrono::year_month_day> {
    static constexpr std::uint32_t oid = oid::date, array_oid = 1182;
    static void write(std::string& out, std::chrono::year_month_day value);
    static std::chrono::year_month_day read(std::string_view bytes, std::uint32_t column);
};

template <>
struct Wire<TimeRange> {
    static constexpr std::uint32_t oid = oid::tstzrange, array_oid = 3911;
    static void write(std::string& out, const TimeRange& value);
    static TimeRange read(std::string_view bytes, std::uint32_t column);
};

template <>
struct Wire<Json> {
    static constexpr std::uint32_t oid = oid::jsonb, array_oid = 3807;
    static void write(std::string& out, const Json& value) {
        out.push_back('\1');  // version of the jsonb wire form
        out.append(value.text);
    }
    static Json read(std::string_view bytes, std::uint32_t column);
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

// NULL is not a value of the wire form but its absence, so only the OID is of use here.
template <class T>
struct Wire<std::optional<T>> {
    static constexpr std::uint32_t oid = Wire<T>::oid, array_oid = Wire<T>::array_oid;
};

template <class T>
struct Wire<std::vector<T>> {
    static constexpr std::uint32_t oid = Wire<T>::array_oid;

    static void write(std::string& out, const std::vector<T>& values) {
        wire::put<std::int32_t>(out, values.empty() ? 0 : 1);
        wire::put<std::int32_t>(out, 1);  // may hold NULLs
        wire::put<std::int32_t>(out, static_cast<std::int32_t>(Wire<T>::oid));
        if (values.empty()) return;
        wire::put(out, static_cast<std::int32_t>(values.size()));
        wire::put<std::int32_t>(out, 1);
        for (const auto& value : values) write_element(out, value);
    }

    static std::vector<T> read(std::string_view bytes, std::uint32_t column) {
        std::vector<T> values;
        auto dimensions = wire::get<std::int32_t>(bytes, 0);
        auto element = static_cast<std::uint32_t>(wire::get<std::int32_t>(bytes, 8));
        if (dimensions == 0) return values;
        if (dimensions != 1) wire::wrong_type(column, "an array of one dimension");
        auto count = wire::get<std::int32_t>(bytes, 12);
        values.reserve(static_cast<std::size_t>(count));
        std::size_t at = 20;
        for (std::int32_t i = 0; i < count; ++i) {
            auto length = wire::get<std::int32_t>(bytes, at);
            at += 4;
            if (length < 0) {
                values.push_back(null_element());
                continue;
            }
            values.push_back(read_element(bytes.substr(at, static_cast<std::size_t>(length)), element));
            at += static_cast<std::size_t>(length);
        }
        return values;
    }

private:
    template <class V>
    static void write_element(std::string& out, const V& value) {
        if constexpr (is_optional<T>::value) {
            if (!value) return wire::put<std::int32_t>(out, -1);
            wire::put_sized(out, [&] { Wire<typename T::value_type>::write(out, *value); });
        } else {
            wire::put_sized(out, [&] { Wire<T>::write(out, value); });
        }
    }

    static T null_element() {
        if constexpr (is_optional<T>::value)
            return std::nullopt;
        else
            wire::wrong_type(oid, "an array without NULL; read it into std::optional elements");
    }

    static T read_element(std::string_view bytes, std::uint32_t element) {
        if constexpr (is_optional<T>::value)
            return Wire<typename T::value_type>::read(bytes, element);
        else
            return Wire<T>::read(bytes, element);
    }
};

}  // namespace mobilytics::db
