#include "platform/http/openapi.hpp"

#include <algorithm>
#include <format>
#include <set>

#include "platform/http/refusal.hpp"
#include "platform/http/schema_json.hpp"
#include "platform/json/escape.hpp"

namespace mobilytics::http {

namespace {

using json::text_literal;

constexpr std::string_view problem_schema =
    R"({"type":"object","description":"RFC 9457 problem details.","properties":{)"
    R"("type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},)"
    R"("detail":{"type":"string"},)"
    R"("instance":{"type":"string","description":"Id of the request."},"code":{"type":"string"},)"
    R"("errors":{"type":"array","items":{"type":"object","properties":{"pointer":{"type":"string"},)"
    R"("detail":{"type":"string"}},"required":["pointer","detail"],"additionalProperties":false}},)"
    R"("error":{"type":"string","description":"Where a token is asked for: the word of RFC 6749 section 5.2."}},)"
    R"("required":["type","title","status","instance","code"],"additionalProperties":false})";

// Beside the body. What depends on how the server is set up, or on what happens, is not required.
struct AnswerHeader {
    std::string_view name;
    bool required;
    std::string_view schema;
    std::string_view description;
};

constexpr AnswerHeader request_id{"X-Request-Id", true, R"({"type":"string"})", "Id of the request, as in the log."};
constexpr AnswerHeader etag{"ETag", true, R"({"type":"string","pattern":"^\"[^\"]*\"$"})",
                            "Version of what is answered: for If-Match of an edit, and If-None-Match."};
constexpr AnswerHeader location{"Location", false, R"({"type":"string"})", "Path of what was made."};
constexpr AnswerHeader replayed{"Idempotency-Replayed", false, R"({"type":"string","const":"true"})",
                                "The answer that was kept for this Idempotency-Key."};
constexpr AnswerHeader retry_after{"Retry-After", false, R"({"type":"integer","minimum":0})",
                                   "Seconds to wait; with 429 and 503."};
constexpr AnswerHeader rate_limit{"RateLimit", false, R"({"type":"string"})",
                                  "What is left of the quota: draft-ietf-httpapi-ratelimit-headers."};
constexpr AnswerHeader rate_policy{"RateLimit-Policy", false, R"({"type":"string"})", "The quota."};
constexpr AnswerHeader deprecation{"Deprecation", true, R"({"type":"string","pattern":"^@[0-9]+$"})",
                                   "Since when the operation is not to be built on any more: RFC 9745."};
constexpr AnswerHeader sunset{"Sunset", true, R"({"type":"string"})", "When the operation ends: RFC 8594."};
constexpr const AnswerHeader* all_headers[] = {&request_id, &etag,        &location,    &replayed, &retry_after,
                                               &rate_limit, &rate_policy, &deprecation, &sunset};

std::string definitions_of_headers() {
    std::string out;
    for (const AnswerHeader* header : all_headers)
        out += (out.empty() ? "" : ",") + text_literal(header->name) + R"(:{"description":)" +
               text_literal(header->description) + R"(,"required":)" + (header->required ? "true" : "false") +
               R"(,"schema":)" + std::string{header->schema} + "}";
    return out;
}

class Document {
public:
    explicit Document(const RouteTable& table) : operations_{table.all()} {
        std::erase_if(operations_, [](const Operation* operation) { return operation->options.hidden; });
        for (const Operation* operation : operations_) {
            if (operation->body) components_.note(*operation->body, Direction::request);
            if (operation->answer) components_.note(*operation->answer, Direction::answer);
            for (const auto& parameter : operation->parameters) components_.note(*parameter.schema, Direction::request);
        }
    }

    std::string print(std::string_view title, std::string_view version, const std::vector<SecurityScheme>& schemes) {
        std::string out =
            R"({"openapi":"3.1.0","info":{"title":)" + text_literal(title) + R"(,"version":)" + text_literal(version);
        out += R"(},"paths":{)" + paths() + R"(},"components":{"schemas":{"Problem":)";
        out += problem_schema;
        for (const auto& [name, text] : components_.print()) out += "," + text_literal(name) + ":" + text;
        out += R"(},"headers":{)" + definitions_of_headers() + "}";
        if (!schemes.empty()) out += R"(,"securitySchemes":{)" + security_schemes(schemes) + "}";
        return out + "}}";
    }

private:
    std::string paths() {
        std::string out;
        std::string_view open;
        for (const Operation* operation : operations_) {
            if (operation->path == open)
                out += ",";
            else
                out += std::string{open.empty() ? "" : "},"} + text_literal(operation->path) + ":{";
            open = operation->path;
            out += text_literal(lower(name_of(operation->method))) + ":" + print(*operation);
        }
        return open.empty() ? out : out + "}";
    }

    static std::string lower(std::string_view text) {
        std::string out{text};
        for (char& c : out) c = static_cast<char>(c | 0x20);
        return out;
    }

