#include "src/auth/notice_store.hpp"

#include "platform/json/enum_names.hpp"
#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

struct ReaderRow {
    UserId user;
    std::string role;
};

}  // namespace

Task<std::vector<std::string>> muted_topics(db::Database& database, UserId user) {
    return database.many<std::string>(db::Scope::nobody(), sql::muted_topics, user);
}

Task<std::vector<std::string>> hold_muted_topics(db::Session& session, UserId user) {
    co_await session.exec(sql::hold_user, user);
    co_return co_await session.many<std::string>(sql::muted_topics, user);
}

Task<void> mute_topic(db::Session& session, UserId user, std::string_view topic, bool muted) {
    if (muted)
        co_await session.exec(sql::mute_topic, user, std::string{topic});
    else
        co_await session.exec(sql::unmute_topic, user, std::string{topic});
}

Task<std::vector<Reader>> readers_of(db::Session& session, CompanyId company, Topic topic) {
    std::vector<Reader> readers;
    for (auto& row : co_await session.many<ReaderRow>(sql::readers_of, company, std::string{json::name_of(topic)}))
        readers.push_back({row.user, role_of(row.role)});
    co_return readers;
}

Task<bool> is_reader(db::Database& database, CompanyId company, UserId user) {
    return database.one<bool>(db::Scope::of(company), sql::is_reader, company, user);
}

Task<std::vector<EndingKey>> take_ending_keys(db::Session& session, clock::Instant now, clock::Instant until) {
    return session.many<EndingKey>(sql::take_ending_keys, now, until);
}

}  // namespace mobilytics::auth::store
