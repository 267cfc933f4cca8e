#include "platform/json/describe.hpp"

#include <mutex>
#include <set>
#include <stdexcept>

namespace mobilytics::json::describing {

void claim_name(std::string_view full_type_name) {
    static std::mutex mutex;
    static std::set<std::string, std::less<>> names;
    std::lock_guard lock{mutex};
    if (!names.emplace(full_type_name).second)
        throw std::logic_error("two structs with a JSON form are called " + std::string{full_type_name} +
                               "; rename one");
}

Schema integer(bool is_signed, int bits) {
    Schema schema{.kind = Schema::Kind::integer};
    if (!is_signed) schema.minimum = 0;
    if (bits == 32 && is_signed) schema.format = "int32";
    if (bits == 64 && is_signed) schema.format = "int64";
    if (bits < 32) {
        double span = static_cast<double>(1 << bits);
        schema.minimum = is_signed ? -span / 2 : 0;
        schema.maximum = is_signed ? span / 2 - 1 : span - 1;
    }
    return schema;
}

Schema id(std::string_view prefix) {
    return Schema{.kind = Schema::Kind::string,
                  .id_prefix = std::string{prefix},
                  .pattern = "^" + std::string{prefix} + "_[0-7][0-9a-hjkmnp-tv-z]{25}$"};
}

void add_property(Schema& object, std::string_view name, const Schema& schema, bool required, const Field& about) {
    bool has_limits = about.minimum || about.maximum || about.min_length || about.max_length;
    object.limited = object.limited || schema.limited || has_limits;
    object.properties.push_back({std::string{name}, &schema, required, about});
}

Schema nullable(const Schema& inner) {
    Schema schema = inner;
    schema.nullable = true;
    schema.component = &inner;
    return schema;
}

Schema list(const Schema& items, std::optional<std::size_t> size) {
    Schema schema{.kind = Schema::Kind::array, .limited = items.limited, .min_length = size, .max_length = size};
    schema.items = &items;
    return schema;
}

Schema map_of(const Schema& values) {
    Schema schema{.kind = Schema::Kind::map, .limited = values.limited};
    schema.items = &values;
    return schema;
}

std::string component_name(std::string_view type_name) {
    // "mobilytics::campaigns::{anonymous}::CampaignOut" -> "campaigns.CampaignOut"
    std::string out;
    while (!type_name.empty()) {
        auto end = type_name.find("::");
        auto part = type_name.substr(0, end);
        type_name.remove_prefix(end == std::string_view::npos ? type_name.size() : end + 2);
        if (part == "mobilytics" || part.starts_with('{') || part.starts_with('(')) continue;
        if (!out.empty()) out += '.';
        for (char c : part)
            out += (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ? c : '-';
    }
    return out;
}

}  // namespace mobilytics::json::describing
