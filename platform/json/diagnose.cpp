#include <glaze/json/generic.hpp>
#include <glaze/json/read.hpp>

#include <cmath>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"
#include "platform/json/read_error.hpp"

// Explains a refused body: reads it as plain JSON and compares it with the schema, place by place.
namespace mobilytics::json {

namespace {

constexpr std::size_t most_errors = 50;

struct GenericOptions : glz::opts {
    bool validate_skipped = true;
    bool validate_trailing_whitespace = true;
    constexpr GenericOptions() { null_terminated = false; }
};

std::string escaped(std::string_view key) {
    std::string out;
    for (char c : key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
    return count;
}

std::string number_text(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

class Comparison {
public:
    std::vector<FieldError> errors;

    void compare(const glz::generic& value, const Schema& schema, const Field& about, const std::string& at) {
        if (errors.size() >= most_errors) return;
        if (value.is_null()) {
            if (!schema.nullable && schema.kind != Schema::Kind::any) wrong(at, "must not be null");
            return;
        }
        switch (schema.kind) {
            case Schema::Kind::any:
                return;
            case Schema::Kind::boolean:
                return value.is_boolean() ? void() : wrong(at, "must be true or false");
            case Schema::Kind::integer:
            case Schema::Kind::number:
                return compare_number(value, schema, about, at);
            case Schema::Kind::string:
                return compare_text(value, schema, about, at);
            case Schema::Kind::array:
                return compare_list(value, schema, about, at);
            case Schema::Kind::object:
                return compare_object(value, schema, at);
            case Schema::Kind::map:
                return compare_map(value, schema, at);
        }
    }

private:
    void wrong(const std::string& at, std::string detail) {
        if (errors.size() < most_errors) errors.push_back({at, std::move(detail)});
    }

    void compare_number(const glz::generic& value, const Schema& schema, const Field& about, const std::string& at) {
        bool whole = schema.kind == Schema::Kind::integer;
        if (!value.is_number()) return wrong(at, whole ? "must be a whole number" : "must be a number");
        double number = value.get_number();
        if (whole && std::floor(number) != number) return wrong(at, "must be a whole number");
        auto minimum = about.minimum ? about.minimum : schema.minimum;
        auto maximum = about.maximum ? about.maximum : schema.maximum;
        if (schema.format == "int32" && std::abs(number) > 2147483647.0)
            wrong(at, "is out of range");
        else if (minimum && number < *minimum)
            wrong(at, "must be at least " + number_text(*minimum));
        else if (maximum && number > *maximum)
            wrong(at, "must be at most " + number_text(*maximum));
    }

    void compare_text(const glz::generic& value, const Schema& schema, const Field& about, const std::string& at) {
        if (!value.is_string())
            return wrong(at, schema.format == "date-time" ? "must be a time as text" : "must be text");
        const std::string& text = value.get_string();
        if (!schema.values.empty()) return compare_choice(text, schema, at);
        if (schema.format == "date-time") {
            auto instant = clock::from_rfc3339(text);
            if (!instant) wrong(at, "must be a time such as 2026-03-08T07:00:00Z: " + instant.error());
            return;
        }
        if (!schema.id_prefix.empty()) {
            auto start = schema.id_prefix + "_";
            if (!text.starts_with(start) || !ids::from_base32(std::string_view{text}.substr(start.size())))
                wrong(at, "must be an id that begins with " + start);
            return;
        }
        compare_length(characters(text), about, at, "character");
    }

    void compare_choice(const std::string& text, const Schema& schema, const std::string& at) {
        std::string choices;
        for (const auto& choice : schema.values) {
            if (choice == text) return;
            choices += (choices.empty() ? "" : ", ") + choice;
        }
        wrong(at, "must be one of " + choices);
    }

    void compare_length(std::size_t length, const Field& about, const std::string& at, const std::string& unit) {
        auto counted = [&](std::size_t n) { return std::to_string(n) + " " + unit + (n == 1 ? "" : "s"); };
        if (about.min_length && length < *about.min_length)
            wrong(at, length == 0 ? "must not be empty" : "must have at least " + counted(*about.min_length));
        else if (about.max_length && length > *about.max_length)
            wrong(at, "must have at most " + counted(*about.max_length));
    }

    void compare_list(const glz::generic& value, const Schema& schema, const Field& about, const std::string& at) {
        if (!value.is_array()) return wrong(at, "must be a list");
        const auto& items = value.get_array();
        compare_length(items.size(), about, at, "item");
        if (schema.min_length && items.size() != *schema.min_length)
            wrong(at, "must have " + std::to_string(*schema.min_length) + " items");
        for (std::size_t i = 0; i < items.size(); ++i)
            compare(items[i], *schema.items, {}, at + "/" + std::to_string(i));
    }

    void compare_object(const glz::generic& value, const Schema& schema, const std::string& at) {
        if (!value.is_object()) return wrong(at, "must be an object");
        const auto& members = value.get_object();
        for (const auto& property : schema.properties) {
            auto member = members.find(property.name);
            if (member != members.end())
                compare(member->second, *property.schema, property.about, at + "/" + escaped(property.name));
            else if (property.required)
                wrong(at + "/" + escaped(property.name), "is required");
        }
        for (const auto& [name, member] : members) {
            bool known = false;
            for (const auto& property : schema.properties) known = known || property.name == name;
            if (!known) wrong(at + "/" + escaped(name), "is not a field of this object");
        }
    }

    void compare_map(const glz::generic& value, const Schema& schema, const std::string& at) {
        if (!value.is_object()) return wrong(at, "must be an object");
        for (const auto& [name, member] : value.get_object())
            compare(member, *schema.items, {}, at + "/" + escaped(name));
    }
};

std::string place(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    std::size_t line = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i < offset; ++i)
        if (text[i] == '\n') {
            ++line;
            start = i + 1;
        }
    return "line " + std::to_string(line) + ", column " + std::to_string(offset - start + 1);
}

std::string reason(glz::error_code code) {
    switch (code) {
        case glz::error_code::exceeded_max_recursive_depth:
            return "it is nested too deeply";
        case glz::error_code::invalid_utf8:
            return "a string is not valid UTF-8";
        case glz::error_code::unexpected_end:
            return "it ends too early";
        case glz::error_code::parse_number_failure:
            return "a number cannot be read";
        default:
            return "it is not valid JSON";
    }
}

// The JSON pointer of the value that `offset` lies in, by following the brackets and keys before it. The text
// is known to be JSON.
std::string pointer_at(std::string_view text, std::size_t offset) {
    struct Level {
        bool object;
        std::size_t index;
        std::string key;
    };
    std::vector<Level> levels;
    std::string last;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        char c = text[i];
        if (c == '"') {
            auto start = ++i;
            while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
            last = std::string{text.substr(start, i - start)};
        } else if (c == '{' || c == '[') {
            levels.push_back({c == '{', 0, {}});
        } else if ((c == '}' || c == ']') && !levels.empty()) {
            levels.pop_back();
        } else if (c == ':' && !levels.empty()) {
            levels.back().key = last;
        } else if (c == ',' && !levels.empty()) {
            ++levels.back().index;
        }
    }
    std::string pointer;
    for (const auto& level : levels) {
        if (level.object && level.key.empty()) break;
        pointer += "/" + (level.object ? escaped(level.key) : std::to_string(level.index));
    }
    return pointer;
}

}  // namespace

Problem ReadError::to_problem() const {
    if (malformed) return Problem{Kind::malformed, "http.malformed_json", detail};
    return Problem{Kind::invalid, "http.invalid_body", "Some fields of the body are not valid; see errors.", errors};
}

ReadError diagnose(std::string_view text, const Schema& schema) {
    glz::generic value;
    if (auto outcome = glz::read<GenericOptions{}>(value, text))
        return ReadError{
            true, "The body cannot be read at " + place(text, outcome.count) + ": " + reason(outcome.ec) + ".", {}};
    Comparison comparison;
    comparison.compare(value, schema, {}, "");
    return ReadError{false, {}, std::move(comparison.errors)};
}

ReadError refused_at(std::string_view text, std::size_t offset) {
    return ReadError{false, {}, {{pointer_at(text, offset), "is not well formed or out of range"}}};
}

}  // namespace mobilytics::json
