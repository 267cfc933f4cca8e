#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/body_reader.hpp"
#include "platform/http/inbox.hpp"
#include "platform/http/lane.hpp"
#include "platform/http/request.hpp"
#include "platform/http/wire.hpp"

namespace mobilytics::http {

// One client: reads requests one after the other and answers them in order.
class Connection {
public:
    Connection(Wire::Socket socket, std::shared_ptr<Lane> lane, bool overloaded);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Until the client leaves, an error of HTTP, or the end of the server.
    Task<void> serve();

    // For the lane's sweep.
    void check_deadline();
    void close_if_idle();
    void abort();

private:
    friend class BodyReader;
    friend class ConnectionSink;
    enum class Phase { idle, header, body, handling, writing, lingering };

    void expect(Phase phase, std::chrono::milliseconds within);
    void expect_until(Phase phase, Lane::Time until);
    void no_deadline(Phase phase);

    Task<bool> read_head();
    Task<bool> refuse_head(boost::system::error_code error);
    std::optional<Response> check_head();
    Task<Response> answer();
    Response without_route(const RouteTable::Match& match);
    void set_request_id();
    void set_trace();

    Task<bool> send(Response response);
    void note(int status, std::string_view problem, std::uint64_t bytes);
    Task<bool> send_streamed(Response response);
    Task<bool> write(Wire::Pieces pieces);
    bool will_close() const;
    bool asks_for_tls() const { return request_.secure || serving_.options.strict_transport; }
    Task<void> linger();

    std::shared_ptr<Lane> lane_;
    Serving& serving_;
    Wire wire_;
    Inbox inbox_;
    BodyReader body_;
    Request request_;
    std::string other_end_;  // the address of who is connected; of the request, whom they ask for
    std::string head_;
    std::list<Connection*>::iterator place_;
    Phase phase_ = Phase::idle;
    Lane::Time deadline_ = Lane::Time::max();
    Lane::Time began_{};
    std::uint64_t sent_before_ = 0;
    std::chrono::milliseconds write_span_{0};
    bool overloaded_ = false;
    bool expired_ = false;
    bool close_after_ = false;
    bool counted_ = false;
};

}  // namespace mobilytics::http
