#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

// The names of a scoped enum's values, without a list to keep: values must count up from 0, at most 64 of
// them. The same text serves JSON, the database and OpenAPI; `name_of(State::in_stock)` is "in_stock". A
// trailing underscore is left out, for names that C++ keeps for itself (`Kind::bus_`, `State::new_`).
namespace mobilytics::json {

namespace enums {

template <auto Value>
consteval std::string_view raw_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    auto from = text.find("Value = ") + 8;
    auto to = text.find_first_of(";]", from);
    text = text.substr(from, to - from);
    if (text.starts_with('(')) return {};  // "(State)7": no enumerator has this value
    auto colons = text.rfind("::");
    if (colons != std::string_view::npos) text.remove_prefix(colons + 2);
    if (text.ends_with('_')) text.remove_suffix(1);
    return text;
}

template <class E, std::size_t Index = 0>
consteval std::size_t count() {
    if constexpr (Index >= 64)
        return Index;
    else if constexpr (raw_name<static_cast<E>(Index)>().empty())
        return Index;
    else
        return count<E, Index + 1>();
}

template <class E>
inline constexpr auto names = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<std::string_view, sizeof...(I)>{raw_name<static_cast<E>(I)>()...};
}(std::make_index_sequence<count<E>()>{});

template <class E>
inline constexpr auto values = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<E, sizeof...(I)>{static_cast<E>(I)...};
}(std::make_index_sequence<count<E>()>{});

// Libraries have enums of their own, which keep their own forms.
template <class E>
consteval bool is_ours() {
    std::string_view text = __PRETTY_FUNCTION__;
    return text.substr(text.find("E = ") + 4).starts_with("mobilytics::");
}

}  // namespace enums

template <class E>
    requires std::is_scoped_enum_v<E>
constexpr std::string_view name_of(E value) {
    auto index = static_cast<std::size_t>(value);
    return index < enums::names<E>.size() ? enums::names<E>[index] : std::string_view{};
}

template <class E>
    requires std::is_scoped_enum_v<E>
constexpr std::optional<E> value_named(std::string_view name) {
    for (std::size_t index = 0; index < enums::names<E>.size(); ++index)
        if (enums::names<E>[index] == name) return static_cast<E>(index);
    return std::nullopt;
}

}  // namespace mobilytics::json
