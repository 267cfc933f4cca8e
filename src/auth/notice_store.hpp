#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/notices.hpp"

// Rows of what people do without, and of whom a letter goes to.
namespace mobilytics::auth::store {

// By their names: a Topic's, or staff's letters.
Task<std::vector<std::string>> muted_topics(db::Database& database, UserId user);
// Two changes of one person wait for each other.
Task<std::vector<std::string>> hold_muted_topics(db::Session& session, UserId user);
Task<void> mute_topic(db::Session& session, UserId user, std::string_view topic, bool muted);

struct Reader {
    UserId user;
    Role role = Role::viewer;
};

// Members who can sign in and have not muted the topic.
Task<std::vector<Reader>> readers_of(db::Session& session, CompanyId company, Topic topic);

// Is a member who can sign in.
Task<bool> is_reader(db::Database& database, CompanyId company, UserId user);

struct EndingKey {
    CompanyId company;
    std::string name;
    clock::Instant expires_at;
};

// Good keys of all companies that end in the span, each returned once for each end it is given.
Task<std::vector<EndingKey>> take_ending_keys(db::Session& session, clock::Instant now, clock::Instant until);

}  // namespace mobilytics::auth::store
