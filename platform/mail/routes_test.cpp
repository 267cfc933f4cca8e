#include "platform/mail/routes.hpp"

#include <filesystem>
#include <format>

#include "platform/mail/mailer.hpp"
#include "platform/testing/database.hpp"
#include "platform/testing/folder.hpp"
#include "platform/testing/routes.hpp"

namespace mobilytics::mail {

namespace {

using Headers = std::map<std::string, std::string>;
const Headers at_the_machine{{"Host", "localhost:8080"}};

class MailPage : public test::DatabaseTest {
protected:
    MailPage() { add_routes(router, folder); }

    void send(const std::string& id, const std::string& subject) {
        run(mailer.deliver(
            {id, {"Ada", "ada@example.com"}, "en-CA", subject, "Open http://x.test/a#b&c now\n", "<p></p>"}));
    }

    test::Answer get(std::string path, Headers headers = at_the_machine) {
        return run(test::Caller{router}.call("GET " + path, "", std::move(headers)));
    }

    const test::Folder place;
    const std::filesystem::path folder = place.path() / "mail";
    Mailer mailer{clock(), {"Mobilytics", "no-reply@example.com"}, into_folder(folder)};
    http::Router router;
};

TEST_F(MailPage, shows_the_letters_that_were_kept) {
    EXPECT_EQ(get("/dev/mail.json").items_at("/items"), 0);
    send("one", "First & <best>");
    clock().set(clock().now() + std::chrono::seconds{1});
    send("two", "Second");
    const auto list = get("/dev/mail.json");
    EXPECT_EQ(list.at("/items/0/subject") + "|" + list.at("/items/1/subject"), "First & <best>|Second");
    EXPECT_EQ(list.at("/items/0/to"), "ada@example.com");
    const auto page = get("/dev/mail");
    EXPECT_TRUE(page.body.contains("First &amp; &lt;best>")) << page.body;
    EXPECT_TRUE(page.body.contains(R"(<a href="http://x.test/a#b&amp;c">http://x.test/a#b&amp;c</a> now)"))
        << page.body;
    const auto letter = get("/dev/mail/2026-03-08T070000000Z-one");
    EXPECT_TRUE(letter.body.starts_with("From: \"Mobilytics\"")) << letter.body;
    EXPECT_EQ(get("/dev/mail/other").at("/code"), "mail.not_found");
    EXPECT_EQ(get("/dev/mail/..%2f..%2fetc%2fpasswd").status, 404);
}

TEST_F(MailPage, is_written_for_the_servers_own_user) {
    send("one", "Hello");
    namespace fs = std::filesystem;
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
    for (const auto& file : fs::directory_iterator{folder})
        EXPECT_EQ(file.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << file.path();
}

// A page of another site cannot name us, a proxy gives itself away, and to both there is no such page.
TEST_F(MailPage, is_there_only_for_a_browser_on_this_machine) {
    send("one", "Hello");
    const std::vector<Headers> strangers = {
        {{"Host", "app.example.com"}},
        {},
        {{"Host", "localhost.evil.example"}},
        {{"Host", "localhost:8080"}, {"X-Forwarded-For", "203.0.113.7"}},
        {{"Host", "localhost:8080"}, {"Forwarded", "for=203.0.113.7"}},
        {{"Host", "localhost:8080"}, {"Via", "1.1 proxy"}},
        {{"Host", "localhost:8080"}, {"Sec-Fetch-Site", "cross-site"}},
    };
    for (const std::string path : {"/dev/mail", "/dev/mail.json", "/dev/mail/2026-03-08T070000000Z-one"}) {
        for (const Headers& headers : strangers) EXPECT_EQ(get(path, headers).at("/code"), "mail.not_shown") << path;
        EXPECT_EQ(get(path).status, 200) << path;
    }
}

}  // namespace

}  // namespace mobilytics::mail
