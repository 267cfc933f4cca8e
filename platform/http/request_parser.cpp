#include "platform/http/request_parser.hpp"

#include <boost/beast/http/error.hpp>
#include <charconv>

namespace mobilytics::http {

namespace beast = boost::beast;

namespace {

constexpr std::size_t most_lines = 100;

}  // namespace

void RequestParser::Head::clear() {
    text.clear();
    lines.clear();
    method_size = target_size = 0;
    hosts = lengths = 0;
    length.reset();
    chunked_only = true;
    has_transfer_encoding = target_too_long = begun = false;
    version = 11;
}

RequestParser::RequestParser(Head& head, std::size_t max_header_bytes, std::size_t max_target_bytes)
    : head_{head}, max_header_bytes_{max_header_bytes}, max_target_bytes_{max_target_bytes} {
    header_limit(static_cast<std::uint32_t>(max_header_bytes));  // of the request line and of the fields, each
    body_limit(boost::none);  // limits belong to routes, and the body is counted as it is read
    eager(false);
}

void RequestParser::fill(Request& request) const {
    std::string_view text = head_.text;
    auto target = text.substr(head_.method_size, head_.target_size);
    request.target = target;
    auto question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    request.headers.reserve(head_.lines.size());
    for (const auto& line : head_.lines)
        request.headers.push_back({text.substr(line.name, line.name_size), text.substr(line.value, line.value_size)});
}

void RequestParser::on_request_impl(verb, string_view method, string_view target, int version, error_code& error) {
    head_.begun = true;
    head_.version = version;
    if (target.size() > max_target_bytes_) {
        head_.target_too_long = true;
        error = beast::http::error::header_limit;
        return;
    }
    head_.text.append(method.data(), method.size()).append(target.data(), target.size());
    head_.method_size = method.size();
    head_.target_size = target.size();
}

void RequestParser::on_field_impl(field name, string_view name_text, string_view value, error_code& error) {
    if (header_done_) return;  // trailers say nothing that we would believe
    auto& text = head_.text;
    if (text.size() + name_text.size() + value.size() > max_header_bytes_ || head_.lines.size() >= most_lines) {
        error = beast::http::error::header_limit;
        return;
    }
    if (name == field::host) ++head_.hosts;
    if (name == field::content_length) read_length({value.data(), value.size()});
    if (name == field::transfer_encoding) {
        head_.has_transfer_encoding = true;
        head_.chunked_only = head_.chunked_only && beast::iequals(value, "chunked");
    }
    head_.lines.push_back({text.size(), name_text.size(), text.size() + name_text.size(), value.size()});
    text.append(name_text.data(), name_text.size()).append(value.data(), value.size());
}

// Beast has refused what is no number, but would take a list of equal ones.
void RequestParser::read_length(std::string_view value) {
    std::uint64_t length = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error == std::errc{} && end == value.data() + value.size())
        head_.length = length;
    else
        ++head_.lengths;
    ++head_.lengths;
}

void RequestParser::on_header_impl(error_code&) { header_done_ = true; }
void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) {}

std::size_t RequestParser::on_body_impl(string_view body, error_code&) {
    piece = {body.data(), body.size()};
    return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, string_view, error_code&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code&) {
    piece = {body.data(), body.size()};
    return body.size();
}

void RequestParser::on_finish_impl(error_code&) {}

}  // namespace mobilytics::http
