#include "platform/outbound/client.hpp"

#include <format>
#include <new>

#include "platform/outbound/library.hpp"

namespace mobilytics::outbound {

namespace {

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(bytes, size * count);
    return size * count;
}

}  // namespace

struct Client::Handle {
    CURL* curl = nullptr;
    std::chrono::seconds timeout;

    explicit Handle(std::chrono::seconds limit) : timeout{limit} {
        start_library();
        curl = curl_easy_init();
    }
    ~Handle() { curl_easy_cleanup(curl); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
};

Client::Client(std::chrono::seconds timeout) : handle_{std::make_unique<Handle>(timeout)} {}
Client::~Client() = default;

Reply Client::post(const std::string& url, const std::vector<std::string>& headers, std::string_view body) {
    return send({.method = "POST", .url = url, .headers = headers, .body = body});
}

Reply Client::send(const Request& request) {
    Reply reply;
    CURL* curl = handle_->curl;
    const Lines lines{request.headers};
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.first);
    // A body makes curl think of POST; the method is said in so many words after it.
    if (request.method != "GET") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(handle_->timeout.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // a proxy of the environment is for other people's servers
    if (request.aws) {
        const auto& [region, service, access_key, secret_key] = *request.aws;
        curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, std::format("aws:amz:{}:{}", region, service).c_str());
        curl_easy_setopt(curl, CURLOPT_USERNAME, access_key.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, secret_key.c_str());
    }
    if (const auto outcome = curl_easy_perform(curl); outcome != CURLE_OK)
        throw Unreachable{curl_easy_strerror(outcome)};
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return reply;
}

std::string escaped(std::string_view text) {
    const std::unique_ptr<char, decltype(&curl_free)> out{
        curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free};
    if (!out) throw std::bad_alloc{};
    return out.get();
}

}  // namespace mobilytics::outbound
