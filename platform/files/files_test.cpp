#include "platform/files/files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "platform/testing/folder.hpp"

namespace mobilytics::files {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

auto entries_of(const fs::path& folder) { return std::distance(fs::directory_iterator{folder}, {}); }

TEST(Files, that_are_new_replace_nothing) {
    const test::Folder folder;
    const auto file = folder.path() / "a" / "b";
    EXPECT_TRUE(put_new(file, "one"));
    EXPECT_FALSE(put_new(file, "two"));
    EXPECT_EQ(content_of(file), "one");
    EXPECT_EQ(entries_of(file.parent_path()), 1) << "no draft is left there";
}

TEST(Files, that_take_a_place_replace_what_was_there) {
    const test::Folder folder;
    const auto file = folder.path() / "a";
    put(file, "one");
    put(file, std::string_view{"t\0o", 3});
    EXPECT_EQ(content_of(file), (std::string{"t\0o", 3}));
    EXPECT_EQ(entries_of(folder.path()), 1);
}

TEST(Files, are_their_owners_alone) {
    const test::Folder folder;
    put_new(folder.path() / "a", "");
    put(folder.path() / "b", "");
    for (const char* name : {"a", "b"})
        EXPECT_EQ(fs::status(folder.path() / name).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Files, that_cannot_be_written_say_so_and_leave_nothing) {
    const test::Folder folder;
    put_new(folder.path() / "a", "");
    EXPECT_THROW(put_new(folder.path() / "a" / "b", ""), fs::filesystem_error);
    fs::create_directory(folder.path() / "c");
    EXPECT_THROW(put(folder.path() / "c", ""), fs::filesystem_error);
    EXPECT_EQ(entries_of(folder.path()), 2);
}

}  // namespace
}  // namespace mobilytics::files
