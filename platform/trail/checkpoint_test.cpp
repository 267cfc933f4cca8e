#include "platform/trail/checkpoint.hpp"

#include <gmock/gmock.h>

#include <format>

namespace mobilytics::trail {
namespace {

crypto::SigningKey key_of(std::uint8_t byte) {
    crypto::SigningKey::Seed seed{};
    seed.fill(byte);
    return crypto::SigningKey{seed};
}

const Checkpoint some{.company = ids::from_hex("01958000-0000-7000-8000-000000000001").value(),
                      .link = {4711, db::Bytes(32, std::byte{7})},
                      .at = clock::Instant{},
                      .previous = std::string(64, 'a')};

TEST(Checkpoint, what_was_signed_is_read_back) {
    const auto key = key_of(1);
    EXPECT_EQ(open_note(signed_note(some, key), key.public_key()), some);
    Checkpoint first = some;
    first.previous.clear();
    EXPECT_EQ(open_note(signed_note(first, key), key.public_key()), first);
}

TEST(Checkpoint, it_has_the_form_of_a_signed_note) {
    EXPECT_THAT(signed_note(some, key_of(1)),
                testing::StartsWith(
                    std::format("mobilytics.audit/01958000-0000-7000-8000-000000000001\n4711\n"
                                "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\nat 1970-01-01T00:00:00.000Z\n"
                                "previous {}\n\n\u2014 mobilytics-audit ",
                                some.previous)));
}

TEST(Checkpoint, no_byte_of_it_can_be_another) {
    const auto key = key_of(1);
    const auto note = signed_note(some, key);
    for (std::size_t i = 0; i < note.size(); ++i) {
        auto changed = note;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(open_note(changed, key.public_key())) << i;
        EXPECT_FALSE(open_note(note.substr(0, i), key.public_key())) << i;
    }
    EXPECT_FALSE(open_note(note + "\n", key.public_key()));
}

TEST(Checkpoint, another_key_is_told_apart) {
    EXPECT_EQ(open_note(signed_note(some, key_of(1)), key_of(2).public_key()).error(), "is signed with another key");
}

TEST(Checkpoint, names_ascend_with_the_events) {
    EXPECT_EQ(name_of(some), "audit/01958000-0000-7000-8000-000000000001/000000004711.note");
    EXPECT_TRUE(name_of(some).starts_with(names_of(some.company)));
}

}  // namespace
}  // namespace mobilytics::trail
