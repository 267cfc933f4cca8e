#include "platform/http/request.hpp"

#include <algorithm>
#include <array>

namespace mobilytics::http {

namespace {

constexpr std::array<std::string_view, 7> method_names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string_view name_of(Method method) { return method_names[static_cast<std::size_t>(method)]; }

std::optional<Method> method_named(std::string_view name) {
    auto found = std::ranges::find(method_names, name);
    if (found == method_names.end()) return std::nullopt;
    return static_cast<Method>(found - method_names.begin());
}

bool same_header_name(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

void AnswerHeaders::set(std::string_view name, std::string value) {
    std::erase_if(lines_, [&](const auto& line) { return same_header_name(line.first, name); });
    add(name, std::move(value));
}

void AnswerHeaders::add(std::string_view name, std::string value) {
    // A line break would let whoever chose the value write headers of their own.
    std::erase_if(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    lines_.emplace_back(std::string{name}, std::move(value));
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    for (const auto& line : headers)
        if (same_header_name(line.name, name)) return line.value;
    return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    for (const auto& line : headers) {
        if (!same_header_name(line.name, "Cookie")) continue;
        std::string_view rest = line.value;
        while (!rest.empty()) {
            auto end = rest.find(';');
            auto pair = rest.substr(0, end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            while (pair.starts_with(' ')) pair.remove_prefix(1);
            if (pair.size() > name.size() && pair[name.size()] == '=' && pair.starts_with(name))
                return pair.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> Request::bearer() const {
    auto value = header("Authorization");
    if (!value || value->size() < 8 || !same_header_name(value->substr(0, 7), "Bearer ")) return std::nullopt;
    auto credentials = value->substr(7);
    while (credentials.starts_with(' ')) credentials.remove_prefix(1);
    if (credentials.empty()) return std::nullopt;
    return credentials;
}

void Request::reset() {
    method = Method::get;
    target = path = query = {};
    body = nullptr;
    headers.clear();
    path_values.clear();
    answer_headers.clear();
    operation = nullptr;
    caller.clear();
    principal_.reset();
    principal_type_ = typeid(void);
}

}  // namespace mobilytics::http
