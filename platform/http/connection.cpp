#include "platform/http/connection.hpp"

#include <boost/beast/http/error.hpp>
#include <random>

#include "platform/http/answer.hpp"
#include "platform/http/compress.hpp"
#include "platform/http/refusal.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace {

namespace http_error = boost::beast::http;
using http_error::error;

constexpr std::size_t longest_request_id = 64;

bool is_well_formed_id(std::string_view text) {
    if (text.empty() || text.size() > longest_request_id) return false;
    for (char c : text) {
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!plain && c != '-' && c != '_' && c != '.') return false;
    }
    return true;
}

// Ids of requests need not be secret, only different.
void make_request_id(std::string& id) {
    static constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    thread_local std::mt19937_64 random{std::random_device{}()};
    id.assign(20, '0');
    auto bits = random();
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i == 12) bits = random();
        id[i] = alphabet[bits & 31];
        bits >>= 5;
    }
}

// "http://host/path" of a proxy-style request line is "/path"; empty for what no handler could serve.
std::string_view origin_form(std::string_view target) {
    if (target.starts_with('/')) return target;
    for (std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        auto slash = target.find('/', scheme.size());
        return slash == std::string_view::npos ? std::string_view{} : target.substr(slash);
    }
    return {};
}

// Whether a request line that the parser refused for its version names one, and not just anything.
bool names_other_version(std::string_view line) {
    line = line.substr(0, line.find("\r\n"));
    auto name = line.rfind(" HTTP/");
    if (name == std::string_view::npos || line.size() != name + 9 || line.find(' ', line.find(' ') + 1) != name)
        return false;
    auto version = line.substr(name + 6);
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return digit(version[0]) && version[1] == '.' && digit(version[2]);
}

}  // namespace

Connection::Connection(Wire::Socket socket, std::shared_ptr<Lane> lane, bool overloaded)
    : lane_{std::move(lane)},
      serving_{lane_->serving()},
      wire_{std::move(socket), serving_.tls.get()},
      inbox_{wire_},
      body_{*this},
      place_{lane_->add(*this)},
      overloaded_{overloaded} {
    request_.secure = wire_.secure();
    request_.peer = other_end_ = wire_.peer();
}

Connection::~Connection() {
    if (counted_) serving_.in_flight.fetch_sub(1);
    lane_->remove(place_);
    serving_.connections.fetch_sub(1);
}

void Connection::expect_until(Phase phase, Lane::Time until) {
    phase_ = phase;
    deadline_ = until;
}

void Connection::expect(Phase phase, std::chrono::milliseconds within) { expect_until(phase, lane_->now() + within); }
void Connection::no_deadline(Phase phase) { expect_until(phase, Lane::Time::max()); }

void Connection::check_deadline() {
    if (lane_->now() < deadline_) return;
    if (phase_ == Phase::writing && wire_.bytes_sent() != sent_before_) {
        sent_before_ = wire_.bytes_sent();
        deadline_ = lane_->now() + serving_.options.write_timeout;
        return;
    }
    expired_ = true;
    deadline_ = Lane::Time::max();
    if (phase_ == Phase::handling) return;
    wire_.cancel();
}

void Connection::close_if_idle() {
    if (phase_ == Phase::idle) wire_.cancel();
}

void Connection::abort() { wire_.close(); }

Task<void> Connection::serve() {
    if (wire_.secure()) {
        expect(Phase::header, serving_.options.header_timeout);
        const std::string failed = co_await wire_.handshake();
        if (!failed.empty()) {
            log::info("tls handshake failed", {{"address", request_.peer}, {"why", failed}});
            co_return;
        }
    }
    while (true) {
        request_.reset();
        close_after_ = false;
        inbox_.shrink();
        bool heard = co_await read_head();
        if (!heard) break;
        serving_.in_flight.fetch_add(1);
        counted_ = true;
        no_deadline(Phase::handling);
        bool sent = false;
        try {
            Response response = co_await answer();
            serving_.cross_origin.allow(request_);
            if (!body_.can_skip_rest()) close_after_ = true;
            sent = co_await send(std::move(response));
        } catch (const ConnectionLost&) {
        }
        serving_.in_flight.fetch_sub(1);
        counted_ = false;
        if (!sent) break;
        if (will_close()) {
            co_await linger();
            break;
        }
        if (!inbox_.parser().is_done()) {
            bool skipped = co_await body_.skip_rest();
            if (!skipped) break;
        }
    }
    wire_.close();
}

bool Connection::will_close() const {
    return close_after_ || serving_.closing.load(std::memory_order_relaxed) || !inbox_.parser_keeps_alive();
}

// False when there is nothing more to answer.
Task<bool> Connection::read_head() {
    inbox_.begin_request(serving_.options.max_header_bytes, serving_.options.max_target_bytes);
    expect(Phase::idle, serving_.options.idle_timeout);
    if (serving_.closing.load(std::memory_order_relaxed) && !inbox_.has_bytes()) co_return false;
    while (true) {
        if (inbox_.has_bytes()) {
            if (phase_ == Phase::idle) {
                expect(Phase::header, serving_.options.header_timeout);
                began_ = std::chrono::steady_clock::now();
            }
            auto error = inbox_.step();
            if (!error && inbox_.parser().is_header_done()) co_return true;
            if (error && error != error::need_more) co_return co_await refuse_head(error);
            if (!error && inbox_.has_bytes()) continue;
        }
        bool more = co_await inbox_.fill();
        if (more) continue;
        if (inbox_.is_full()) co_return co_await refuse_head(error::header_limit);
        if (expired_ && phase_ == Phase::header) co_return co_await refuse_head(boost::asio::error::timed_out);
        co_return false;
    }
}

