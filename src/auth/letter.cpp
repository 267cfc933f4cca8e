#include "src/auth/letter.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <utility>
#include <vector>

#include "platform/json/escape.hpp"
#include "src/auth/letter_words.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t longest_shown_name = 60;

std::string shown(std::string_view name) {
    std::string text;
    std::size_t characters = 0;
    while (!name.empty() && characters++ < longest_shown_name) {
        const auto length = std::max<std::size_t>(json::utf8_sequence(name), 1);
        const char c = name[0];
        // Mail programs make links of what looks like an address.
        const bool makes_links = c == '/' || c == ':' || c == '@' || c == '.' || static_cast<unsigned char>(c) < 0x20;
        text += length == 1 && makes_links ? " " : name.substr(0, length);
        name.remove_prefix(length);
    }
    return text;
}

using Values = std::vector<std::pair<std::string_view, std::string>>;

Values values_of(const LetterFacts& facts) {
    return {{"{name}", shown(facts.to.name)},
            {"{company}", shown(facts.company)},
            {"{inviter}", shown(facts.inviter)},
            {"{role}", std::string{role_word(facts.role, facts.locale)}},
            {"{email}", facts.email},
            {"{subject}", shown(facts.subject)},
            {"{day}", facts.day}};
}

std::string filled(std::string_view pattern, const Values& values) {
    std::string text;
    while (!pattern.empty()) {
        bool found = false;
        for (const auto& [name, value] : values)
            if (!found && pattern.starts_with(name)) {
                text += value;
                pattern.remove_prefix(name.size());
                found = true;
            }
        if (found) continue;
        text += pattern[0];
        pattern.remove_prefix(1);
    }
    return text;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

}  // namespace

mail::Message write_letter(Letter letter, const LetterFacts& facts, std::string id) {
    const LetterWords& words = words_of(letter, facts.locale);
    const Values values = values_of(facts);
    const std::string hello = facts.to.name.empty() ? std::string{greeting(facts.locale, false)}
                                                    : filled(greeting(facts.locale, true), values);
    std::string text = hello + "\n\n";
    std::string html = std::format(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"></head>\n"
        "<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n<p>{}</p>\n",
        escaped(facts.locale), escaped(hello));
    for (const std::string_view paragraph : words.paragraphs) {
        if (paragraph.empty()) continue;
        if (paragraph == link_here) {
            text += facts.link + "\n\n";
            html += std::format("<p><a href=\"{0}\">{1}</a></p>\n<p style=\"font-size:smaller\">{0}</p>\n",
                                escaped(facts.link), escaped(words.action));
            continue;
        }
        const std::string line = filled(paragraph, values);
        text += line + "\n\n";
        html += std::format("<p>{}</p>\n", escaped(line));
    }
    text += "Mobilytics\n";
    html += "<p>Mobilytics</p>\n</body></html>\n";
    return {.id = std::move(id),
            .to = facts.to,
            .language = facts.locale,
            .subject = filled(words.subject, values),
            .text = std::move(text),
            .html = std::move(html)};
}

bool is_news(Letter letter) {
    using enum Letter;
    static constexpr std::array news = {webhook_disabled, api_key_ending,    member_joined,
                                        token_reused,     company_suspended, company_reinstated};
    return std::ranges::contains(news, letter);
}

}  // namespace mobilytics::auth
