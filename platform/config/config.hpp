#pragma once

#include <charconv>
#include <concepts>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/json/enum_names.hpp"

// The product's settings: a struct whose members are bound to keys, filled from a TOML file, then the
// environment, then the command line. Every key has a description; a key that is not bound is refused with
// the nearest known one.
//
//   config::Keys keys;
//   keys.add("server.port", settings.server.port, "TCP port of API and pages.");
//   keys.read_file("mobilytics.toml");            // [server] port = 8080
//   keys.read_environment(config::environment()); // MOBILYTICS_SERVER_PORT=8080
//   keys.set("server.port", "8080", "command line");
namespace mobilytics::config {

// What is wrong, in one sentence that names the key and where it was given.
class ConfigError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A key as it stands after reading, for `mobilytics check`.
struct Entry {
    std::string key;
    std::string variable;  // "MOBILYTICS_SERVER_PORT"
    std::string description;
    std::string value;   // "(hidden)" for secrets
    std::string origin;  // "default", the file's name, "environment" or "command line"
};

// What is wrong with a text as a T, in words that follow the key; empty: nothing.
template <class T>
std::string parse_value(std::string_view text, T& value);
template <class T>
std::string print_value(const T& value);

class Keys {
public:
    // The target keeps its value as the default until something is read.
    template <class T>
    void add(std::string key, T& target, std::string description) {
        bind(std::move(key), std::move(description), false, target);
    }
    // The same for what must not be printed. `server.password_file` (MOBILYTICS_SERVER_PASSWORD_FILE) may name a file
    // that holds it instead, as stores of secrets lay them down; a line break at its end is left out.
    void add_secret(std::string key, std::string& target, std::string description) {
        bind(std::move(key), std::move(description), true, target);
    }

    // A TOML file of tables, one per part before the dot. Throws ConfigError, also when the file is not
    // there.
    void read_file(const std::filesystem::path& file);
    void read_text(std::string_view toml, const std::string& origin);

    // "NAME=value" lines. Names that begin with MOBILYTICS_ must be keys or be in `others` (used by scripts).
    void read_environment(std::span<const std::string> variables, std::span<const std::string_view> others = {});

    void set(std::string_view key, std::string_view value, const std::string& origin);

    // In the order of their keys.
    std::vector<Entry> all() const;

    // Whether a secret came from there.
    bool has_secret_of(std::string_view origin) const;

private:
    struct Binding {
        std::string key;
        std::string variable;
        std::string description;
        bool secret = false;
        std::string origin = "default";
        std::function<std::string(std::string_view text)> read;
        std::function<std::string()> print;
    };

    template <class T>
    void bind(std::string key, std::string description, bool secret, T& target) {
        insert({.key = std::move(key),
                .variable = {},
                .description = std::move(description),
                .secret = secret,
                .read =
                    [&target](std::string_view text) {
                        T value = target;
                        std::string wrong = parse_value(text, value);
                        if (wrong.empty()) target = std::move(value);
                        return wrong;
                    },
                .print = [&target] { return print_value(target); }});
    }

    void insert(Binding binding);
    Binding* secret_in_file(std::string_view name, std::string Binding::* part, std::string_view ending);
    std::string nearest(std::string_view name, std::string Binding::* part) const;

    std::vector<Binding> bindings_;
};

// This process's environment.
std::vector<std::string> environment();

template <class T>
std::string parse_value(std::string_view text, T& value) {
    if constexpr (std::same_as<T, std::string> || std::same_as<T, std::filesystem::path>) {
        value = std::string{text};
    } else if constexpr (std::same_as<T, bool>) {
        if (text != "true" && text != "false") return "must be true or false";
        value = text == "true";
    } else if constexpr (std::integral<T> || std::floating_point<T>) {
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc::result_out_of_range) return "is out of range";
        if (error != std::errc{} || end != text.data() + text.size()) return "must be a number";
    } else if constexpr (std::is_scoped_enum_v<T>) {
        auto named = json::value_named<T>(text);
        if (!named) {
            std::string wrong = "must be one of";
            for (auto name : json::enums::names<T>) wrong.append(" ").append(name);
            return wrong;
        }
        value = *named;
    } else if constexpr (std::same_as<T, clock::Instant>) {
        auto instant = clock::from_rfc3339(text);
        if (!instant) return "must be a time such as 2026-03-08T07:00:00Z";
        value = *instant;
    } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
        std::int64_t count = 0;
        auto wrong = parse_value(text, count);
        if (!wrong.empty() || count < 0) return "must be a number of milliseconds";
        value = std::chrono::milliseconds{count};
    } else {  // std::optional
        if (text.empty()) {
            value.reset();
            return {};
        }
        typename T::value_type inner{};
        auto wrong = parse_value(text, inner);
        if (!wrong.empty()) return wrong;
        value = std::move(inner);
    }
    return {};
}

template <class T>
std::string print_value(const T& value) {
    if constexpr (std::same_as<T, std::string>)
        return value;
    else if constexpr (std::same_as<T, std::filesystem::path>)
        return value.string();
    else if constexpr (std::same_as<T, bool>)
        return value ? "true" : "false";
    else if constexpr (std::is_arithmetic_v<T>)
        return std::to_string(value);
    else if constexpr (std::is_scoped_enum_v<T>)
        return std::string{json::name_of(value)};
    else if constexpr (std::same_as<T, clock::Instant>)
        return clock::to_rfc3339(value);
    else if constexpr (std::same_as<T, std::chrono::milliseconds>)
        return std::to_string(value.count());
    else
        return value ? print_value(*value) : std::string{};
}

}  // namespace mobilytics::config
