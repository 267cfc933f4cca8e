#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/json/schema.hpp"
#include "platform/problem/problem.hpp"

// Text of a URL into values: path segments and query parameters.
namespace mobilytics::http {

// Decodes %XX (and '+' as a space when `plus_is_space`); nothing for bad encoding, NUL or invalid UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

// The parameters of one query string, or the fields of a form, which look the same; remembers which were asked for, and
// collects what is wrong with them.
class QueryReader {
public:
    enum class Place { query, form };

    explicit QueryReader(std::string_view raw, Place place = Place::query);

    // The value of that name, once; further ones of the same name are an error.
    std::optional<std::string_view> take(std::string_view name);
    void refuse(std::string_view name, std::string detail);
    // Names of a query that nobody took are errors too; throws Problem invalid "http.invalid_query", of a form
    // "http.invalid_body", when there are any.
    void finish();

private:
    struct Value {
        std::string name;
        std::string text;
        bool taken = false;
    };
    Place place_;
    std::vector<Value> values_;
    std::vector<FieldError> errors_;
};

// What is wrong with a text as a T, in words that follow the name; empty: nothing.
template <class T>
std::string parse_text(std::string_view text, T& value) {
    if constexpr (std::same_as<T, std::string>) {
        value = text;
        return {};
    } else if constexpr (std::same_as<T, bool>) {
        value = text == "true";
        return value || text == "false" ? "" : "must be true or false";
    } else if constexpr (std::integral<T> || std::floating_point<T>) {
        const char* end = text.data() + text.size();
        auto [stop, error] = std::from_chars(text.data(), end, value);
        if (error == std::errc::result_out_of_range) return "is out of range";
        if (error != std::errc{} || stop != end)
            return std::integral<T> ? "must be a whole number" : "must be a number";
        if constexpr (std::floating_point<T>)
            if (!std::isfinite(value)) return "must be a number";
        return {};
    } else if constexpr (std::same_as<T, clock::Instant>) {
        auto instant = clock::from_rfc3339(text);
        if (!instant) return "must be a time such as 2026-03-08T07:00:00Z: " + instant.error();
        value = *instant;
        return {};
    } else if constexpr (std::is_scoped_enum_v<T>) {
        auto named = json::value_named<T>(text);
        if (named) {
            value = *named;
            return {};
        }
        std::string detail = "must be one of";
        for (auto name : json::enums::names<T>) detail.append(" ").append(name);
        return detail;
    } else {
        auto parsed = T::parse(text);
        if (!parsed) return "is not well formed";
        value = *parsed;
        return {};
    }
}

// The same with the limits of the field's description; for a list, of each comma-separated part.
std::string outside_limits(std::string_view text, std::optional<double> number, const json::Field& about);

}  // namespace mobilytics::http
