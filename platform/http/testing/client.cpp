#include "platform/http/testing/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "platform/http/request.hpp"

namespace mobilytics::http::testing {

namespace {

// Only so that a broken server fails a test instead of holding it for ever.
constexpr timeval patience{20, 0};

}  // namespace

std::string Reply::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (same_header_name(known, name)) return value;
    return {};
}

Client::Client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
}

Client::~Client() { ::close(socket_); }

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Client::end_output() { ::shutdown(socket_, SHUT_WR); }

bool Client::fill() {
    char bytes[16 * 1024];
    auto length = ::recv(socket_, bytes, sizeof bytes, 0);
    if (length <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(length));
    return true;
}

std::optional<std::string> Client::line() {
    while (buffer_.find("\r\n") == std::string::npos)
        if (!fill()) return std::nullopt;
    auto end = buffer_.find("\r\n");
    auto text = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return text;
}

std::string Client::take(std::size_t size) {
    while (buffer_.size() < size)
        if (!fill()) break;
    auto text = buffer_.substr(0, size);
    buffer_.erase(0, text.size());
    return text;
}

std::string Client::chunks() {
    std::string body;
    while (auto head = line()) {
        std::size_t size = 0;
        std::from_chars(head->data(), head->data() + head->size(), size, 16);
        body += take(size);
        line();
        if (size == 0) break;
    }
    return body;
}

Reply Client::receive(bool head) {
    Reply reply;
    auto first = line();
    if (!first || first->size() < 12) return reply;
    std::from_chars(first->data() + 9, first->data() + 12, reply.status);
    while (auto text = line()) {
        if (text->empty()) break;
        auto colon = text->find(": ");
        reply.headers.emplace_back(text->substr(0, colon), text->substr(colon + 2));
    }
    if (head || reply.status < 200 || reply.status == 204 || reply.status == 304) return reply;
    if (reply.header("Transfer-Encoding") == "chunked")
        reply.body = chunks();
    else if (auto length = reply.header("Content-Length"); !length.empty())
        reply.body = take(std::stoul(length));
    else
        reply.body = rest();
    return reply;
}

bool Client::closed() { return buffer_.empty() && !fill(); }

std::string Client::rest() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
}

std::string request(std::string_view method, std::string_view target, std::string_view lines, std::string_view body) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(lines);
    if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return text.append("\r\n").append(body);
}

}  // namespace mobilytics::http::testing
