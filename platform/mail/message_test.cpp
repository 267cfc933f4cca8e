#include "platform/mail/message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/mail/mailer.hpp"
#include "platform/mail/quoted.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::mail {

namespace {

const clock::Instant at = clock::from_rfc3339("2026-03-08T07:05:09Z").value();
const Mailbox from{"Mobilytics", "no-reply@example.com"};

Message plain() { return {"01abc", {"Ada", "ada@example.com"}, "en-CA", "Hello", "Hi.\n", "<p>Hi.</p>\n"}; }

std::string header(const std::string& bytes, const std::string& name) {
    const auto begin = bytes.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return "(absent)";
    auto end = bytes.find("\r\n", begin + 2);
    while (bytes[end + 2] == ' ') end = bytes.find("\r\n", end + 2);
    return bytes.substr(begin + name.size() + 4, end - begin - name.size() - 4);
}

std::size_t header_lines(const std::string& bytes) {
    std::size_t lines = 0;
    for (std::size_t i = 0; i < bytes.find("\r\n\r\n"); i = bytes.find("\r\n", i) + 2) ++lines;
    return lines;
}

TEST(Message, is_text_and_html_under_the_headers_of_a_letter_by_a_program) {
    EXPECT_EQ(compose(plain(), from, at),
              "From: \"Mobilytics\" <no-reply@example.com>\r\n"
              "To: \"Ada\" <ada@example.com>\r\n"
              "Subject: Hello\r\n"
              "Date: Sun, 08 Mar 2026 07:05:09 +0000\r\n"
              "Message-ID: <01abc@example.com>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "Content-Language: en-CA\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: multipart/alternative; boundary=\"=_01abc\"\r\n"
              "\r\n"
              "--=_01abc\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "Hi.\r\n"
              "\r\n"
              "--=_01abc\r\n"
              "Content-Type: text/html; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "<p>Hi.</p>\r\n"
              "\r\n"
              "--=_01abc--\r\n");
}

// Every way into the next header or command, in every field that somebody outside may choose.
TEST(Message, cannot_be_given_headers_by_what_people_type) {
    const auto lines = header_lines(compose(plain(), from, at));
    for (const std::string bad :
         {"x\r\nBcc: victim@example.com", "x\nBcc: victim@example.com", "x\rBcc: y", "x\r\n\r\nbody",
          "\r\n.\r\nMAIL FROM:<x@y>", "x\" <victim@example.com>, \"y", "=?UTF-8?Q?x=0D=0ABcc:_y?="}) {
        Message message = plain();
        message.subject = bad;
        message.to.name = bad;
        message.language = bad;
        message.id = bad;
        const std::string bytes = compose(message, {bad, from.address}, at);
        // Folded lines begin with a blank, so that they belong to their header.
        std::size_t own = 0;
        for (std::size_t i = 0; i < bytes.find("\r\n\r\n"); i = bytes.find("\r\n", i) + 2) own += bytes[i] != ' ';
        EXPECT_EQ(own, lines) << bad;
        EXPECT_EQ(header(bytes, "Bcc"), "(absent)");
        EXPECT_FALSE(bytes.substr(0, bytes.find("\r\n\r\n")).contains("victim@example.com>,")) << bytes;
    }
}

TEST(Message, goes_to_no_address_that_could_say_more_than_an_address) {
    for (const char* bad :
         {"", "ada", "@example.com", "ada@", "ada@example.com\r\nBcc: x@y.z", "ada@example.com>", "<ada@example.com",
          "ada@example.com> SIZE=1", "a b@example.com", "ada@example.com,x@y.z", "\"a\"@example.com", "ada@[127.0.0.1]",
          "ada..b@example.com", ".ada@example.com", "ada@example..com", "ada@@example.com", "élise@example.com",
          "ada@example.com\n", "ada\x7f@example.com"}) {
        Message message = plain();
        message.to.address = bad;
        EXPECT_FALSE(is_address(bad)) << bad;
        EXPECT_THROW(compose(message, from, at), Problem) << bad;
    }
    EXPECT_FALSE(is_address(std::string(250, 'a') + "@b.ca"));
    for (const char* good : {"ada@example.com", "a.b+c@x-y.example", "o'neil@example.com", "a@b"})
        EXPECT_TRUE(is_address(good)) << good;
}

TEST(Message, names_its_sender_as_it_was_configured) {
    EXPECT_EQ(mailbox_from("ops@example.com").address, "ops@example.com");
    const Mailbox box = mailbox_from("Mobilytics Canada <ops@example.com>");
    EXPECT_EQ(box.name + "|" + box.address, "Mobilytics Canada|ops@example.com");
    EXPECT_THROW(mailbox_from("Mobilytics"), Problem);
    EXPECT_THROW(mailbox_from("Mobilytics <>"), Problem);
}

TEST(Message, encodes_headers_beyond_ascii_in_words_that_are_whole) {
    EXPECT_EQ(encoded_words("Élise"), "=?UTF-8?Q?=C3=89lise?=");
    Message message = plain();
    for (int i = 0; i < 30; ++i) message.subject += " été";
    const std::string subject = header(compose(message, from, at), "Subject");
    std::size_t words = 0;
    for (std::size_t i = 0; i < subject.size();
         i = subject.find("\r\n ", i), i = i == std::string::npos ? subject.size() : i + 3) {
        const std::string word = subject.substr(i, subject.find("\r\n", i) - i);
        EXPECT_LE(word.size(), 64);
        EXPECT_TRUE(word.starts_with("=?UTF-8?Q?") && word.ends_with("?=")) << word;
        EXPECT_FALSE(word.ends_with("=C3?=")) << "a character was cut in two";
        ++words;
    }
    EXPECT_GT(words, 3);
}

TEST(Message, keeps_its_lines_short_and_loses_no_blank) {
    EXPECT_EQ(quoted_printable("a=b\n"), "a=3Db\r\n");
    EXPECT_EQ(quoted_printable("ends with a blank \n"), "ends with a blank=20\r\n");
    EXPECT_EQ(quoted_printable("tab\there"), "tab=09here\r\n");
    EXPECT_EQ(quoted_printable("a\r\nb\n\nc"), "a\r\nb\r\n\r\nc\r\n");
    EXPECT_EQ(quoted_printable("é"), "=C3=A9\r\n");
    const std::string wrapped = quoted_printable(std::string(200, 'x') + "é\n");
    for (std::size_t i = 0; i < wrapped.size();) {
        const auto end = wrapped.find("\r\n", i);
        EXPECT_LE(end - i, 76);
        i = end + 2;
    }
    EXPECT_EQ(quoted_printable(std::string(76, 'x')), std::string(76, 'x') + "\r\n");
}

TEST(Smtp, refuses_settings_that_would_show_a_password_to_the_network) {
    EXPECT_THROW(over_smtp({.url = "smtp://mail.example.com:25", .user = "u", .password = "p", .starttls = false}),
                 std::invalid_argument);
    EXPECT_THROW(over_smtp({.url = "http://mail.example.com"}), std::invalid_argument);
    EXPECT_THROW(over_smtp({.url = "smtp://localhost.example.com", .user = "u", .starttls = false}),
                 std::invalid_argument);
    EXPECT_NO_THROW(over_smtp({.url = "smtp://127.0.0.1:2525", .user = "u", .password = "p", .starttls = false}));
    EXPECT_NO_THROW(over_smtp({.url = "smtps://mail.example.com", .user = "u", .password = "p", .starttls = false}));
    EXPECT_NO_THROW(over_smtp({.url = "smtp://mail.example.com", .user = "u", .password = "p"}));
}

}  // namespace

}  // namespace mobilytics::mail
