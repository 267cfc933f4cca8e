#include "platform/outbound/sender.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <format>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "platform/async/promise.hpp"
#include "platform/outbound/address.hpp"
#include "platform/outbound/library.hpp"

namespace mobilytics::outbound {

namespace {

constexpr std::array web_ports{443, 8443};
constexpr std::array plain_web_ports{80, 8080};
constexpr std::size_t longest_url = 2000;
constexpr int longest_look_ms = 1000;

bool may_reach(const Address& address, const Guard& guard) {
    return is_public(address) || (guard.allow_loopback && is_loopback(address));
}

struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return "";
    const std::unique_ptr<char, FreeText> owned{text};
    return owned.get();
}

bool allows_port(int port, bool plain, const Guard& guard) {
    if (guard.allow_loopback) return true;
    return std::ranges::contains(web_ports, port) || (plain && std::ranges::contains(plain_web_ports, port));
}

// "[::1]" is an address in a URL.
std::string_view without_brackets(std::string_view host) {
    if (host.size() > 2 && host.front() == '[') return host.substr(1, host.size() - 2);
    return host;
}

bool names_this_machine(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    return host == "localhost" || host.ends_with(".localhost");
}

std::optional<Address> address_of(const sockaddr& socket_address) {
    Address address;
    if (socket_address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(socket_address);
        std::memcpy(address.bytes.data(), &v4.sin_addr, 4);
        return address;
    }
    if (socket_address.sa_family == AF_INET6) {
        address.v6 = true;
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(socket_address);
        std::memcpy(address.bytes.data(), &v6.sin6_addr, 16);
        return address;
    }
    return std::nullopt;
}

struct Errand {
    std::string url;
    std::vector<std::string> headers;
    std::optional<std::string> posted;  // nothing: GET
    std::size_t most_body = 0;
};

// One request under way; libcurl's thread alone touches it.
struct Transfer {
    Transfer(Errand of, const Guard& with)
        : errand{std::move(of)}, guard{with}, lines{errand.headers}, names{with.names} {}
    ~Transfer() { curl_easy_cleanup(curl); }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    Errand errand;
    const Guard& guard;
    Lines lines;
    Lines names;
    CURL* curl = curl_easy_init();
    Sent sent;
    std::string closed_address;
    async::Promise<Sent> promise;

    void prepare();
    void finish(CURLcode outcome);
};

std::size_t keep_body(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const auto room = transfer.errand.most_body - transfer.sent.body.size();
    transfer.sent.body.append(bytes, std::min(room, count));
    if (count <= room) return count;
    transfer.sent.cut = true;
    return CURL_WRITEFUNC_ERROR;
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* wanted) {
    auto& transfer = *static_cast<Transfer*>(user);
    const auto address = address_of(wanted->addr);
    if (!address || !may_reach(*address, transfer.guard)) {
        transfer.closed_address = address ? address->text() : "of another kind";
        return CURL_SOCKET_BAD;
    }
    return ::socket(wanted->family, wanted->socktype | SOCK_CLOEXEC, wanted->protocol);
}

void Transfer::prepare() {
    curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
    curl_easy_setopt(curl, CURLOPT_URL, errand.url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.first);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, names.first);
    if (errand.posted) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, errand.posted->data());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(errand.posted->size()));
    }
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, guard.allow_http ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(guard.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(guard.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    // A connection that is kept would have been judged for another request, and another endpoint's.
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

std::string failure_of(CURLcode outcome, const Transfer& transfer) {
    if (outcome == CURLE_COULDNT_RESOLVE_HOST) return "the host's name cannot be resolved";
    if (outcome == CURLE_COULDNT_CONNECT && !transfer.closed_address.empty())
        return std::format("the address {} is not public", transfer.closed_address);
    if (outcome == CURLE_OPERATION_TIMEDOUT)
        return std::format("no answer within {} s",
                           std::chrono::duration_cast<std::chrono::seconds>(transfer.guard.timeout).count());
    return curl_easy_strerror(outcome);
}

void Transfer::finish(CURLcode outcome) {
    long status = 0;
    curl_off_t microseconds = 0;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &microseconds);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    sent.took = std::chrono::milliseconds{microseconds / 1000};
    // An answer that was cut here is an answer.
    if (outcome == CURLE_OK || sent.cut) {
        sent.status = static_cast<int>(status);
        if (retry_after > 0) sent.retry_after = std::chrono::seconds{retry_after};
    } else {
        sent.failure = failure_of(outcome, *this);
    }
    promise.set(std::move(sent));
}

}  // namespace

