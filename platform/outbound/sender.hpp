#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"

// Asks servers that somebody outside chose, so that the request may be meant to hit one of ours: what a caller
// cannot reach from the internet cannot be reached through here either.
namespace mobilytics::outbound {

struct Guard {
    bool allow_http = false;      // for development
    bool allow_loopback = false;  // for tests: this machine, on any port
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds timeout{15000};  // from the start to the answer's last byte
    std::size_t most_body = 4096;              // of an answer; the rest is not read, unless a request says otherwise
    std::vector<std::string> names = {};       // for tests: "host:port:address", before the resolver is asked
};

// What is wrong with a URL, as the end of a sentence ("must ..."); nothing: it may be tried. Only its text is judged;
// where its name leads is looked at when it is connected to.
std::optional<std::string> wrong_with(const std::string& url, const Guard& guard);

struct Post {
    std::string url;
    std::vector<std::string> headers;  // whole lines
    std::string body;
    std::optional<std::size_t> most_body = {};  // in the place of the guard's
};

struct Get {
    std::string url;
    std::vector<std::string> headers = {};      // whole lines
    std::optional<std::size_t> most_body = {};  // in the place of the guard's
};

struct Sent {
    int status = 0;       // 0: no answer
    std::string failure;  // why there was none, for people
    std::string body;     // as it came, cut at most_body
    bool cut = false;     // there was more of it
    std::optional<std::chrono::seconds> retry_after;
    std::chrono::milliseconds took{};
};

// Every address that a name resolves to is judged by is_public() at the moment it is connected to, so that no answer of
// a name server between check and use matters. HTTPS with a verified certificate, on ports of web servers. No redirect
// is followed, no proxy of the environment is used, no credentials are read from anywhere.
//
// One thread for all requests under way, by libcurl's multi interface, started by the first: a slow server holds up
// nobody else. The destructor breaks off what is under way.
class Sender {
public:
    explicit Sender(Guard guard = {});
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // Neither throws for what the other side does.
    Task<Sent> post(Post post);
    Task<Sent> get(Get get);

    const Guard& guard() const { return guard_; }

private:
    struct State;
    Task<Sent> send(std::string url, std::vector<std::string> headers, std::optional<std::string> posted,
                    std::size_t most_body);

    Guard guard_;
    std::unique_ptr<State> state_;
};

}  // namespace mobilytics::outbound
