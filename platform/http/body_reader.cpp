#include "platform/http/body_reader.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "platform/http/connection.hpp"
#include "platform/http/refusal.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::http {

namespace {

namespace http_error = boost::beast::http;

// A handler that refused early leaves this much unread body to be skipped, so that the client may go on.
constexpr std::size_t most_skipped = 64 * 1024;

// Memory for a body of a told length is taken as it comes, since telling is cheap.
constexpr std::size_t growth = 256 * 1024;

}  // namespace

void BodyReader::begin(Limits limits, std::optional<std::uint64_t> length, bool gzip, bool expects_continue,
                       bool streamed) {
    limits_ = limits;
    length_ = length;
    inflater_.reset();
    if (gzip) inflater_.emplace(limits.unpacked);
    if (text_.capacity() > growth) text_ = {};
    text_.clear();
    whole_ = {};
    sent_ = 0;
    expects_continue_ = expects_continue;
    streamed_ = streamed;
    finished_ = false;
    until_.reset();
}

// One span for the whole body; a streamed one may take its time, but each piece may not.
void BodyReader::expect_bytes() {
    auto within = connection_.serving_.options.body_timeout;
    if (!until_ || streamed_) until_ = connection_.lane_->now() + within;
    connection_.expect_until(Connection::Phase::body, *until_);
}

void BodyReader::count(std::size_t bytes) {
    sent_ += bytes;
    if (sent_ <= limits_.sent) return;
    connection_.close_after_ = true;
    throw Problem{Kind::too_large, "http.too_large",
                  "The body is larger than " + std::to_string(limits_.sent) + " bytes."};
}

void BodyReader::lost() const {
    connection_.close_after_ = true;
    if (connection_.inbox_.is_full())
        throw Problem{Kind::malformed, "http.malformed_body", "A line of the body's framing is too long."};
    if (!connection_.expired_) throw ConnectionLost{};
    connection_.expired_ = false;
    throw Problem{Kind::timeout, "http.body_timeout", "The body did not come in time."};
}

// The next piece as it was sent.
Task<std::string_view> BodyReader::next_sent() {
    auto& inbox = connection_.inbox_;
    if (expects_continue_ && !inbox.has_bytes()) {
        expects_continue_ = false;
        if (!co_await connection_.write({"HTTP/1.1 100 Continue\r\n\r\n", {}, {}})) throw ConnectionLost{};
    }
    while (!inbox.parser().is_done()) {
        if (inbox.has_bytes()) {
            auto error = inbox.step();
            if (error && error != http_error::error::need_more) {
                connection_.close_after_ = true;
                throw Problem{Kind::malformed, "http.malformed_body", "The body is not framed as HTTP wants it."};
            }
            if (auto piece = inbox.parser().piece; !piece.empty()) {
                count(piece.size());
                co_return piece;
            }
            if (!error) continue;
        }
        bool more = co_await inbox.fill();
        if (!more) lost();
    }
    co_return std::string_view{};
}

Task<std::string_view> BodyReader::next() {
    if (finished_) co_return std::string_view{};
    expect_bytes();
    while (true) {
        if (inflater_) {
            auto unpacked = inflater_->output();
            if (!unpacked.empty()) {
                connection_.no_deadline(Connection::Phase::handling);
                co_return unpacked;
            }
        }
        auto piece = co_await next_sent();
        if (piece.empty()) break;
        if (!inflater_) {
            connection_.no_deadline(Connection::Phase::handling);
            co_return piece;
        }
        inflater_->input(piece);
    }
    finished_ = true;
    connection_.no_deadline(Connection::Phase::handling);
    if (inflater_) inflater_->finish();
    co_return std::string_view{};
}

// Most bodies are in the buffer already, behind the head, and are used where they lie.
Task<std::string_view> BodyReader::whole_of_known_length() {
    auto length = static_cast<std::size_t>(*length_);
    auto piece = co_await next_sent();
    if (piece.size() == length) co_return piece;
    text_.assign(piece);
    while (text_.size() < length) {
        auto have = text_.size();
        auto wanted = std::min(length, std::max(have * 2, have + growth));
        std::size_t got = 0;
        text_.reserve(wanted);
        text_.resize(wanted);
        got = co_await connection_.inbox_.fill_body(text_.data() + have, wanted - have);
        text_.resize(have + got);
        if (got == 0) lost();
        count(got);
    }
    co_return std::string_view{text_};
}

Task<std::string_view> BodyReader::whole() {
    if (finished_) co_return whole_;
    if (!inflater_ && length_) {
        expect_bytes();
        whole_ = co_await whole_of_known_length();
        finished_ = true;
        connection_.no_deadline(Connection::Phase::handling);
        co_return whole_;
    }
    while (true) {
        auto piece = co_await next();
        if (piece.empty()) break;
        text_.append(piece);
    }
    whole_ = text_;
    co_return whole_;
}

bool BodyReader::can_skip_rest() {
    auto& inbox = connection_.inbox_;
    if (connection_.close_after_) return false;
    while (!inbox.parser().is_done() && inbox.has_bytes() && sent_ < limits_.sent) {
        auto error = inbox.step();
        sent_ += inbox.parser().piece.size();
        if (error) break;
    }
    if (inbox.parser().is_done()) return true;
    return !expects_continue_ && length_ && *length_ <= sent_ + most_skipped;
}

Task<bool> BodyReader::skip_rest() {
    inflater_.reset();
    limits_.sent = sent_ + most_skipped;
    try {
        expect_bytes();
        while (true) {
            auto piece = co_await next_sent();
            if (piece.empty()) co_return true;
        }
    } catch (const std::exception&) {
        co_return false;
    }
}

}  // namespace mobilytics::http
