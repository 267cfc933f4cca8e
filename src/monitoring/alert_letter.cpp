#include "src/monitoring/alert_letter.hpp"

#include <format>
#include <utility>

#include "platform/http/html.hpp"
#include "src/monitoring/alert_words.hpp"

namespace mobilytics::monitoring {

namespace {

bool is_french(const std::string& locale) { return locale.starts_with("fr"); }

std::string in_html(const std::string& lines) {
    std::string html;
    for (const char c : http::html::text(lines)) html += c == '\n' ? std::string{"<br>\n"} : std::string{c};
    return html;
}

}  // namespace

AlertLetter letter_about(const std::vector<Alert>& alerts, std::string locale) {
    AlertLetter letter;
    letter.headline = words_of(alerts.front().rule, locale).title;
    letter.passage = told(alerts, locale);
    letter.locale = std::move(locale);
    return letter;
}

mail::Message written(const AlertLetter& letter, mail::Mailbox to, std::string id) {
    const bool french = is_french(letter.locale);
    const std::string hello = std::format("{} {},", french ? "Bonjour" : "Hello", to.name);
    const std::string how_often =
        french
            ? "Vous recevez un message quand un problème commence, puis un par jour tant que personne ne l’a pris en "
              "charge."
            : "You get one letter when something begins, and one a day as long as nobody has acknowledged it.";
    return {.id = std::move(id),
            .to = std::move(to),
            .language = letter.locale,
            .subject = std::format(
                "{}{}",
                french ? "Mobilytics demande votre attention : " : "Mobilytics wants looking after: ", letter.headline),
            .text = std::format("{}\n\n{}\n\n{}\n\n{}\n\nMobilytics\n", hello, letter.passage, letter.page, how_often),
            .html = std::format("<!doctype html>\n<html lang=\"{0}\"><head><meta charset=\"utf-8\"></head>\n"
                                "<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n<p>{1}</p>\n"
                                "<p>{2}</p>\n<p><a href=\"{3}\">{3}</a></p>\n<p>{4}</p>\n<p>Mobilytics</p>\n"
                                "</body></html>\n",
                                http::html::text(letter.locale), http::html::text(hello), in_html(letter.passage),
                                http::html::text(letter.page), how_often)};
}

}  // namespace mobilytics::monitoring
