#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The shape of a JSON value, made from the C++ struct that reads or writes it (json/describe.hpp). OpenAPI
// prints it and a refused body is explained by it, so that the document cannot drift from the code.
namespace mobilytics::json {

struct Schema;

// What a struct's author adds to a field: words for the reader, and limits that reading enforces.
// `static constexpr` tables of these are given by specialising json::about<T>.
struct Field {
    std::string_view name = {};
    std::string_view description = {};
    std::optional<double> minimum = {};
    std::optional<double> maximum = {};
    std::optional<std::size_t> min_length = {};  // characters of a string, items of an array
    std::optional<std::size_t> max_length = {};
    std::string_view pattern = {};  // shown in OpenAPI; checked by the noun, not by reading
    std::string_view format = {};
};

struct Property {
    std::string name = {};
    const Schema* schema = nullptr;
    bool required = true;
    Field about = {};
};

struct Schema {
    enum class Kind { any, boolean, integer, number, string, array, object, map };

    Kind kind = Kind::any;
    bool nullable = false;
    bool limited = false;        // it, or something in it, has limits that reading must check
    std::string type_name = {};  // objects and enums: "mobilytics::campaigns::CampaignOut"
    std::string format = {};     // "date-time"
    std::string id_prefix = {};  // "cmp": a prefixed id
    std::string pattern = {};
    std::vector<std::string> values = {};  // enum
    std::optional<double> minimum = {};
    std::optional<double> maximum = {};
    std::optional<std::size_t> min_length = {};
    std::optional<std::size_t> max_length = {};
    const Schema* items = nullptr;      // of an array, or the values of a map
    const Schema* component = nullptr;  // nullable object or enum: the schema without null
    std::vector<Property> properties = {};
};

}  // namespace mobilytics::json
