#include "platform/http/bind.hpp"

#include <algorithm>
#include <stdexcept>

#include "platform/http/media_type.hpp"

namespace mobilytics::http::bind {

namespace {

constexpr int most_items = 200;

void describe_key(Operation& operation) {
    operation.parameters.push_back(
        {"Idempotency-Key",
         ParameterPlace::header,
         false,
         &json::schema_of<std::string>(),
         {.name = "Idempotency-Key",
          .description = "A random text of your choice, such as a UUID. Sent again within 24 hours with the same "
                         "request it gets the first answer, and nothing is done twice.",
          .min_length = shortest_key,
          .max_length = longest_key}});
}

std::vector<std::string> names_in(std::string_view path) {
    std::vector<std::string> names;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
        auto close = path.find('}', open);
        if (close == std::string_view::npos) break;
        names.emplace_back(path.substr(open + 1, close - open - 1));
    }
    return names;
}

}  // namespace

void describe_path(Operation& operation, std::size_t index, const json::Schema& schema) {
    auto names = names_in(operation.path);
    if (index >= names.size())
        throw std::logic_error(operation.options.id + ": the handler takes more path parameters than " +
                               operation.path);
    operation.parameters.push_back({names[index], ParameterPlace::path, true, &schema, {}});
}

void describe_query(Operation& operation, const json::Schema& schema) {
    for (const auto& property : schema.properties)
        operation.parameters.push_back(
            {property.name, ParameterPlace::query, property.required, property.schema, property.about});
}

void describe_paging(Operation& operation) {
    operation.parameters.push_back(
        {"limit",
         ParameterPlace::query,
         false,
         &json::schema_of<int>(),
         {.name = "limit", .description = "Items on one page, 50 unless told.", .minimum = 1, .maximum = most_items}});
    operation.parameters.push_back({"cursor",
                                    ParameterPlace::query,
                                    false,
                                    &json::schema_of<std::string>(),
                                    {.name = "cursor", .description = "next_cursor of the page before."}});
}

void describe_if_match(Operation& operation) {
    operation.parameters.push_back({"If-Match",
                                    ParameterPlace::header,
                                    false,
                                    &json::schema_of<std::string>(),
                                    {.name = "If-Match",
                                     .description = "ETag of the version that was seen, or * for any: 412 when "
                                                    "somebody else was quicker. Without it the last one wins."}});
}

void finish_description(Operation& operation, std::size_t path_parameters) {
    if (names_in(operation.path).size() != path_parameters)
        throw std::logic_error(operation.options.id + ": the handler leaves out path parameters of " + operation.path);
    if (operation.takes_bytes && operation.options.body_types.empty())
        throw std::logic_error(operation.options.id + ": body_types must say what the raw body may be");
    operation.takes_key = operation.method == Method::post && operation.has_actor && !operation.streams_body &&
                          !operation.options.self_regulated;
    if (operation.takes_key) describe_key(operation);
}

void refuse_path() { throw Problem{Kind::missing, "http.not_found", "There is nothing at this address."}; }

Paging read_paging(QueryReader& reader) {
    Paging paging;
    if (auto text = reader.take("limit")) {
        auto wrong = parse_text(*text, paging.limit);
        if (wrong.empty() && (paging.limit < 1 || paging.limit > most_items)) wrong = "must be from 1 to 200";
        if (!wrong.empty()) reader.refuse("limit", wrong);
    }
    if (auto text = reader.take("cursor")) paging.cursor = std::string{*text};
    return paging;
}

IfMatch read_if_match(const Request& request) {
    std::optional<std::string> tags;
    for (const auto& line : request.headers) {
        if (!same_header_name(line.name, "If-Match")) continue;
        tags = tags ? *tags + ", " : "";
        tags->append(line.value);
    }
    if (tags && !is_tag_list(*tags))
        throw Problem{Kind::malformed, "http.malformed_if_match",
                      "If-Match must be * or versions in double quotes, with commas between them."};
    return IfMatch{std::move(tags)};
}

std::string content_type_of(const Request& request) {
    auto type = media_type(request.header("Content-Type").value_or(""));
    const auto& operation = *request.operation;
    bool taken = operation.takes_bytes
                     ? std::ranges::contains(operation.options.body_types, type.name)
                     : type.name == "application/json" || (operation.takes_form && type.name == form_type);
    if (!taken || (!type.charset.empty() && type.charset != "utf-8")) {
        std::string wanted = operation.takes_bytes ? "" : "application/json";
        if (operation.takes_form) wanted.append(", ").append(form_type);
        for (const auto& name : operation.options.body_types) wanted += (wanted.empty() ? "" : ", ") + name;
        throw Problem{Kind::unsupported, "http.unsupported_media_type", "Send the body as " + wanted + " in UTF-8."};
    }
    return type.name;
}

void require_text(std::string_view text) {
    if (text.empty()) throw Problem{Kind::malformed, "http.empty_body", "The request needs a body."};
}

Response json_response(int status, std::string text) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(text);
    return response;
}

Response raw_response(Raw raw) {
    Response response;
    response.status = raw.status;
    response.content_type = std::move(raw.content_type);
    response.body = std::move(raw.body);
    response.etag = std::move(raw.etag);
    response.cache_control = std::move(raw.cache_control);
    response.varies_by_encoding = !raw.content_encoding.empty();
    response.content_encoding = std::move(raw.content_encoding);
    return response;
}

Response streamed_response(Request& request, Streamed streamed) {
    Response response;
    response.content_type = std::move(streamed.content_type);
    response.produce = std::move(streamed.produce);
    if (!streamed.file_name.empty()) {
        std::string name;
        for (char c : streamed.file_name) name += c == '"' || c == '\\' || c < ' ' || c > '~' ? '_' : c;
        request.answer_headers.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }
    return response;
}

}  // namespace mobilytics::http::bind

namespace mobilytics::http {

void IfMatch::require(std::string_view current) const {
    if (!tags || matches_tag(*tags, current, false)) return;
    throw Problem{Kind::precondition, "http.changed_meanwhile",
                  "It was changed since you read it. Read it again and repeat your change."};
}

}  // namespace mobilytics::http
