#include "src/auth/letter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "src/auth/guessed_passwords.hpp"
#include "src/auth/letter_words.hpp"

namespace mobilytics::auth {

namespace {

constexpr Letter every_letter[] = {Letter::invitation,
                                   Letter::password_reset,
                                   Letter::email_confirmation,
                                   Letter::email_taken,
                                   Letter::password_changed,
                                   Letter::email_changed,
                                   Letter::role_changed,
                                   Letter::member_removed,
                                   Letter::second_factor_added,
                                   Letter::second_factor_removed,
                                   Letter::recovery_codes_made,
                                   Letter::recovery_code_used,
                                   Letter::passkey_added,
                                   Letter::passkey_removed,
                                   Letter::passkey_copied,
                                   Letter::token_reused,
                                   Letter::recovery,
                                   Letter::factors_recovered,
                                   Letter::person_disabled,
                                   Letter::person_enabled,
                                   Letter::staff_role_given,
                                   Letter::staff_removed,
                                   Letter::webhook_disabled,
                                   Letter::api_key_ending,
                                   Letter::member_joined,
                                   Letter::provider_set,
                                   Letter::company_suspended,
                                   Letter::company_reinstated};

LetterFacts facts(std::string locale) {
    return {.locale = std::move(locale),
            .to = {"Ada", "ada@example.com"},
            .company = "Maple",
            .inviter = "Max",
            .role = Role::billing,
            .email = "new@example.com",
            .subject = "Nightly export",
            .day = "2026-12-05",
            .link = "https://app.example.com/x#token"};
}

TEST(Letters, are_whole_in_both_languages) {
    for (const Letter letter : every_letter) {
        const auto english = write_letter(letter, facts("en-CA"), "1");
        const auto french = write_letter(letter, facts("fr-CA"), "1");
        EXPECT_NE(english.subject, french.subject);
        for (const auto& message : {english, french}) {
            SCOPED_TRACE(message.subject);
            for (const std::string& text : {message.subject, message.text, message.html}) {
                EXPECT_FALSE(text.empty());
                EXPECT_EQ(text.find("{name}"), std::string::npos);
                EXPECT_EQ(text.find("{company}"), std::string::npos);
                EXPECT_EQ(text.find("{role}"), std::string::npos);
                EXPECT_EQ(text.find("{subject}"), std::string::npos);
                EXPECT_EQ(text.find("{day}"), std::string::npos);
                EXPECT_EQ(text.find("{link}"), std::string::npos);
            }
            EXPECT_TRUE(message.text.contains("Ada"));
        }
        EXPECT_TRUE(french.text.starts_with("Bonjour Ada,")) << french.text;
    }
}

TEST(Letters, carry_their_link_in_both_parts) {
    for (const Letter letter :
         {Letter::invitation, Letter::password_reset, Letter::email_confirmation, Letter::recovery}) {
        const auto message = write_letter(letter, facts("fr-CA"), "1");
        EXPECT_TRUE(message.text.contains("\nhttps://app.example.com/x#token\n")) << message.text;
        EXPECT_TRUE(message.html.contains("<a href=\"https://app.example.com/x#token\">")) << message.html;
    }
}

// An invitation goes to anybody's address, and says what its sender chose to be called.
TEST(Letters, speak_for_nobody_who_put_a_link_or_markup_into_a_name) {
    LetterFacts hostile = facts("en-CA");
    hostile.inviter = "Win at https://evil.example/now or www.evil.example";
    hostile.company = "<b>Maple</b>\r\nBcc: x@y.z " + std::string(200, 'x');
    const auto message = write_letter(Letter::invitation, hostile, "1");
    for (const std::string& text : {message.subject, message.text, message.html}) {
        EXPECT_FALSE(text.contains("evil.example")) << text;
        EXPECT_FALSE(text.contains("https://evil")) << text;
        EXPECT_FALSE(text.contains("x@y")) << text;
        EXPECT_FALSE(text.contains(std::string(61, 'x'))) << text;
    }
    EXPECT_FALSE(message.html.contains("<b>")) << message.html;
    EXPECT_FALSE(message.subject.contains('\n'));
}

TEST(Passwords, that_everybody_tries_are_known_in_any_capitals) {
    for (const char* word : {"qwerty123456", "QWERTY123456", "1qaz2wsx3edc", "leavemealone", "123456123456"})
        EXPECT_TRUE(is_guessed_first(word)) << word;
    for (const char* word : {"", "correct horse battery", "qwerty123456!", "unlisted and long"})
        EXPECT_FALSE(is_guessed_first(word)) << word;
    EXPECT_EQ(guessed_list.size(), 5000 * 8);
}

}  // namespace

}  // namespace mobilytics::auth
