#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"

namespace mobilytics::http {

// One client's socket, plain or TLS. All of it happens on one I/O thread.
class Wire {
public:
    using Socket = boost::asio::ip::tcp::socket;

    Wire(Socket socket, boost::asio::ssl::context* tls);

    bool secure() const { return tls_ != nullptr; }
    std::string peer() const;  // its address
    // Why the handshake failed; empty: it did not.
    Task<std::string> handshake();

    // Number of bytes; 0 for the end and for any error, cancellation included.
    Task<std::size_t> read_some(char* into, std::size_t size);

    // Sends all pieces, in one system call when the socket has room. False when the client is gone.
    using Pieces = std::array<std::string_view, 3>;
    Task<bool> write(Pieces pieces);

    // The same without waiting: what fits is sent and taken off the front of `pieces`; false on an error. A
    // TLS socket takes nothing here.
    bool write_now(Pieces& pieces);

    void cancel();
    void close();
    // Says that no more will be sent.
    void end_output();

    // Grows as the client takes bytes.
    std::uint64_t bytes_sent() const { return bytes_sent_; }
    static bool all_sent(const Pieces& pieces) { return pieces[0].empty() && pieces[1].empty() && pieces[2].empty(); }

private:
    void take(Pieces& pieces, std::size_t sent);

    Socket socket_;
    std::uint64_t bytes_sent_ = 0;
    std::unique_ptr<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace mobilytics::http
