#include "platform/http/problem_json.hpp"

#include "platform/json/escape.hpp"

namespace mobilytics::http {

namespace {

// A code follows, of letters, dots and underscores.
constexpr std::string_view beginning = R"({"type":"/problems/)";

}  // namespace

std::string_view code_in(std::string_view document) {
    if (!document.starts_with(beginning)) return {};
    document.remove_prefix(beginning.size());
    return document.substr(0, document.find('"'));
}

std::string to_json(const ProblemDocument& document) {
    std::string out{beginning};
    out.append(document.code).append("\"");
    out += ",\"title\":";
    json::append_quoted(out, document.title);
    out += ",\"status\":" + std::to_string(document.status);
    if (!document.detail.empty()) {
        out += ",\"detail\":";
        json::append_quoted(out, document.detail);
    }
    out += ",\"instance\":";
    json::append_quoted(out, document.instance);
    out += ",\"code\":";
    json::append_quoted(out, document.code);
    if (!document.errors.empty()) {
        out += ",\"errors\":[";
        for (const auto& error : document.errors) {
            if (&error != &document.errors.front()) out += ',';
            out += "{\"pointer\":";
            json::append_quoted(out, error.pointer);
            out += ",\"detail\":";
            json::append_quoted(out, error.detail);
            out += '}';
        }
        out += ']';
    }
    if (!document.oauth_error.empty()) {
        out += ",\"error\":";
        json::append_quoted(out, document.oauth_error);
    }
    out += '}';
    return out;
}

std::string to_problem_json(const Problem& problem, std::string_view instance) {
    return to_json({.status = http_status(problem.kind()),
                    .code = problem.code(),
                    .title = title_of(problem.kind()),
                    .detail = problem.detail(),
                    .instance = instance,
                    .errors = problem.errors(),
                    .oauth_error = problem.oauth_error});
}

}  // namespace mobilytics::http
