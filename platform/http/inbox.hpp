#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/http/request_parser.hpp"
#include "platform/http/wire.hpp"

namespace mobilytics::http {

// Bytes that came in and the parser that takes them. What a client sent ahead (pipelining) stays for the next
// request.
class Inbox {
public:
    explicit Inbox(Wire& wire) : wire_{wire} {}

    void begin_request(std::size_t max_header_bytes, std::size_t max_target_bytes);

    bool has_bytes() const { return begin_ < end_; }
    std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
    RequestParser& parser() { return *parser_; }
    bool parser_keeps_alive() const { return parser_ && parser_->is_header_done() && parser_->keep_alive(); }
    const RequestParser::Head& head() const { return head_; }

    // Lets the parser take one step over what is there; need_more when it wants more.
    boost::system::error_code step();

    // Waits for more bytes. False at the end of the stream, when cancelled, and when a line is longer than
    // any buffer should be. Invalidates parser().piece.
    Task<bool> fill();

    // No room for what the parser still wants more of.
    bool is_full() const;

    // Reads bytes of a body straight into `into` and lets the parser count them; 0 at the end.
    Task<std::size_t> fill_body(char* into, std::size_t size);

    // Reads and forgets whatever comes.
    Task<bool> fill_and_drop();

    // Gives memory back that only a large request needed.
    void shrink();

private:
    Wire& wire_;
    RequestParser::Head head_;
    std::optional<RequestParser> parser_;
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mobilytics::http
