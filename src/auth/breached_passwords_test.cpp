#include "src/auth/breached_passwords.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "platform/crypto/sha1.hpp"
#include "platform/testing/folder.hpp"

namespace mobilytics::auth {

namespace {

std::string word(int number) { return "a stolen password " + std::to_string(number); }

// As the list comes: every line as long as its count makes it.
std::filesystem::path write(const test::Folder& folder, int words, std::string_view line_end = "\r\n") {
    std::vector<std::string> lines;
    for (int i = 0; i < words; ++i)
        lines.push_back(crypto::sha1_hex(word(i)) + ":" + std::string(static_cast<std::size_t>(1 + i % 9), '7'));
    std::ranges::sort(lines);
    std::ofstream file{folder.path() / "list.txt", std::ios::binary};
    for (const auto& line : lines) file << line << line_end;
    return folder.path() / "list.txt";
}

TEST(Sha1, IsTheOneOfTheStandard) { EXPECT_EQ(crypto::sha1_hex("abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D"); }

TEST(BreachedPasswords, are_found_wherever_they_stand) {
    const test::Folder folder;
    for (const int words : {1, 2, 3, 1000}) {
        const BreachedPasswords list{write(folder, words)};
        for (int i = 0; i < words; ++i) EXPECT_TRUE(list.contains(word(i))) << i << " of " << words;
        for (int i = words; i < words + 200; ++i) EXPECT_FALSE(list.contains(word(i))) << i << " of " << words;
    }
    const BreachedPasswords unix{write(folder, 50, "\n")};
    EXPECT_TRUE(unix.contains(word(49)));
    EXPECT_FALSE(unix.contains(""));
}

TEST(BreachedPasswords, a_file_of_another_form_stops_the_start) {
    const test::Folder folder;
    EXPECT_THROW(BreachedPasswords{folder.path() / "missing"}, std::runtime_error);
    for (const std::string text : {"", "hunter2\n", "cbfdac6008f9cab4083784cbd1874f76618d2a97:1\n"}) {
        std::ofstream{folder.path() / "other.txt"} << text;
        EXPECT_THROW(BreachedPasswords{folder.path() / "other.txt"}, std::runtime_error) << text;
    }
}

}  // namespace

}  // namespace mobilytics::auth
