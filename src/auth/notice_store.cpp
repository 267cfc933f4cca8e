#include "src/auth/notice_store.hpp"

#include <format>
#include <stdexcept>

#include "platform/json/enum_names.hpp"
#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

struct ReaderRow {
    UserId user;
    std::string role;
};

std::vector<Topic> topics_of(const std::vector<std::string>& names) {
    std::vector<Topic> topics;
    for (const auto& name : names) {
        const auto topic = json::value_named<Topic>(name);
        if (!topic) throw std::logic_error{std::format("the database holds a topic named '{}'", name)};
        topics.push_back(*topic);
    }
    return topics;
}

std::string text_of(Topic topic) { return std::string{json::name_of(topic)}; }

}  // namespace

Task<std::vector<Topic>> muted_topics(db::Database& database, UserId user) {
    co_return topics_of(co_await database.many<std::string>(db::Scope::nobody(), sql::muted_topics, user));
}

Task<std::vector<Topic>> hold_muted_topics(db::Session& session, UserId user) {
    co_await session.exec(sql::hold_user, user);
    co_return topics_of(co_await session.many<std::string>(sql::muted_topics, user));
}

Task<void> mute_topic(db::Session& session, UserId user, Topic topic, bool muted) {
    if (muted)
        co_await session.exec(sql::mute_topic, user, text_of(topic));
    else
        co_await session.exec(sql::unmute_topic, user, text_of(topic));
}

Task<std::vector<Reader>> readers_of(db::Session& session, CompanyId company, Topic topic) {
    std::vector<Reader> readers;
    for (auto& row : co_await session.many<ReaderRow>(sql::readers_of, company, text_of(topic)))
        readers.push_back({row.user, role_of(row.role)});
    co_return readers;
}

Task<std::vector<EndingKey>> take_ending_keys(db::Session& session, clock::Instant now, clock::Instant until) {
    return session.many<EndingKey>(sql::take_ending_keys, now, until);
}

}  // namespace mobilytics::auth::store
