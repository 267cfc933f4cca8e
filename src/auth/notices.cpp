#include "src/auth/notices.hpp"

#include <format>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "platform/json/escape.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/notice_store.hpp"
#include "src/auth/staff.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

Letter letter_of(Topic topic) {
    switch (topic) {
        case Topic::webhook_disabled:
            return Letter::webhook_disabled;
        case Topic::api_key_ending:
            return Letter::api_key_ending;
        case Topic::member_joined:
            return Letter::member_joined;
        case Topic::token_reused:
            return Letter::token_reused;
        case Topic::company_suspended:
            return Letter::company_suspended;
        case Topic::company_reinstated:
            return Letter::company_reinstated;
    }
    std::unreachable();
}

struct Switch {
    std::string_view topic;
    bool Wishes::* wish;
    std::optional<bool> WishesPatch::* change;
};

// Those that a person may do without.
constexpr Switch switches[] = {
    {json::name_of(Topic::webhook_disabled), &Wishes::webhook_disabled, &WishesPatch::webhook_disabled},
    {json::name_of(Topic::api_key_ending), &Wishes::api_key_ending, &WishesPatch::api_key_ending},
    {json::name_of(Topic::member_joined), &Wishes::member_joined, &WishesPatch::member_joined},
    {alert_letters, &Wishes::alert_fired, &WishesPatch::alert_fired},
};

Wishes wishes_without(const std::vector<std::string>& muted) {
    Wishes wishes;
    for (const auto& [topic, wish, change] : switches)
        if (std::ranges::contains(muted, topic)) wishes.*wish = false;
    return wishes;
}

jobs::NewJob job_of(const News& news, trace::Cause cause) {
    using json::text_literal;
    return {.kind = "auth.tell_members",
            .company = news.company_id.uuid,
            .payload = std::format(R"({{"company_id":"{}","topic":"{}","subject":{},"day":{},"by":{}}})",
                                   news.company_id.text(), json::name_of(news.topic), text_literal(news.subject),
                                   text_literal(news.day), text_literal(news.by)),
            .cause = std::move(cause)};
}

}  // namespace

Permission permission_for(Topic topic) {
    switch (topic) {
        case Topic::webhook_disabled:
            return Permission::webhooks_manage;
        case Topic::api_key_ending:
            return Permission::api_keys_manage;
        case Topic::member_joined:
            return Permission::members_manage;
        case Topic::token_reused:
            return Permission::api_keys_manage;
        case Topic::company_suspended:
        case Topic::company_reinstated:
            return Permission::members_manage;
    }
    std::unreachable();
}

std::optional<Topic> topic_of(const trail::Recorded& event) {
    if (event.entry.action == "webhook.disabled" && event.by.kind == "job") return Topic::webhook_disabled;
    if (event.entry.action == "invitation.accepted") return Topic::member_joined;
    if (event.entry.action == "token.reused") return Topic::token_reused;
    if (event.entry.action == "company.suspended") return Topic::company_suspended;
    if (event.entry.action == "company.reinstated") return Topic::company_reinstated;
    return std::nullopt;
}

Notices::Notices(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, trail::Trail& trail,
                 Letters& letters)
    : database_{database}, clock_{clock}, queue_{queue}, trail_{trail}, letters_{letters} {}

Task<Wishes> Notices::wishes(Person actor) {
    co_return wishes_without(co_await store::muted_topics(database_, actor.user));
}

Task<Wishes> Notices::change(Person actor, WishesPatch patch) {
    // System scope: the trail of what belongs to no company.
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<Wishes> {
        Wishes wishes = wishes_without(co_await store::hold_muted_topics(session, actor.user));
        auto entry = account_entry("account.notifications_changed", actor.user, "");
        for (const auto& [topic, wish, change] : switches) {
            const bool before = wishes.*wish, after = (patch.*change).value_or(before);
            if (after == before) continue;
            co_await store::mute_topic(session, actor.user, topic, !after);
            entry.changes.field(std::string{topic}, before, after);
            wishes.*wish = after;
        }
        if (!entry.changes.empty()) co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
        co_return wishes;
    });
}

Task<void> Notices::hear(db::Session& session, const trail::Recorded& event) {
    const auto topic = topic_of(event);
    if (!topic) co_return;
    const News news{.company_id = CompanyId{event.company},
                    .topic = *topic,
                    .subject = *topic == Topic::member_joined ? "" : event.entry.resource_label,
                    .day = {},
                    .by = event.by.id};
    co_await queue_.enqueue(session, job_of(news, event.by.cause()));
}

Task<void> Notices::tell_members(jobs::Job job, News news) {
    co_await database_.transaction(db::Scope::of(news.company_id), [&](db::Session& session) -> Task<void> {
        const auto subject = co_await subject_of(session, news);
        for (const auto& reader : co_await store::readers_of(session, news.company_id, news.topic)) {
            if (!allows(reader.role, permission_for(news.topic)) || reader.user.text() == news.by) continue;
            Notice notice = notice_to(reader.user, letter_of(news.topic));
            notice.company_id = news.company_id;
            notice.day = news.day;
            notice.subject = subject;
            co_await letters_.notify(session, std::move(notice), job.cause);
        }
        // With the letters or not at all: nobody is told twice when this job runs twice.
        co_await queue_.finish(session, job);
    });
}

// Of a person the job knows the id alone.
Task<std::string> Notices::subject_of(db::Session& session, News news) {
    if (news.topic != Topic::member_joined) co_return std::move(news.subject);
    const auto id = UserId::parse(news.by);
    if (!id) co_return std::string{};
    const auto person = co_await store::find_user(session, *id);
    co_return person ? person->name : std::string{};
}

Task<void> Notices::look_for_ending_keys() {
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        std::vector<jobs::NewJob> letters;
        for (const auto& key : co_await store::take_ending_keys(session, now, now + key_warning)) {
            const News news{.company_id = key.company,
                            .topic = Topic::api_key_ending,
                            .subject = key.name,
                            .day = clock::to_rfc3339(key.expires_at).substr(0, 10),
                            .by = {}};
            letters.push_back(job_of(news, {}));
        }
        co_await queue_.enqueue_all(session, std::move(letters));
    });
}

void subscribe(trail::Trail& trail, Notices& notices) {
    trail.subscribe([&notices](db::Session& session, const trail::Recorded& event) -> Task<void> {
        co_await notices.hear(session, event);
    });
}

}  // namespace mobilytics::auth
