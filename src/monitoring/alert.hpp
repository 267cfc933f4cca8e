#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"

// What is wrong with the product as the product itself can tell: rules over measured values. Pure. What is behind each
// number and why: docs/decisions/0020-alerts.md.
namespace mobilytics::monitoring {

using clock::Instant;

enum class Rule {
    dead_jobs,           // of a kind; how many
    jobs_waiting,        // of a kind; how long the first of the due ones has been waiting
    no_leader,           // how long nobody has kept the jobs' calendar
    mail_failing,        // letters that were tried three times and still wait
    rollups_behind,      // how long the oldest mark has been waiting for a refresh
    checkpoint_overdue,  // how long ago the trail was last signed
    trail_broken,        // chains that are not what was written
    webhooks_disabled,   // in the last day, by the product
    check_failing,       // of readiness, of a process; 1 while it fails
    files_low,           // of a process; the share of its files that is open
    disk_low,            // of a process; the share of its home's disk that is full
};

enum class Severity { page, ticket };  // wake somebody; or let somebody look within the day

enum class Measure { count, seconds, share };

struct Terms {
    Rule rule;
    Severity severity = Severity::ticket;
    Measure measure = Measure::count;
    double fires_at = 1;        // this much or more is bad
    double calm_below = 1;      // less than this is well; in between an alert stays what it is
    std::chrono::seconds held;  // fires after being bad for so long, ends after being well for so long
    bool of_process = false;    // what it is about is a process, and only that process knows
    bool by_letter = true;      // staff are written to
};

// In the order of Rule.
std::span<const Terms> all_terms();

// `patience` stretches every span: 1 for what is written down, less for those who cannot wait.
Terms terms_of(Rule rule, double patience = 1);

struct AlertTag {
    static constexpr std::string_view prefix = "alr";
};
using AlertId = ids::Id<AlertTag>;

struct Acknowledgement {
    Instant at;
    std::string by;  // printed id
    std::string note;
};

// Noticed, then firing, then resolved.
struct Alert {
    AlertId id;
    Rule rule = Rule::dead_jobs;
    std::string about = {};  // a kind of jobs, a process; empty where there is one for all
    double value = 0;        // as last measured
    Instant since;           // bad from then on
    std::optional<Instant> fired_at = {};
    std::optional<Instant> calm_since = {};
    std::optional<Instant> resolved_at = {};
    std::optional<Instant> told_at = {};
    Instant judged_at = {};
    std::optional<Acknowledgement> acknowledged = {};

    bool is_firing() const { return fired_at && !resolved_at; }
};

enum class Step {
    nothing,  // there is no alert and no cause for one
    noticed,  // bad, but not for long enough
    gone,     // was noticed, and is well again
    fired,
    kept,
    resolved,
    came_back  // the same trouble again, soon after it was over: the same alert
};

struct Verdict {
    Step step = Step::nothing;
    Alert alert = {};  // as it is from now on; for `nothing` and `gone` of no use
};

// One that ended less than this ago comes back as itself.
inline constexpr std::chrono::hours same_trouble{1};

// No reading: there is nothing of it, which is well. `known` is the alert of this rule about this, if there is one that
// did not end, or ended less than `same_trouble` ago.
Verdict judge(const Terms& terms, std::string_view about, std::optional<Alert> known, std::optional<double> reading,
              Instant now);

// Whether a letter about it is due: once when it fires, and daily while nobody has acknowledged it.
bool wants_letter(const Terms& terms, const Alert& alert, Instant now);

}  // namespace mobilytics::monitoring
