#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/ids/id.hpp"
#include "platform/trace/cause.hpp"
#include "platform/trail/changes.hpp"

// The trail of what was done, by whom and from where: one event for each key action, written in the transaction of the
// change, so that neither can exist without the other. Events of a company are numbered without a gap, and each holds
// the hash of the one before, so that an event that was changed, swapped, put in or taken out shows. An event is also
// what other rooms and the outside world are told of: whoever subscribed is called in the same transaction.
namespace mobilytics::trail {

struct EventTag {
    static constexpr std::string_view prefix = "evt";
};
using EventId = ids::Id<EventTag>;

// Who acts, as the edge or the job found out. Texts may be of any length and bytes; they are cut and cleaned when
// stored.
struct By {
    // person, staff, key, device, job, operator (the command line), or anyone (not signed in)
    std::string kind;
    std::string id;            // printed: "usr_...", "key_..."; a job's kind; empty for anyone
    std::string label;         // for readers: a name, where one is at hand
    std::string impersonator;  // printed id of the member of staff behind a person; else empty
    std::string session;       // printed id, of a person's session
    std::string method;        // how they proved who they are: "session", "provider", "key", "token"
    std::string address;       // of the caller
    std::string user_agent;
    std::string request_id;
    std::string trace_id;
    bool sampled = false;  // whether somebody records the trace; not kept

    // For what follows from the event: jobs, requests to others.
    trace::Cause cause() const;
};

// Somebody at the command line of the machine: the operating system knows who.
inline By by_operator() { return {.kind = "operator"}; }

enum class Outcome { success, refused };

struct Entry {
    std::string action;          // "campaign.launched": the noun, a dot, what happened to it
    std::string resource_id;     // printed; its prefix says what it is. Empty where there is none
    std::string resource_label;  // its name then
    Changes changes{};
    Outcome outcome = Outcome::success;
    std::string reason{};  // why it was done or refused, where somebody said so
};

// An event as it was written.
struct Recorded {
    EventId id;
    ids::Uuid company;  // nil: of no company
    std::int64_t sequence = 0;
    clock::Instant at;
    By by;
    Entry entry;
};

// Whose events are those of no company: sign-ins that were refused, staff, device models, people's own accounts.
inline constexpr ids::Uuid no_company{};

class Trail {
public:
    using Listener = std::function<Task<void>(db::Session& session, const Recorded& event)>;

    explicit Trail(const clock::Clock& clock) : clock_{clock} {}

    // While the program is put together. Called for every event, in its transaction; what it throws undoes the change.
    void subscribe(Listener listener) { listeners_.push_back(std::move(listener)); }

    // The session's scope must reach the company: its own, or the system's, which alone reaches the events of no
    // company (nil). Until the transaction ends other events of the same company wait: record late.
    Task<EventId> record(db::Session& session, ids::Uuid company, By by, Entry entry);

    template <class CompanyId>
    Task<EventId> record(db::Session& session, const CompanyId& company, By by, Entry entry) {
        return record(session, company.uuid, std::move(by), std::move(entry));
    }

private:
    const clock::Clock& clock_;
    std::vector<Listener> listeners_;
};

}  // namespace mobilytics::trail
