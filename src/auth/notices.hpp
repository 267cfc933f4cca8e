#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/letters.hpp"

// What the people of a company are told by mail without having asked. Each of them may do without, but not without what
// guards the company; letters that guard an account are none of these and are always sent. What staff are told of the
// product itself is sent by the room that finds it, and is chosen here as well.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

enum class Topic {
    webhook_disabled,    // by the product, because nothing got through; who may manage webhooks
    api_key_ending,      // within key_warning; who may manage keys
    member_joined,       // who may manage members
    token_reused,        // it is in two hands; who may manage keys, always
    company_suspended,   // by staff; owners, always
    company_reinstated,  // the same
};

inline constexpr std::chrono::days key_warning{7};

Permission permission_for(Topic topic);

// Nothing for an event that no letter is about.
std::optional<Topic> topic_of(const trail::Recorded& event);

struct Wishes {
    bool webhook_disabled = true;
    bool api_key_ending = true;
    bool member_joined = true;
    bool alert_fired = true;
};

struct WishesPatch {
    std::optional<bool> webhook_disabled;
    std::optional<bool> api_key_ending;
    std::optional<bool> member_joined;
    std::optional<bool> alert_fired;
};

// The job that writes to the members; its payload.
struct News {
    CompanyId company_id;
    Topic topic = Topic::member_joined;
    std::string subject;  // name of the thing; of a person `by` says who
    std::string day;      // "2026-12-05", where there is one
    std::string by;       // printed id of who did it, and need not be told
};

class Notices {
public:
    Notices(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, trail::Trail& trail,
            Letters& letters);

    // In all companies of the person.
    Task<Wishes> wishes(Person actor);
    Task<Wishes> change(Person actor, WishesPatch patch);

    // In the transaction of the event.
    Task<void> hear(db::Session& session, const trail::Recorded& event);

    // By the jobs.
    Task<void> tell_members(jobs::Job job, News news);
    Task<void> look_for_ending_keys();

private:
    Task<std::string> subject_of(db::Session& session, News news);

    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Queue& queue_;
    trail::Trail& trail_;
    Letters& letters_;
};

void add_routes(http::Router& router, Notices& notices);
void add_jobs(jobs::Runner& runner, Notices& notices);
void subscribe(trail::Trail& trail, Notices& notices);

}  // namespace mobilytics::auth
