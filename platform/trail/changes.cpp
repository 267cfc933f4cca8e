#include "platform/trail/changes.hpp"

#include <cmath>
#include <format>

#include "platform/json/escape.hpp"

namespace mobilytics::trail {

namespace {

std::optional<std::string> quoted(const std::optional<std::string>& text) {
    return text.transform([](const std::string& value) { return json::text_literal(value); });
}

// JSON has no infinity; whoever measures one must not lose the event over it.
std::optional<std::string> printed(std::optional<double> number) {
    return number.transform(
        [](double value) { return std::isfinite(value) ? std::format("{}", value) : std::string{"null"}; });
}

}  // namespace

Changes& Changes::field(std::string_view name, std::optional<std::string> from, std::optional<std::string> to) {
    if (from != to) add(name, quoted(from), quoted(to));
    return *this;
}

Changes& Changes::field(std::string_view name, std::optional<double> from, std::optional<double> to) {
    if (from != to) add(name, printed(from), printed(to));
    return *this;
}

Changes& Changes::hidden(std::string_view name) {
    add(name, std::nullopt, json::text_literal("hidden"));
    return *this;
}

Changes Changes::stored(std::string_view json) {
    Changes changes;
    if (json.size() > 2) changes.fields_ = json.substr(1, json.size() - 2);
    return changes;
}

std::string Changes::digits(std::int64_t value) { return std::format("{}", value); }

void Changes::add(std::string_view name, std::optional<std::string> from, std::optional<std::string> to) {
    if (!fields_.empty()) fields_ += ',';
    json::append_quoted(fields_, name);
    fields_ += ":{";
    if (from) fields_ += "\"from\":" + *from;
    if (from && to) fields_ += ',';
    if (to) fields_ += "\"to\":" + *to;
    fields_ += '}';
}

}  // namespace mobilytics::trail
