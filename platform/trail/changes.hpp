#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What an event changed, field by field, as JSON: {"name":{"from":"Fall","to":"Autumn"},"goal":{"to":5000}}. Only what
// differs is in it. A secret is never handed over: `hidden` says that it changed, and nothing of it.
namespace mobilytics::trail {

class Changes {
public:
    // Nothing on one side: the field did not exist there.
    Changes& field(std::string_view name, std::optional<std::string> from, std::optional<std::string> to);
    Changes& field(std::string_view name, std::optional<double> from, std::optional<double> to);

    template <std::integral T>
    Changes& field(std::string_view name, T from, T to) {
        if (from != to) add(name, literal(from), literal(to));
        return *this;
    }

    // What a new thing has, and what a deleted one had.
    Changes& made(std::string_view name, std::optional<std::string> to) {
        return field(name, std::nullopt, std::move(to));
    }
    template <std::integral T>
    Changes& made(std::string_view name, T to) {
        add(name, std::nullopt, literal(to));
        return *this;
    }
    Changes& made(std::string_view name, std::optional<double> to) { return field(name, std::nullopt, to); }
    Changes& gone(std::string_view name, std::optional<std::string> from) {
        return field(name, std::move(from), std::nullopt);
    }
    Changes& hidden(std::string_view name);

    // As json() gave it.
    static Changes stored(std::string_view json);

    bool empty() const { return fields_.empty(); }
    std::string json() const { return "{" + fields_ + "}"; }

private:
    static std::string digits(std::int64_t value);
    template <std::integral T>
    static std::string literal(T value) {
        if constexpr (std::same_as<T, bool>)
            return value ? "true" : "false";
        else
            return digits(static_cast<std::int64_t>(value));
    }
    void add(std::string_view name, std::optional<std::string> from, std::optional<std::string> to);

    std::string fields_;
};

}  // namespace mobilytics::trail
