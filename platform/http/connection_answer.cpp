#include <boost/asio/buffer.hpp>
#include <charconv>

#include "platform/http/answer.hpp"
#include "platform/http/compress.hpp"
#include "platform/http/connection.hpp"
#include "platform/http/problem_json.hpp"
#include "platform/http/refusal.hpp"
#include "platform/log/log.hpp"

// The sending half of Connection.
namespace mobilytics::http {

namespace {

constexpr std::chrono::milliseconds linger_span{2000};
constexpr std::size_t most_lingered = 4 * 1024 * 1024;

// Compressing more than this would hold up the other connections of the thread.
constexpr std::size_t compressed_here = 64 * 1024;

}  // namespace

Task<bool> Connection::write(Wire::Pieces pieces) {
    if (!wire_.write_now(pieces)) co_return false;
    if (Wire::all_sent(pieces)) co_return true;
    auto phase = phase_;
    auto deadline = deadline_;
    sent_before_ = wire_.bytes_sent();
    expect(Phase::writing, serving_.options.write_timeout);
    bool sent = co_await wire_.write(pieces);
    expect_until(phase, deadline);
    co_return sent;
}

void Connection::note(int status, std::string_view problem, std::uint64_t bytes) {
    const auto took = std::chrono::steady_clock::now() - began_;
    lane_->count(request_, status, took);
    if (serving_.options.access_log && log::enabled(log::Level::info))
        lane_->log_access(request_, status, problem, bytes, took);
}

Task<bool> Connection::send(Response response) {
    apply_condition(response, request_);
    if (response.produce && request_.method != Method::head) co_return co_await send_streamed(std::move(response));
    const std::string problem{response.status < 400 ? "" : code_in(response.body.view())};
    auto encoding = wanted_encoding(response, request_);
    if (encoding != Encoding::plain) {
        if (response.body.view().size() <= compressed_here)
            apply_encoding(response, encoding, compressed(response.body.view(), encoding));
        else
            apply_encoding(response, encoding, co_await serving_.runtime.in_background([&response, encoding] {
                return compressed(response.body.view(), encoding);
            }));
    }
    auto body = response.body.view();
    head_.clear();
    Framing framing{.version = inbox_.head().version,
                    .close = will_close(),
                    .length = response.produce ? std::nullopt : std::optional{body.size()},
                    .date = lane_->date(),
                    .strict_transport = asks_for_tls()};
    append_head(head_, response, request_, framing);
    if (request_.method == Method::head || response.status == 204 || response.status == 304) body = {};
    bool sent = co_await write({head_, body, {}});
    note(response.status, problem, head_.size() + body.size());
    co_return sent;
}

// Sends each piece of a producer as a chunk. The head waits for the first piece, so that a producer which
// fails at once still gets a proper refusal.
class ConnectionSink final : public Sink {
public:
    ConnectionSink(Connection& connection, const Response& response)
        : connection_{connection}, response_{response}, chunked_{connection.inbox_.head().version == 11} {}

    bool begun() const { return begun_; }
    std::uint64_t bytes() const { return bytes_; }

    Task<void> write(std::string_view piece) override {
        if (piece.empty()) co_return;
        begin();
        if (chunked_) {
            char size[24];
            auto [end, error] = std::to_chars(size, size + sizeof size, piece.size(), 16);
            connection_.head_.append(size, end).append("\r\n");
        }
        bool sent = co_await connection_.write({connection_.head_, piece, chunked_ ? "\r\n" : ""});
        connection_.head_.clear();
        bytes_ += piece.size();
        if (!sent) throw ConnectionLost{};
    }

    Task<bool> finish() {
        begin();
        if (chunked_) connection_.head_.append("0\r\n\r\n");
        co_return co_await connection_.write({connection_.head_, {}, {}});
    }

private:
    void begin() {
        if (begun_) return;
        begun_ = true;
        if (!chunked_) connection_.close_after_ = true;  // the end of the connection is the end of the body
        connection_.head_.clear();
        append_head(connection_.head_, response_, connection_.request_,
                    {.version = connection_.inbox_.head().version,
                     .close = connection_.will_close(),
                     .chunked = chunked_,
                     .length = {},
                     .date = connection_.lane_->date(),
                     .strict_transport = connection_.asks_for_tls()});
    }

    Connection& connection_;
    const Response& response_;
    bool chunked_;
    bool begun_ = false;
    std::uint64_t bytes_ = 0;
};

Task<bool> Connection::send_streamed(Response response) {
    ConnectionSink sink{*this, response};
    std::optional<Response> failed;
    bool sent = false;
    try {
        co_await response.produce(sink);
        sent = co_await sink.finish();
    } catch (const ConnectionLost&) {
        throw;
    } catch (const Problem& problem) {
        if (!sink.begun())
            failed = problem_response(problem, request_);
        else
            log::error("streamed answer cut off", {{"request_id", request_.id}, {"what", problem.what()}});
    } catch (const std::exception& exception) {
        log::error("streamed answer failed", {{"request_id", request_.id}, {"what", exception.what()}});
        if (!sink.begun()) failed = failure_response(request_);
    } catch (...) {
        log::error("streamed answer failed", {{"request_id", request_.id}, {"what", "thrown value is no exception"}});
        if (!sink.begun()) failed = failure_response(request_);
    }
    if (failed) co_return co_await send(std::move(*failed));
    note(response.status, "", sink.bytes());
    co_return sent;
}

// Closing with unread bytes in the socket would make the kernel reset the connection, and the client would
// lose the answer that tells it why. So what still comes is read and dropped for a moment.
Task<void> Connection::linger() {
    wire_.end_output();
    expect(Phase::lingering, linger_span);
    for (std::size_t dropped = 0; dropped < most_lingered; dropped += 4096) {
        bool more = co_await inbox_.fill_and_drop();
        if (!more) co_return;
    }
}

}  // namespace mobilytics::http
