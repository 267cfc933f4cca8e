#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Requests to other HTTP servers by libcurl. One Client is one connection kept alive, used by one thread at a time.
namespace mobilytics::outbound {

struct Reply {
    int status = 0;
    std::string body;
};

// Signs the request as AWS Signature Version 4 wants it.
struct AwsSignature {
    std::string region;
    std::string service;
    std::string access_key;
    std::string secret_key;
};

struct Request {
    std::string method;
    std::string url;
    std::vector<std::string> headers = {};  // whole lines: "Content-Type: application/json"
    std::string_view body = {};
    std::optional<AwsSignature> aws = {};
};

// Percent-encoded as one part of a query.
std::string escaped(std::string_view text);

// No answer at all: refused, cut off or too slow.
class Unreachable : public std::exception {
public:
    explicit Unreachable(std::string what) : what_{std::move(what)} {}
    const char* what() const noexcept override { return what_.c_str(); }

private:
    std::string what_;
};

class Client {
public:
    explicit Client(std::chrono::seconds timeout);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Blocks. Headers are whole lines ("Content-Type: application/json"). Follows no redirect. Throws Unreachable.
    Reply send(const Request& request);
    Reply post(const std::string& url, const std::vector<std::string>& headers, std::string_view body);

private:
    struct Handle;
    std::unique_ptr<Handle> handle_;
};

}  // namespace mobilytics::outbound
