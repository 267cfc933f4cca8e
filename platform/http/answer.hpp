#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/media_type.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

// From a handler's answer to the bytes of its head.
namespace mobilytics::http {

// Answers a condition (If-None-Match) that the client already meets: 304 without a body.
void apply_condition(Response& response, const Request& request);

// Which form the body should be sent in, by the client's wishes; marks the answer as varying. Plain when it
// is short, of another kind, or compressed already.
Encoding wanted_encoding(Response& response, const Request& request);
void apply_encoding(Response& response, Encoding encoding, std::string compressed_text);

struct Framing {
    int version = 11;  // of the request
    bool close = false;
    bool chunked = false;
    std::optional<std::size_t> length;  // none for a stream
    std::string_view date;
    bool strict_transport = false;
};

// Status line and all header lines with the empty line after them.
void append_head(std::string& out, const Response& response, const Request& request, const Framing& framing);

}  // namespace mobilytics::http
