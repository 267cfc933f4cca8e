#include "platform/http/query_reader.hpp"

#include <algorithm>

#include "platform/json/escape.hpp"

namespace mobilytics::http {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string limit_text(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            int high = hex_digit(text[i + 1]);
            int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
        if (out.back() == '\0') return std::nullopt;
    }
    if (!json::is_utf8(out)) return std::nullopt;
    return out;
}

QueryReader::QueryReader(std::string_view raw, Place place) : place_{place} {
    while (!raw.empty()) {
        auto end = raw.find('&');
        auto pair = raw.substr(0, end);
        raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
        if (pair.empty()) continue;
        auto equals = pair.find('=');
        auto name = percent_decoded(pair.substr(0, equals), true);
        auto text = percent_decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
        if ((!name || !text) && place_ == Place::form)
            throw Problem{Kind::malformed, "http.malformed_form", "The form is not well percent-encoded."};
        if (!name || !text)
            throw Problem{Kind::malformed, "http.malformed_query", "The query string is not well percent-encoded."};
        values_.push_back({std::move(*name), std::move(*text), false});
    }
}

std::optional<std::string_view> QueryReader::take(std::string_view name) {
    std::optional<std::string_view> found;
    for (auto& value : values_) {
        if (value.name != name) continue;
        value.taken = true;
        if (found)
            refuse(name, "is given more than once");
        else
            found = value.text;
    }
    return found;
}

void QueryReader::refuse(std::string_view name, std::string detail) {
    errors_.push_back({(place_ == Place::form ? "/" : "?") + std::string{name}, std::move(detail)});
}

void QueryReader::finish() {
    for (const auto& value : values_)
        if (!value.taken && place_ == Place::query) refuse(value.name, "is not a parameter of this operation");
    if (errors_.empty()) return;
    if (place_ == Place::form)
        throw Problem{Kind::invalid, "http.invalid_body", "Some fields of the form are not valid; see errors.",
                      std::move(errors_)};
    throw Problem{Kind::invalid, "http.invalid_query", "Some query parameters are not valid; see errors.",
                  std::move(errors_)};
}

std::string outside_limits(std::string_view text, std::optional<double> number, const json::Field& about) {
    if (number) {
        if (about.minimum && *number < *about.minimum) return "must be at least " + limit_text(*about.minimum);
        if (about.maximum && *number > *about.maximum) return "must be at most " + limit_text(*about.maximum);
        return {};
    }
    auto characters = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
    if (about.min_length && characters < *about.min_length) return "is too short";
    if (about.max_length && characters > *about.max_length) return "is too long";
    return {};
}

}  // namespace mobilytics::http
