#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/request.hpp"
#include "platform/json/schema.hpp"

// What is known of one route without calling it: for OpenAPI and for tests that run every operation.
namespace mobilytics::http {

// What a room says when it registers a route.
struct RouteOptions {
    std::string id = {};  // "campaigns.get": operationId, stable once published
    std::string summary = {};
    std::string description = {};
    std::size_t body_limit = 0;                // bytes as sent; 0: the server's default (1 MiB)
    std::size_t decoded_limit = 0;             // bytes after gzip; 0: eight times body_limit
    std::vector<std::string> body_types = {};  // media types of a RawBody or BodyStream
    std::string answer_type = {};              // media type of a Raw or Streamed answer
    std::vector<int> other_answers = {};       // statuses beside the usual one that have no body (204, 304)
    bool hidden = false;                       // left out of OpenAPI (metrics, pages)
    // Its own protocol deals with repeats and load (a batch id, 503 busy): it takes no Idempotency-Key and no quota.
    bool self_regulated = false;
    std::optional<std::chrono::sys_days> deprecated = {};  // since when; goes out as Deprecation (RFC 9745)
    std::optional<std::chrono::sys_days> sunset = {};      // when it ends; goes out as Sunset (RFC 8594)
};

enum class ParameterPlace { path, query, header };

struct ParameterDoc {
    std::string name;
    ParameterPlace place = ParameterPlace::query;
    bool required = true;
    const json::Schema* schema = nullptr;
    json::Field about = {};
};

inline constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// Characters of an Idempotency-Key. Short ones would be guessed, and used twice.
inline constexpr std::size_t shortest_key = 16, longest_key = 255;

// Holders of another catalogue's permission, who may beside those of `permission`: printed as x-<kind>-permission and
// x-<kind>-roles.
struct OtherHolders {
    std::string kind;
    std::string permission;
    std::vector<std::string> roles;
};

struct Operation {
    Method method = Method::get;
    std::string path;   // template, "/v1/campaigns/{id}"
    std::string group;  // OpenAPI tag
    RouteOptions options;
    std::vector<std::string> security;  // names of security schemes, any of which will do
    std::string permission;             // "campaigns_read"; empty: none
    std::vector<std::string> roles;
    std::optional<OtherHolders> other_holders = {};
    bool has_actor = false;  // the authentication hook runs first
    bool takes_key = false;  // Idempotency-Key: a POST of somebody who is known
    std::vector<ParameterDoc> parameters;
    const json::Schema* body = nullptr;  // of a JSON body
    bool takes_form = false;             // FormBody: the same as a form
    bool takes_bytes = false;            // RawBody or BodyStream
    bool streams_body = false;           // BodyStream: read while it comes in
    bool pages = false;                  // http::Page
    bool is_tagged = false;              // http::Tagged: the answer has an ETag
    bool is_located = false;             // http::Created: the answer may have a Location
    int status = 200;
    const json::Schema* answer = nullptr;  // of a JSON answer; null with 204 and bytes
};

// Name for actor types: `static void describe(OperationDoc& doc)` records security, permission and roles.
using OperationDoc = Operation;

// One line of the list of all operations.
struct OperationName {
    Method method;
    std::string path;
    std::string id;
    std::string permission;
};

}  // namespace mobilytics::http
