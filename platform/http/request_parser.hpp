#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/request.hpp"

namespace mobilytics::http {

// Beast's strict HTTP/1 parser, with the head kept in one piece of memory and the body handed on as it lies
// in the read buffer. One per request; the head's text is the connection's, so that its memory is used again.
class RequestParser : public boost::beast::http::basic_parser<true> {
public:
    struct Head {
        std::string text;  // method, target, then names and values one after the other
        struct Line {
            std::size_t name, name_size, value, value_size;
        };
        std::vector<Line> lines;
        std::size_t method_size = 0;
        std::size_t target_size = 0;
        unsigned hosts = 0;
        unsigned lengths = 0;  // more than one is refused
        std::optional<std::uint64_t> length;
        bool chunked_only = true;  // no Transfer-Encoding but "chunked"
        bool has_transfer_encoding = false;
        bool target_too_long = false;
        bool begun = false;  // the request line is complete
        int version = 11;

        void clear();
    };

    RequestParser(Head& head, std::size_t max_header_bytes, std::size_t max_target_bytes);

    // The part of the body that the last put() came upon; it lies in the buffer given to put().
    std::string_view piece;

    // Puts the head into the request; views point into Head::text.
    void fill(Request& request) const;
    std::string_view method_text() const { return std::string_view{head_.text}.substr(0, head_.method_size); }

private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;
    using field = boost::beast::http::field;
    using verb = boost::beast::http::verb;

    void on_request_impl(verb method, string_view method_text, string_view target, int version,
                         error_code& error) override;
    void on_field_impl(field name, string_view name_text, string_view value, error_code& error) override;
    void on_header_impl(error_code& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
    std::size_t on_body_impl(string_view body, error_code& error) override;
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code& error) override;
    void on_finish_impl(error_code& error) override;
    void on_response_impl(int, string_view, int, error_code&) override {}

    void read_length(std::string_view value);

    Head& head_;
    std::size_t max_header_bytes_;
    std::size_t max_target_bytes_;
    bool header_done_ = false;
};

}  // namespace mobilytics::http
