#include "platform/objects/objects.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "platform/objects/s3_answers.hpp"
#include "platform/testing/folder.hpp"

namespace mobilytics::objects {
namespace {

using testing::ElementsAre;

class FolderTest : public testing::Test {
protected:
    const test::Folder folder_;
    std::unique_ptr<Objects> objects_ = in_folder(folder_.path() / "objects");
};

TEST_F(FolderTest, what_was_put_is_there_to_get) {
    EXPECT_TRUE(objects_->put_new("audit/a/1.note", std::string_view{"one\0\xff", 5}));
    EXPECT_EQ(objects_->get("audit/a/1.note"), (std::string{"one\0\xff", 5}));
    EXPECT_EQ(objects_->get("audit/a/2.note"), std::nullopt);
}

TEST_F(FolderTest, nothing_is_ever_replaced) {
    EXPECT_TRUE(objects_->put_new("a", "one"));
    EXPECT_FALSE(objects_->put_new("a", "two"));
    EXPECT_EQ(objects_->get("a"), "one");
    EXPECT_THAT(objects_->list(""), ElementsAre("a"));
}

TEST_F(FolderTest, of_two_who_put_at_once_one_wins) {
    int won = 0;
    for (int i = 0; i < 50; ++i) {
        bool first = false;
        bool second = false;
        const auto name = "n" + std::to_string(i);
        {
            std::jthread other{[&] { first = objects_->put_new(name, "first"); }};
            second = objects_->put_new(name, "second");
        }
        EXPECT_NE(first, second);
        won += objects_->get(name) == (first ? "first" : "second") ? 1 : 0;
    }
    EXPECT_EQ(won, 50);
}

TEST_F(FolderTest, lists_come_in_order_and_by_prefix) {
    EXPECT_THAT(objects_->list("audit/"), ElementsAre());
    for (const char* name : {"audit/b/2", "audit/a/10", "audit/a/02", "other"}) objects_->put_new(name, "");
    EXPECT_THAT(objects_->list("audit/a/"), ElementsAre("audit/a/02", "audit/a/10"));
    EXPECT_THAT(objects_->list(""), ElementsAre("audit/a/02", "audit/a/10", "audit/b/2", "other"));
}

TEST_F(FolderTest, a_name_cannot_leave_the_folder) {
    for (const char* name : {"", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".part-x", "a b", "a\nb", "a%2f"})
        EXPECT_THROW(objects_->put_new(name, ""), std::invalid_argument) << name;
}

TEST_F(FolderTest, a_folder_that_cannot_be_written_says_so) {
    objects_->put_new("a", "");
    EXPECT_THROW(objects_->put_new("a/b", ""), std::exception);
}

TEST(ListAnswer, keys_and_the_token_are_read) {
    const auto page = read_list(
        "<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name><NextContinuationToken>t==</NextContinuationToken>"
        "<Contents><Key>audit/1</Key><Size>1</Size></Contents><Contents><Key>audit/2</Key></Contents>"
        "</ListBucketResult>");
    EXPECT_THAT(page.names, ElementsAre("audit/1", "audit/2"));
    EXPECT_EQ(page.next, "t==");
    EXPECT_TRUE(read_list("<Error/>").names.empty());
    EXPECT_TRUE(read_list("<Key>").names.empty());
    EXPECT_EQ(read_error("<Error><Code>AccessDenied</Code><Message>No</Message></Error>"), "AccessDenied");
    EXPECT_EQ(read_error("no XML"), "");
}

}  // namespace
}  // namespace mobilytics::objects
