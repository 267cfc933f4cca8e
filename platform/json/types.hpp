#pragma once

#include <glaze/json/read.hpp>
#include <glaze/json/write.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"
#include "platform/json/enum_names.hpp"

// How the product's own value types look in JSON: Instant as RFC 3339, Id<Tag> as its prefixed text, scoped
// enums as their names, Change<T> as absent / null / value.
namespace mobilytics::json {

// A field of a PATCH that may also be cleared: absent leaves it alone, null clears it, a value sets it.
template <class T>
struct Change {
    bool given = false;
    std::optional<T> value;

    // What the field is after the patch.
    std::optional<T> apply_to(std::optional<T> before) const { return given ? value : std::move(before); }

    // The four below make glaze treat it as a value that may be null or absent.
    using value_type = T;
    explicit operator bool() const { return value.has_value(); }
    T& operator*() { return *value; }
    const T& operator*() const { return *value; }
};

template <class T>
struct is_change : std::false_type {};
template <class T>
struct is_change<Change<T>> : std::true_type {};

// Reads one JSON string without unescaping it into new memory unless it has escapes.
template <auto Options, class Context, class It, class End>
std::string_view read_short_text(Context& context, It& it, End end) {
    std::string_view text;
    glz::parse_transient_string_view<Options>(text, context, it, end);
    return text;
}

}  // namespace mobilytics::json

namespace glz {

template <>
struct from<JSON, mobilytics::clock::Instant> {
    template <auto Options, class It, class End>
    static void op(auto&& value, is_context auto&& context, It&& it, End end) {
        auto word = mobilytics::json::read_short_text<Options>(context, it, end);
        if (bool(context.error)) return;
        auto instant = mobilytics::clock::from_rfc3339(word);
        if (instant)
            value = *instant;
        else
            context.error = error_code::constraint_violated;
    }
};

template <class Tag>
struct from<JSON, mobilytics::ids::Id<Tag>> {
    template <auto Options, class It, class End>
    static void op(auto&& value, is_context auto&& context, It&& it, End end) {
        auto word = mobilytics::json::read_short_text<Options>(context, it, end);
        if (bool(context.error)) return;
        auto id = mobilytics::ids::Id<Tag>::parse(word);
        if (id)
            value = *id;
        else
            context.error = error_code::constraint_violated;
    }
};

template <class Tag>
struct to<JSON, mobilytics::ids::Id<Tag>> {
    template <auto Options>
    static void op(auto&& value, is_context auto&& context, auto&& buffer, auto& index) {
        serialize<JSON>::op<Options>(value.text(), context, buffer, index);
    }
};

// glaze reads and writes enums by these two arrays.
template <class E>
    requires(std::is_scoped_enum_v<E> && mobilytics::json::enums::is_ours<E>())
struct meta<E> {
    static constexpr auto keys = mobilytics::json::enums::names<E>;
    static constexpr auto value = mobilytics::json::enums::values<E>;
};

template <class T>
struct from<JSON, mobilytics::json::Change<T>> {
    template <auto Options, class It, class End>
    static void op(auto&& value, is_context auto&& context, It&& it, End end) {
        parse<JSON>::op<Options>(value.value, context, it, end);
        if (!bool(context.error)) value.given = true;
    }
};

template <class T>
struct to<JSON, mobilytics::json::Change<T>> {
    template <auto Options>
    static void op(auto&& value, is_context auto&& context, auto&& buffer, auto& index) {
        serialize<JSON>::op<Options>(value.value, context, buffer, index);
    }
};

}  // namespace glz
