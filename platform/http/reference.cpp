#include "platform/http/reference.hpp"

#include <algorithm>
#include <format>
#include <map>

#include "platform/http/date.hpp"
#include "platform/http/html.hpp"
#include "platform/http/refusal.hpp"
#include "platform/http/router.hpp"

namespace mobilytics::http {

namespace {

using json::Schema;

// Deeper than any of ours; a type that holds itself ends there.
constexpr int deepest = 6;

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts) out.append(out.empty() ? "" : ", ").append(text);
    return out;
}

std::string type_of(const Schema& schema) {
    static constexpr std::string_view words[] = {"anything", "true or false", "whole number", "number",
                                                 "text",     "list of ",      "object",       "map of "};
    std::string word{words[static_cast<std::size_t>(schema.kind)]};
    if (!schema.values.empty()) word = "one of " + joined(schema.values);
    if (!schema.id_prefix.empty()) word = "id (" + schema.id_prefix + "_...)";
    if (!schema.format.empty()) word += " (" + schema.format + ")";
    if (schema.items != nullptr) word += type_of(*schema.items);
    return word + (schema.nullable ? " or null" : "");
}

std::string limits_of(const json::Field& about) {
    std::string out;
    const auto add = [&](std::string_view word, const auto& limit) {
        if (limit) out += std::format("{}{} {}", out.empty() ? "" : ", ", word, *limit);
    };
    add("from", about.minimum);
    add("to", about.maximum);
    add("at least", about.min_length);
    add("at most", about.max_length);
    return out;
}

std::string row(std::string_view name, bool required, const Schema& schema, const json::Field& about) {
    std::string said{about.description};
    if (const auto limits = limits_of(about); !limits.empty()) said += (said.empty() ? "" : " ") + ("(" + limits + ")");
    return std::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>\n", html::text(name),
                       html::text(type_of(schema)), required ? "required" : "", html::text(said));
}

void append_rows(std::string& out, const Schema& schema, const std::string& under, int depth) {
    if (depth > deepest) return;
    if (schema.component != nullptr) return append_rows(out, *schema.component, under, depth);
    if (schema.items != nullptr) return append_rows(out, *schema.items, under + "[]", depth);
    for (const auto& property : schema.properties) {
        const auto name = under.empty() ? property.name : under + "." + property.name;
        out += row(name, property.required, *property.schema, property.about);
        append_rows(out, *property.schema, name, depth + 1);
    }
}

std::string table(std::string_view caption, const std::string& rows) {
    return std::format(
        "<table>\n<caption>{}</caption>\n<thead><tr><th>Name</th><th>Type</th><th></th><th>Meaning</th></tr></thead>\n"
        "<tbody>\n{}</tbody>\n</table>\n",
        caption, rows);
}

std::string fields_of(std::string_view caption, const Schema& schema) {
    std::string rows;
    append_rows(rows, schema, "", 0);
    if (rows.empty()) return std::format("<p>{}: {}</p>\n", caption, html::text(type_of(schema)));
    return std::format("<details>\n<summary>{}: {}</summary>\n{}</details>\n", caption, html::text(type_of(schema)),
                       table(caption, rows));
}

std::string end_of(const RouteOptions& options) {
    if (!options.deprecated) return "";
    std::string out = "<p><strong>Deprecated</strong> since " + http_date(*options.deprecated);
    if (options.sunset) out += "; ends " + http_date(*options.sunset);
    return out + ".</p>\n";
}

std::string article(const Operation& operation) {
    const auto& options = operation.options;
    auto out = std::format("<article id=\"{0}\">\n<h3><code>{1} {2}</code></h3>\n<p>{3}</p>\n", html::text(options.id),
                           name_of(operation.method), html::text(operation.path), html::text(options.summary));
    out += end_of(options);
    if (!options.description.empty()) out += std::format("<p>{}</p>\n", html::text(options.description));
    if (!operation.permission.empty())
        out += std::format("<p>Permission <code>{}</code>: {}</p>\n", html::text(operation.permission),
                           html::text(joined(operation.roles)));
    if (const auto& others = operation.other_holders)
        out += std::format("<p>Permission of {} <code>{}</code>: {}</p>\n", html::text(others->kind),
                           html::text(others->permission), html::text(joined(others->roles)));
    std::string parameters;
    for (const auto& parameter : operation.parameters)
        parameters += row(parameter.name, parameter.required, *parameter.schema, parameter.about);
    if (!parameters.empty()) out += table("Parameters", parameters);
    if (operation.body != nullptr) out += fields_of("Body", *operation.body);
    if (operation.takes_bytes) out += std::format("<p>Body: {}</p>\n", html::text(joined(options.body_types)));
    const auto caption = std::format("Answer {} {}{}", operation.status, reason_phrase(operation.status),
                                     operation.pages ? ", a page of items" : "");
    if (operation.answer != nullptr)
        out += fields_of(caption, *operation.answer);
    else
        out += std::format("<p>{} {}</p>\n", caption, html::text(options.answer_type));
    return out + "</article>\n";
}

}  // namespace

Raw reference_page(const Router& router, std::string_view title, std::string_view version) {
    std::map<std::string, std::string> groups;
    for (const Operation* operation : router.table().all())
        if (!operation->options.hidden) groups[operation->group] += article(*operation);
    auto body = std::format(
        "<h1>{} API, version {}</h1>\n<p>For programs: <a href=\"/openapi.json\">/openapi.json</a>. "
        "Refusals: <a href=\"/problems\">their codes</a>.</p>\n<nav aria-label=\"Groups\"><ul>\n",
        html::text(title), html::text(version));
    for (const auto& [name, articles] : groups)
        body += std::format("<li><a href=\"#{0}\">{0}</a></li>\n", html::text(name));
    body += "</ul></nav>\n";
    for (const auto& [name, articles] : groups)
        body += std::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{0}</h2>\n{1}</section>\n",
                            html::text(name), articles);
    return html::page(std::string{title} + " API", body);
}

void add_reference(Router& router, std::string title, std::string version) {
    auto group = router.group("platform");
    group.get("/docs",
              {.id = "platform.reference", .summary = "The API for people", .answer_type = "text/html", .hidden = true},
              [&router, title = std::move(title), version = std::move(version)]() -> Task<Raw> {
                  co_return reference_page(router, title, version);
              });
    group.get(std::string{html::style_path},
              {.id = "platform.style", .summary = "Style of these pages", .answer_type = "text/css", .hidden = true},
              []() -> Task<Raw> {
                  co_return Raw{.content_type = "text/css; charset=utf-8",
                                .body = std::string{html::style()},
                                .cache_control = "public, max-age=3600"};
              });
}

}  // namespace mobilytics::http