// An error of HTTP itself: says which, and the connection ends, since nobody knows where the next request
// begins.
Task<bool> Connection::refuse_head(boost::system::error_code failure) {
    const auto& head = inbox_.head();
    expired_ = false;
    close_after_ = true;
    make_request_id(request_.id);
    request_.trace = trace::begin();
    Response response;
    if (failure == error::header_limit && (head.target_too_long || !head.begun))
        response = refusal(414, "http.target_too_long", "The address is too long.", request_);
    else if (failure == error::header_limit)
        response = refusal(431, "http.header_too_large", "The header is too large.", request_);
    else if (failure == error::bad_version && names_other_version(inbox_.unread()))
        response = refusal(505, "http.bad_version", "Only HTTP/1.1 and HTTP/1.0 are spoken here.", request_);
    else if (failure == boost::asio::error::timed_out)
        response = refusal(408, "http.header_timeout", "The header did not come in time.", request_);
    else
        response =
            refusal(400, "http.malformed_request", "The request is not HTTP: " + failure.message() + ".", request_);
    bool sent = co_await send(std::move(response));
    if (sent) co_await linger();
    co_return false;
}

void Connection::set_request_id() {
    auto given = request_.header("X-Request-Id");
    if (given && is_well_formed_id(*given))
        request_.id = *given;
    else
        make_request_id(request_.id);
}

// One that is not valid counts as none, and so do two: nobody could say which is right.
void Connection::set_trace() {
    std::optional<trace::Context> given;
    int lines = 0;
    for (const auto& line : request_.headers) {
        if (!same_header_name(line.name, "traceparent")) continue;
        given = ++lines == 1 ? trace::parse(line.value) : std::nullopt;
    }
    request_.trace = given ? std::move(*given) : trace::begin();
}

// What can be refused from the head alone.
std::optional<Response> Connection::check_head() {
    const auto& head = inbox_.head();
    auto refuse = [&](int status, std::string_view code, std::string_view detail) {
        close_after_ = true;
        return refusal(status, code, detail, request_);
    };
    if (overloaded_) {
        request_.answer_headers.set("Retry-After", "5");
        return refuse(503, "http.too_many_connections", "Too many connections at the moment.");
    }
    if (head.hosts > 1 || (head.version == 11 && head.hosts == 0))
        return refuse(400, "http.bad_host", "Exactly one Host header is needed.");
    if (head.lengths > 1) return refuse(400, "http.malformed_request", "Content-Length is given more than once.");
    if (head.has_transfer_encoding && (head.version == 10 || !head.chunked_only))
        return refuse(400, "http.malformed_request", "The only transfer coding understood is chunked, in HTTP/1.1.");
    auto method = method_named(inbox_.parser().method_text());
    if (!method) return refuse(501, "http.method_unknown", "This method is not known here.");
    request_.method = *method;
    auto path = origin_form(request_.path);
    if (path.empty()) return refuse(400, "http.malformed_request", "The address must begin with a slash.");
    request_.path = path;
    if (auto expectation = request_.header("Expect"); expectation && lower_case(*expectation) != "100-continue")
        return refuse(417, "http.expectation_unknown", "Only Expect: 100-continue is understood.");
    return std::nullopt;
}

Response Connection::without_route(const RouteTable::Match& match) {
    if (!match.allowed.empty()) {
        if (auto preflight = serving_.cross_origin.preflight(request_, match.allowed)) return std::move(*preflight);
        std::string allow;
        for (auto method : match.allowed) allow.append(allow.empty() ? "" : ", ").append(name_of(method));
        request_.answer_headers.set("Allow", allow);
        return problem_response(Problem{Kind::method, "http.method_not_allowed", "Allowed here: " + allow + "."},
                                request_);
    }
    if (serving_.files && (request_.method == Method::get || request_.method == Method::head))
        if (auto page = serving_.files->find(request_)) return std::move(*page);
    return problem_response(Problem{Kind::missing, "http.not_found", "There is nothing at this address."}, request_);
}

Task<Response> Connection::answer() {
    inbox_.parser().fill(request_);
    if (!serving_.proxies.none()) request_.peer = serving_.proxies.caller(other_end_, request_.headers);
    set_request_id();
    set_trace();
    if (auto refused = check_head()) co_return std::move(*refused);
    auto match = serving_.routes.find(request_.method, request_.path, request_.path_values);
    const auto& options = match.route ? match.route->operation.options : RouteOptions{};
    BodyReader::Limits limits{options.body_limit ? options.body_limit : serving_.options.max_body_bytes, 0};
    limits.unpacked = options.decoded_limit ? options.decoded_limit : limits.sent * 8;
    auto length = inbox_.head().length;
    auto encoding = lower_case(request_.header("Content-Encoding").value_or("identity"));
    bool gzip = encoding == "gzip" || encoding == "x-gzip";
    body_.begin(limits, length, gzip, request_.header("Expect").has_value() && inbox_.head().version == 11,
                match.route && match.route->operation.streams_body);
    request_.body = &body_;
    if (!match.route) co_return without_route(match);
    request_.operation = &match.route->operation;
    if (length && *length > limits.sent) {
        close_after_ = true;
        co_return problem_response(Problem{Kind::too_large, "http.too_large",
                                           "The body is larger than " + std::to_string(limits.sent) + " bytes."},
                                   request_);
    }
    if (!gzip && encoding != "identity") {
        request_.answer_headers.set("Accept-Encoding", "gzip, identity");
        co_return problem_response(Problem{Kind::unsupported, "http.unsupported_encoding",
                                           "Send the body as it is or with Content-Encoding: gzip."},
                                   request_);
    }
    co_return co_await serving_.routes.answer(*match.route, request_);
}

}  // namespace mobilytics::http
