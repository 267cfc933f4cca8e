#include "platform/http/answer.hpp"

#include <charconv>

#include "platform/http/compress.hpp"
#include "platform/http/refusal.hpp"

namespace mobilytics::http {

namespace {

constexpr std::size_t worth_compressing = 1024;

constexpr std::string_view security_lines =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), "
    "interest-cohort=()\r\n";

constexpr std::string_view data_policy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n";

// The hash is of the one style element that React Aria puts into the page (press handling).
constexpr std::string_view page_policy =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; worker-src 'self'; "
    "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; font-src 'self'; connect-src "
    "'self'; "
    "img-src 'self' data: blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
    "'none'\r\n";

constexpr std::string_view strict_transport = "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

void append_number(std::string& out, std::size_t number) {
    char digits[24];
    auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

// Each form of a body has its own strong tag; matches_tag() knows them as one.
void append_tag(std::string& out, const Response& response) {
    if (response.etag.empty()) return;
    out.append("ETag: \"").append(response.etag);
    if (response.content_encoding == "br")
        out.append("-br");
    else if (response.content_encoding == "gzip")
        out.append("-gz");
    out.append("\"\r\n");
}

void append_cache_control(std::string& out, const Response& response) {
    if (!response.cache_control.empty())
        append_line(out, "Cache-Control", response.cache_control);
    else
        append_line(out, "Cache-Control", response.etag.empty() ? "no-store" : "private, no-cache");
}

}  // namespace

void apply_condition(Response& response, const Request& request) {
    if (response.status != 200 || response.etag.empty()) return;
    if (request.method != Method::get && request.method != Method::head) return;
    auto known = request.header("If-None-Match");
    if (!known || !matches_tag(*known, response.etag, true)) return;
    response.status = 304;
    response.body = {};
    response.produce = nullptr;
}

Encoding wanted_encoding(Response& response, const Request& request) {
    if (!response.may_compress || !response.content_encoding.empty() || response.status == 304) return Encoding::plain;
    if (response.body.view().size() < worth_compressing || !is_compressible(response.content_type))
        return Encoding::plain;
    response.varies_by_encoding = true;
    return chosen_encoding(request.header("Accept-Encoding").value_or(""), true, true);
}

void apply_encoding(Response& response, Encoding encoding, std::string compressed_text) {
    if (encoding == Encoding::plain) return;
    response.body = std::move(compressed_text);
    response.content_encoding = encoding == Encoding::brotli ? "br" : "gzip";
}

void append_head(std::string& out, const Response& response, const Request& request, const Framing& framing) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(response.status));
    out.append(" ").append(reason_phrase(response.status)).append("\r\n");
    append_line(out, "Date", framing.date);
    if (!response.content_type.empty() && response.status != 304 && response.status != 204)
        append_line(out, "Content-Type", response.content_type);
    if (framing.chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    } else if (framing.length && response.status != 204 && response.status != 304) {
        out.append("Content-Length: ");
        append_number(out, *framing.length);
        out.append("\r\n");
    }
    if (!response.content_encoding.empty() && response.status != 304)
        append_line(out, "Content-Encoding", response.content_encoding);
    if (response.varies_by_encoding) out.append("Vary: Accept-Encoding\r\n");
    append_tag(out, response);
    append_cache_control(out, response);
    append_line(out, "X-Request-Id", request.id);
    out.append(security_lines);
    // A worker runs under the policy of its own script, not of the page that starts it.
    const bool runs_in_a_page =
        response.content_type.starts_with("text/html") || response.content_type.starts_with("text/javascript");
    out.append(runs_in_a_page ? page_policy : data_policy);
    if (framing.strict_transport) out.append(strict_transport);
    for (const auto& [name, value] : request.answer_headers.all()) append_line(out, name, value);
    if (framing.close)
        out.append("Connection: close\r\n");
    else if (framing.version == 10)
        out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

}  // namespace mobilytics::http
