#include "platform/mail/routes.hpp"

#include <algorithm>
#include <format>
#include <ranges>
#include <string>
#include <utility>

#include "platform/http/router.hpp"
#include "platform/mail/folder.hpp"

namespace mobilytics::mail {

namespace {

// As folder.cpp writes it.
struct KeptLetter {
    std::string at;
    std::string to;
    std::string to_name;
    std::string language;
    std::string subject;
    std::string text;
    std::string html;
};

struct KeptLetters {
    std::vector<KeptLetter> items;
};

std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
    return authority.substr(0, authority.find(':'));
}

// 404 rather than 403: to others there is no such page.
void refuse_strangers(const http::Request& request) {
    const auto site = request.header("Sec-Fetch-Site").value_or("none");
    bool at_the_machine = is_loopback(request.peer) && is_loopback(host_of(request.header("Host").value_or(""))) &&
                          (site == "none" || site == "same-origin");
    for (const std::string_view trace : {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"})
        at_the_machine = at_the_machine && !request.header(trace);
    if (!at_the_machine)
        throw Problem{Kind::missing, "mail.not_shown", "Letters are shown on the server's own machine only."};
}

KeptLetters read_all(const std::filesystem::path& folder) {
    KeptLetters letters;
    for (const std::string& name : kept_letters(folder)) {
        const auto text = kept_file(folder, name, ".json");
        auto letter = json::read<KeptLetter>(text.value_or(""));
        if (letter) letters.items.push_back(*std::move(letter));
    }
    return letters;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

// The text with its links as such.
std::string with_links(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto begin = std::min({text.find("http://"), text.find("https://"), text.size()});
        out += escaped(text.substr(0, begin));
        text.remove_prefix(begin);
        const auto end = std::min(text.find_first_of(" \n"), text.size());
        if (const std::string link = escaped(text.substr(0, end)); !link.empty())
            out += std::format("<a href=\"{0}\">{0}</a>", link);
        text.remove_prefix(end);
    }
    return out;
}

std::string page_of(const KeptLetters& letters) {
    std::string page =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Letters not sent</title>"
        "<h1>Letters</h1><p>No mail server is configured (mail.url), so letters are kept here. Newest first.</p>";
    for (const KeptLetter& letter : letters.items | std::views::reverse)
        page += std::format("<article><h2>{}</h2><p>{} · {}</p><pre>{}</pre></article>", escaped(letter.subject),
                            escaped(letter.to), escaped(letter.at), with_links(letter.text));
    return page + "</html>";
}

}  // namespace

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]" || host == "::ffff:127.0.0.1";
}

void add_routes(http::Router& router, std::filesystem::path folder) {
    auto group = router.group("platform");
    group.get("/dev/mail", {.id = "mail.page", .answer_type = "text/html", .hidden = true},
              [folder](http::Request& request) -> Task<http::Raw> {
                  refuse_strangers(request);
                  co_return http::Raw{.content_type = "text/html; charset=utf-8",
                                      .body = page_of(read_all(folder)),
                                      .cache_control = "no-store"};
              });
    group.get("/dev/mail.json", {.id = "mail.list", .hidden = true},
              [folder](http::Request& request) -> Task<KeptLetters> {
                  refuse_strangers(request);
                  co_return read_all(folder);
              });
    group.get("/dev/mail/{name}", {.id = "mail.letter", .answer_type = "text/plain", .hidden = true},
              [folder](http::Request& request, std::string name) -> Task<http::Raw> {
                  refuse_strangers(request);
                  auto bytes = kept_file(folder, name, ".eml");
                  if (!bytes) throw Problem{Kind::missing, "mail.not_found", "There is no such letter."};
                  co_return http::Raw{.content_type = "text/plain; charset=utf-8",
                                      .body = std::move(*bytes),
                                      .cache_control = "no-store"};
              });
}

}  // namespace mobilytics::mail
