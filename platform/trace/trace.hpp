#pragma once

#include <optional>
#include <string>
#include <string_view>

// Which piece of work a line of the log, an event or a job belongs to, across programs: W3C Trace Context,
// https://www.w3.org/TR/trace-context/.
namespace mobilytics::trace {

struct Context {
    std::string trace_id;   // 32 lower-case hexadecimal digits, not all zero
    std::string parent_id;  // 16 of them: the caller's span; empty where the trace begins here
    bool sampled = false;
};

// What a `traceparent` header says. Nothing for one that the specification calls invalid: the trace then begins anew.
std::optional<Context> parse(std::string_view traceparent);

// A trace that begins here.
Context begin();

// The `traceparent` to send on, with a new span of ours as the parent.
std::string traceparent_of(const Context& context);

}  // namespace mobilytics::trace
