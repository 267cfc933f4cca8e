#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A blocking client that sends exactly the bytes it is told: for tests of the server itself.
namespace mobilytics::http::testing {

struct Reply {
    int status = 0;  // 0: the connection ended before an answer
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    std::string header(std::string_view name) const;  // empty when it is not there
};

class Client {
public:
    explicit Client(std::uint16_t port);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // False when the other end does not take it any more.
    bool send(std::string_view bytes);
    // No more will be sent.
    void end_output();
    // Reads one answer; `head` says that it has no body by its nature. 1xx answers are returned too.
    Reply receive(bool head = false);
    Reply ask(std::string_view bytes) { return send(bytes), receive(); }
    // Whether the server closed; waits for it.
    bool closed();
    // Whatever comes until the server closes.
    std::string rest();

private:
    bool fill();
    std::optional<std::string> line();
    std::string take(std::size_t size);
    std::string chunks();

    int socket_;
    std::string buffer_;
};

// A request with Host and these header lines ("Name: value\r\n" each).
std::string request(std::string_view method, std::string_view target, std::string_view lines = {},
                    std::string_view body = {});

}  // namespace mobilytics::http::testing
