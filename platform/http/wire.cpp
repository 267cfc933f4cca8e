#include "platform/http/wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mobilytics::http {

namespace asio = boost::asio;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

std::array<asio::const_buffer, 3> buffers_of(const Wire::Pieces& pieces) {
    std::array<asio::const_buffer, 3> buffers;
    for (std::size_t i = 0; i < pieces.size(); ++i) buffers[i] = asio::buffer(pieces[i].data(), pieces[i].size());
    return buffers;
}

}  // namespace

Wire::Wire(Socket socket, asio::ssl::context* tls) : socket_{std::move(socket)} {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    socket_.non_blocking(true, ignored);
    if (tls) tls_ = std::make_unique<asio::ssl::stream<Socket&>>(socket_, *tls);
}

std::string Wire::peer() const {
    boost::system::error_code error;
    auto end = socket_.remote_endpoint(error);
    if (error) return {};
    const auto address = end.address();
    // A socket that takes both families wraps the old one's addresses; limits and counts go by the address itself.
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

Task<std::string> Wire::handshake() {
    auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, quietly);
    co_return error ? error.message() : std::string{};
}

Task<std::size_t> Wire::read_some(char* into, std::size_t size) {
    if (tls_) {
        auto [error, length] = co_await tls_->async_read_some(asio::buffer(into, size), quietly);
        co_return error ? 0 : length;
    }
    auto [error, length] = co_await socket_.async_read_some(asio::buffer(into, size), quietly);
    co_return error ? 0 : length;
}

bool Wire::write_now(Pieces& pieces) {
    if (tls_) return true;
    boost::system::error_code error;
    std::size_t sent = socket_.write_some(buffers_of(pieces), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return true;
    if (error) return false;
    take(pieces, sent);
    return true;
}

Task<bool> Wire::write(Pieces pieces) {
    if (!write_now(pieces)) co_return false;
    if (all_sent(pieces)) co_return true;
    // One operation per part, so that the sweep sees whether bytes still move.
    while (!all_sent(pieces)) {
        if (tls_) {
            auto [error, length] = co_await tls_->async_write_some(buffers_of(pieces), quietly);
            if (error) co_return false;
            take(pieces, length);
        } else {
            auto [error] = co_await socket_.async_wait(Socket::wait_write, quietly);
            if (error || !write_now(pieces)) co_return false;
        }
    }
    co_return true;
}

void Wire::take(Pieces& pieces, std::size_t sent) {
    bytes_sent_ += sent;
    for (auto& piece : pieces) {
        auto part = std::min(sent, piece.size());
        piece.remove_prefix(part);
        sent -= part;
    }
}

void Wire::cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Wire::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Wire::end_output() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
}

}  // namespace mobilytics::http
