#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "platform/json/schema.hpp"
#include "platform/json/types.hpp"

// schema_of<T>(): the shape of a C++ type in JSON, by the same reflection that reads and writes it.
//
//   struct CampaignIn {
//       std::string name;
//       std::optional<std::string> advertiser;
//       static constexpr json::Field about[] = {
//           {.name = "name", .description = "Shown in lists.", .min_length = 1, .max_length = 200}};
//   };
namespace mobilytics::json {

template <class T>
const Schema& schema_of();

namespace describing {

template <class T>
consteval std::string_view type_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    auto from = text.find("T = ") + 4;
    return text.substr(from, text.find_first_of(";]", from) - from);
}

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_optional<Change<T>> : std::true_type {};

template <class T>
struct is_list : std::false_type {};
template <class T>
struct is_list<std::vector<T>> : std::true_type {};
template <class T, std::size_t N>
struct is_list<std::array<T, N>> : std::true_type {
    static constexpr std::size_t size = N;
};

template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

// A field of the JSON may itself be called "about"; only the table describes the others.
template <class T>
concept Described = requires { requires std::is_array_v<decltype(T::about)>; };

template <class T>
consteval bool about_names_fields() {
    if constexpr (Described<T>) {
        for (const Field& field : T::about) {
            bool found = false;
            for (auto key : glz::reflect<T>::keys) found = found || std::string_view{key} == field.name;
            if (!found) return false;
        }
    }
    return true;
}

template <class T>
constexpr Field about_field(std::string_view name) {
    if constexpr (Described<T>)
        for (const Field& field : T::about)
            if (field.name == name) return field;
    return Field{.name = name};
}

// Throws std::logic_error for a second type of that full name. glaze keeps the names of fields in a symbol that the
// linker merges by the type's name, even for types of anonymous namespaces; so two structs of one name in one
// namespace, in two files, would silently print each other's keys. The cure is to rename one.
void claim_name(std::string_view full_type_name);

// The part of describe that does not depend on the type (describe.cpp).
Schema integer(bool is_signed, int bits);
Schema id(std::string_view prefix);
void add_property(Schema& object, std::string_view name, const Schema& schema, bool required, const Field& about);
Schema nullable(const Schema& inner);
Schema list(const Schema& items, std::optional<std::size_t> size);
Schema map_of(const Schema& values);
std::string component_name(std::string_view type_name);

template <class T>
Schema object() {
    static_assert(about_names_fields<T>(), "an entry of `about` names no field of this struct");
    claim_name(type_name<T>());
    Schema schema;
    schema.kind = Schema::Kind::object;
    schema.type_name = component_name(type_name<T>());
    static const T sample{};
    std::size_t index = 0;
    glz::for_each_field(sample, [&]<class M>(const M&) {
        std::string_view name = glz::reflect<T>::keys[index++];
        using Member = std::remove_cvref_t<M>;
        add_property(schema, name, schema_of<Member>(), !is_optional<Member>::value, about_field<T>(name));
    });
    return schema;
}

template <class E>
Schema enumeration() {
    Schema schema;
    schema.kind = Schema::Kind::string;
    schema.type_name = component_name(type_name<E>());
    for (auto key : glz::reflect<E>::keys) schema.values.emplace_back(key);
    return schema;
}

template <class T>
Schema make() {
    if constexpr (std::same_as<T, bool>)
        return Schema{.kind = Schema::Kind::boolean};
    else if constexpr (std::integral<T>)
        return integer(std::is_signed_v<T>, int{sizeof(T)} * 8);
    else if constexpr (std::floating_point<T>)
        return Schema{.kind = Schema::Kind::number};
    else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>)
        return Schema{.kind = Schema::Kind::string};
    else if constexpr (std::same_as<T, clock::Instant>)
        return Schema{.kind = Schema::Kind::string, .format = "date-time"};
    else if constexpr (ids::is_id<T>::value)
        return id(T::prefix);
    else if constexpr (std::is_enum_v<T>)
        return enumeration<T>();
    else if constexpr (is_optional<T>::value)
        return nullable(schema_of<typename T::value_type>());
    else if constexpr (is_list<T>::value) {
        std::optional<std::size_t> size;
        if constexpr (requires { is_list<T>::size; }) size = is_list<T>::size;
        return list(schema_of<typename T::value_type>(), size);
    } else if constexpr (is_map<T>::value)
        return map_of(schema_of<typename T::mapped_type>());
    else if constexpr (std::same_as<T, glz::raw_json>)
        return Schema{};
    else
        return object<T>();
}

}  // namespace describing

template <class T>
const Schema& schema_of() {
    static const Schema schema = describing::make<T>();
    return schema;
}

}  // namespace mobilytics::json