    std::string print(const Operation& operation) {
        const auto& options = operation.options;
        std::string out =
            R"({"operationId":)" + text_literal(options.id) + R"(,"summary":)" + text_literal(options.summary);
        if (!options.description.empty()) out += R"(,"description":)" + text_literal(options.description);
        if (options.deprecated) out += R"(,"deprecated":true)";
        out += R"(,"tags":[)" + text_literal(operation.group) + "]";
        if (!operation.parameters.empty()) out += R"(,"parameters":[)" + parameters(operation) + "]";
        if (operation.body || operation.takes_bytes) out += R"(,"requestBody":)" + body(operation);
        out += R"(,"responses":{)" + answers(operation) + "}";
        out += R"(,"security":[)" + security(operation) + "]";
        if (!operation.permission.empty()) out += R"(,"x-permission":)" + text_literal(operation.permission);
        if (!operation.roles.empty()) out += R"(,"x-roles":)" + list(operation.roles);
        if (const auto& others = operation.other_holders) {
            out += "," + text_literal(std::format("x-{}-permission", others->kind)) + ":" +
                   text_literal(others->permission);
            out += "," + text_literal(std::format("x-{}-roles", others->kind)) + ":" + list(others->roles);
        }
        return out + "}";
    }

    std::string parameters(const Operation& operation) {
        static constexpr std::string_view places[] = {"path", "query", "header"};
        std::string out;
        for (const auto& parameter : operation.parameters) {
            out += out.empty() ? "" : ",";
            out += R"({"name":)" + text_literal(parameter.name) + R"(,"in":)" +
                   text_literal(places[static_cast<std::size_t>(parameter.place)]);
            if (!parameter.about.description.empty())
                out += R"(,"description":)" + text_literal(parameter.about.description);
            out += std::string{R"(,"required":)"} + (parameter.required ? "true" : "false");
            // A list in a query is comma-separated.
            if (parameter.schema->kind == json::Schema::Kind::array) out += R"(,"style":"form","explode":false)";
            // A parameter cannot be null: it is there or not.
            const auto& schema = parameter.schema->component ? *parameter.schema->component : *parameter.schema;
            out += R"(,"schema":)" + components_.schema(schema, Direction::request, parameter.about) + "}";
        }
        return out;
    }

    std::string body(const Operation& operation) {
        if (operation.body) {
            const auto content = R"(:{"schema":)" + components_.schema(*operation.body, Direction::request, {}) + "}";
            const auto form = operation.takes_form ? "," + text_literal(form_type) + content : "";
            return R"({"required":true,"content":{"application/json")" + content + form + "}}";
        }
        std::string types;
        for (const auto& type : operation.options.body_types)
            types += (types.empty() ? "" : ",") + text_literal(type) + ":{}";
        return R"({"required":true,"content":{)" + types + "}}";
    }

    std::string answers(const Operation& operation) {
        std::string out = text_literal(std::to_string(operation.status)) + R"(:{"description":)" +
                          text_literal(reason_phrase(operation.status)) + headers(operation, of_success(operation)) +
                          content(operation) + "}";
        for (int status : operation.options.other_answers)
            out += "," + text_literal(std::to_string(status)) + R"(:{"description":)" +
                   text_literal(reason_phrase(status)) + headers(operation, {}) + "}";
        return out + R"(,"default":{"description":"A refusal.")" + headers(operation, {&retry_after}) +
               R"(,"content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}})";
    }

    using Headers = std::vector<const AnswerHeader*>;

    static Headers of_success(const Operation& operation) {
        Headers some;
        if (operation.is_tagged) some.push_back(&etag);
        if (operation.is_located) some.push_back(&location);
        return some;
    }

    // Those of every answer of the operation, and `more`.
    static std::string headers(const Operation& operation, Headers more) {
        const auto& options = operation.options;
        more.insert(more.begin(), &request_id);
        if (operation.takes_key) more.push_back(&replayed);
        if (operation.has_actor && !options.self_regulated) more.insert(more.end(), {&rate_limit, &rate_policy});
        if (options.deprecated) more.push_back(&deprecation);
        if (options.sunset) more.push_back(&sunset);
        std::string out;
        for (const AnswerHeader* header : more)
            out += (out.empty() ? "" : ",") + text_literal(header->name) + R"(:{"$ref":)" +
                   text_literal(std::format("#/components/headers/{}", header->name)) + "}";
        return R"(,"headers":{)" + out + "}";
    }

    std::string content(const Operation& operation) {
        if (!operation.answer)
            return operation.options.answer_type.empty()
                       ? ""
                       : R"(,"content":{)" + text_literal(operation.options.answer_type) + ":{}}";
        auto schema = components_.schema(*operation.answer, Direction::answer, {});
        if (operation.pages)
            schema = R"({"type":"object","properties":{"items":{"type":"array","items":)" + schema +
                     R"(},"next_cursor":{"type":["string","null"]}},"required":["items","next_cursor"],)"
                     R"("additionalProperties":false})";
        return R"(,"content":{"application/json":{"schema":)" + schema + "}}";
    }

    static std::string security(const Operation& operation) {
        std::string out;
        for (const auto& scheme : operation.security) out += (out.empty() ? "{" : ",{") + text_literal(scheme) + ":[]}";
        return out;
    }

    static std::string list(const std::vector<std::string>& texts) {
        std::string out = "[";
        for (const auto& text : texts) out += (out.size() == 1 ? "" : ",") + text_literal(text);
        return out + "]";
    }

    static std::string security_schemes(const std::vector<SecurityScheme>& schemes) {
        std::string out;
        for (const auto& scheme : schemes)
            out += (out.empty() ? "" : ",") + text_literal(scheme.name) + ":" + scheme.json;
        return out;
    }

    std::vector<const Operation*> operations_;
    Components components_;
};

}  // namespace

std::string openapi(const Router& router, std::string_view title, std::string_view version,
                    const std::vector<SecurityScheme>& schemes) {
    return Document{router.table()}.print(title, version, schemes);
}

}  // namespace mobilytics::http