std::optional<std::string> wrong_with(const std::string& text, const Guard& guard) {
    if (text.size() > longest_url) return std::format("must have at most {} characters", longest_url);
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url{curl_url(), curl_url_cleanup};
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK || text.contains(' ') ||
        text.contains('\0'))
        return "must be a URL such as https://example.com/webhooks";
    const auto scheme = part(url.get(), CURLUPART_SCHEME);
    if (scheme != "https" && !(scheme == "http" && guard.allow_http)) return "must begin with https://";
    if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty())
        return "must not hold a user or password";
    const auto port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!allows_port(std::stoi(port), scheme == "http", guard)) return "must use port 443 or 8443";
    const auto host = part(url.get(), CURLUPART_HOST);
    if (names_this_machine(host) && !guard.allow_loopback) return "must not lead to this machine";
    const auto address = Address::parse(without_brackets(host));
    if (address && !may_reach(*address, guard)) return "must not lead to an address that is not public";
    return std::nullopt;
}

struct Sender::State {
    CURLM* multi = curl_multi_init();
    std::mutex mutex;
    std::vector<std::unique_ptr<Transfer>> arrived;
    bool stopping = false;
    std::thread thread;
    std::map<CURL*, std::unique_ptr<Transfer>> running;  // the thread's own

    ~State() { curl_multi_cleanup(multi); }

    void add(std::unique_ptr<Transfer> transfer) {
        std::lock_guard lock{mutex};
        arrived.push_back(std::move(transfer));
        if (!thread.joinable()) thread = std::thread{[this] { work(); }};
        curl_multi_wakeup(multi);
    }

    bool take_arrived() {
        std::lock_guard lock{mutex};
        for (auto& transfer : arrived) {
            transfer->prepare();
            CURL* curl = transfer->curl;
            running.emplace(curl, std::move(transfer));
            curl_multi_add_handle(multi, curl);
        }
        arrived.clear();
        return !stopping;
    }

    void finish(CURL* curl, CURLcode outcome) {
        const auto found = running.find(curl);
        found->second->finish(outcome);
        curl_multi_remove_handle(multi, curl);
        running.erase(found);
    }

    void work() {
        while (take_arrived()) {
            int under_way = 0;
            curl_multi_perform(multi, &under_way);
            int left = 0;
            while (const CURLMsg* message = curl_multi_info_read(multi, &left))
                if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
            curl_multi_poll(multi, nullptr, 0, longest_look_ms, nullptr);
        }
        while (!running.empty()) finish(running.begin()->first, CURLE_ABORTED_BY_CALLBACK);
    }

    void stop() {
        {
            std::lock_guard lock{mutex};
            stopping = true;
        }
        curl_multi_wakeup(multi);
        if (thread.joinable()) thread.join();
    }
};

Sender::Sender(Guard guard) : guard_{guard} {
    start_library();
    state_ = std::make_unique<State>();
}

Sender::~Sender() { state_->stop(); }

Task<Sent> Sender::post(Post post) {
    return send(std::move(post.url), std::move(post.headers), std::move(post.body),
                post.most_body.value_or(guard_.most_body));
}

Task<Sent> Sender::get(Get get) {
    return send(std::move(get.url), std::move(get.headers), std::nullopt, get.most_body.value_or(guard_.most_body));
}

Task<Sent> Sender::send(std::string url, std::vector<std::string> headers, std::optional<std::string> posted,
                        std::size_t most_body) {
    // The name may have been good once; the setting may be another now.
    if (const auto wrong = wrong_with(url, guard_)) co_return Sent{.failure = "the URL " + *wrong};
    Errand errand{std::move(url), std::move(headers), std::move(posted), most_body};
    auto transfer = std::make_unique<Transfer>(std::move(errand), guard_);
    const auto promise = transfer->promise;
    state_->add(std::move(transfer));
    co_return co_await promise.wait();
}

}  // namespace mobilytics::outbound
