#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <format>
#include <memory>
#include <stdexcept>
#include <utility>

#include "platform/log/log.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/outbound/library.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::mail {

namespace {

constexpr long connect_patience_s = 10;
constexpr long patience_s = 60;

struct Unsent {
    std::string_view bytes;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* from) {
    auto& unsent = *static_cast<Unsent*>(from);
    const auto taken = std::min(size * count, unsent.bytes.size());
    std::memcpy(buffer, unsent.bytes.data(), taken);
    unsent.bytes.remove_prefix(taken);
    return taken;
}

bool is_on_this_machine(std::string_view url) {
    url.remove_prefix(std::min(url.find("://"), url.size() - 3) + 3);
    const auto host = url.substr(0, url.find_first_of(":/", url.starts_with('[') ? url.find(']') : 0));
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

class Smtp final : public Transport {
public:
    explicit Smtp(SmtpServer server) : server_{std::move(server)} { outbound::start_library(); }

    void deliver(const Letter& letter) override {
        const Easy easy{curl_easy_init(), curl_easy_cleanup};
        const Lines receivers{curl_slist_append(nullptr, std::format("<{}>", letter.message.to.address).c_str()),
                              curl_slist_free_all};
        const std::string sender = std::format("<{}>", letter.from);
        Unsent unsent{letter.bytes};
        CURL* curl = easy.get();
        reach_server(curl);
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender.c_str());
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers.get());
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(curl, CURLOPT_READDATA, &unsent);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(letter.bytes.size()));
        const auto outcome = curl_easy_perform(curl);
        long code = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        if (outcome != CURLE_OK) refuse(outcome, code);
    }

private:
    void reach_server(CURL* curl) const {
        curl_easy_setopt(curl, CURLOPT_URL, server_.url.c_str());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_PROXY, "");  // a proxy of the environment is for other people's servers
        curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(server_.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
        if (!server_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server_.ca_file.c_str());
        if (!server_.user.empty()) {
            curl_easy_setopt(curl, CURLOPT_USERNAME, server_.user.c_str());
            curl_easy_setopt(curl, CURLOPT_PASSWORD, server_.password.c_str());
        }
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_patience_s);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, patience_s);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    }

    // 5xx is for good (RFC 5321 4.2.1), but for a sign-in that failed: then the settings are wrong, not the letter.
    [[noreturn]] static void refuse(CURLcode outcome, long code) {
        log::warn("a letter was not taken", {{"why", curl_easy_strerror(outcome)}, {"smtp", code}});
        const bool about_letter =
            outcome == CURLE_SEND_ERROR || outcome == CURLE_RECV_ERROR || outcome == CURLE_WEIRD_SERVER_REPLY;
        if (about_letter && code >= 550 && code <= 559)
            throw Problem{Kind::invalid, "mail.refused", "The mail server refuses this letter for good."};
        throw Problem{Kind::unavailable, "mail.unavailable", "The mail server takes no letter now."};
    }

    const SmtpServer server_;
};

}  // namespace

std::unique_ptr<Transport> over_smtp(SmtpServer server) {
    const bool encrypted = server.starttls || server.url.starts_with("smtps://");
    if (!server.url.starts_with("smtp://") && !server.url.starts_with("smtps://"))
        throw std::invalid_argument{"mail.url must begin with smtp:// or smtps://"};
    if (!server.user.empty() && !encrypted && !is_on_this_machine(server.url))
        throw std::invalid_argument{"mail.starttls is false: the password would cross the network unencrypted"};
    return std::make_unique<Smtp>(std::move(server));
}

}  // namespace mobilytics::mail
