#pragma once

#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "platform/json/describe.hpp"
#include "platform/json/read_error.hpp"
#include "platform/json/schema.hpp"
#include "platform/json/types.hpp"

// JSON to plain structs and back, by glaze. Heavy to compile: included by routes.cpp files only (through
// http/router.hpp) and by the readers of hot input.
namespace mobilytics::json {

// Strict: unknown keys, missing keys (std::optional may be absent), invalid UTF-8, text after the value and
// more than 256 levels are refused.
struct ReadOptions : glz::opts {
    bool validate_skipped = true;
    bool validate_trailing_whitespace = true;
    bool validate_utf8 = true;

    constexpr ReadOptions() {
        null_terminated = false;
        error_on_unknown_keys = true;
        error_on_missing_keys = true;
        skip_null_members = true;  // for reading this means: what may be null may also be absent
    }
};

struct WriteOptions : glz::opts {
    bool escape_control_characters = true;

    constexpr WriteOptions() { skip_null_members = false; }
};

inline constexpr ReadOptions read_options{};
inline constexpr WriteOptions write_options{};

template <class T>
std::expected<T, ReadError> read(std::string_view text) {
    T value{};
    auto outcome = glz::read<read_options>(value, text);
    const Schema& schema = schema_of<T>();
    if (!outcome && !schema.limited) return value;
    auto error = diagnose(text, schema);
    if (error.malformed || !error.errors.empty()) return std::unexpected(std::move(error));
    if (outcome) return std::unexpected(refused_at(text, outcome.count));
    return value;
}

// Appends to `out`, which a caller may reuse.
template <class T>
void write_to(std::string& out, const T& value) {
    schema_of<T>();  // checks once that the type's name is its own (describe.hpp, claim_name)
    auto before = out.size();
    std::string text;
    if (glz::write<write_options>(value, before == 0 ? out : text))
        throw std::logic_error("a value cannot be written as JSON");
    if (before != 0) out += text;
}

template <class T>
std::string write(const T& value) {
    std::string text;
    write_to(text, value);
    return text;
}

}  // namespace mobilytics::json
