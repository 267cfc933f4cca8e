#include "platform/http/rate_limit.hpp"

#include <algorithm>
#include <format>

#include "platform/problem/problem.hpp"

namespace mobilytics::http {

namespace {

std::chrono::seconds whole_seconds(RateLimit::Steady::duration span) {
    return std::max(std::chrono::ceil<std::chrono::seconds>(span), std::chrono::seconds{0});
}

}  // namespace

RateLimit::RateLimit(Quota quota)
    : quota_{quota}, policy_{std::format("\"default\";q={};w={}", quota.requests, quota.window.count())} {
    if (quota.requests > 0) token_ = Steady::duration{quota.window} / quota.requests;
}

// A full bucket says as much as none. Looked for once a window, so that the map is no larger than a window's callers.
void RateLimit::forget_full(Steady::time_point now) {
    if (now - forgotten_at_ < quota_.window) return;
    forgotten_at_ = now;
    std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= now; });
}

// The bucket is known by the time at which it will be full: each token taken puts that off by the time in which one
// flows in. Whole numbers, so that who waits as long as told is served.
RateLimit::Standing RateLimit::take(std::string_view caller, Steady::time_point now) {
    const std::scoped_lock lock{mutex_};
    forget_full(now);
    auto found = full_at_.find(caller);
    if (found == full_at_.end()) found = full_at_.emplace(std::string{caller}, now).first;
    Steady::time_point& full_at = found->second;
    full_at = std::max(full_at, now);
    const auto capacity = token_ * quota_.requests;
    const auto missing = full_at + token_ - now - capacity;
    Standing standing{.allowed = missing <= Steady::duration{0}};
    if (standing.allowed)
        full_at += token_;
    else
        standing.next_in = whole_seconds(missing);
    standing.left = std::max<std::int64_t>((capacity - (full_at - now)) / token_, 0);
    standing.full_in = whole_seconds(full_at - now);
    return standing;
}

std::size_t RateLimit::callers() {
    const std::scoped_lock lock{mutex_};
    return full_at_.size();
}

void RateLimit::count(Request& request, std::string_view caller) {
    if (quota_.requests <= 0 || caller.empty()) return;
    const auto standing = take(caller, Steady::now());
    request.answer_headers.set("RateLimit-Policy", policy_);
    request.answer_headers.set("RateLimit",
                               std::format("\"default\";r={};t={}", standing.left, standing.full_in.count()));
    if (standing.allowed) return;
    Problem problem{Kind::too_many, "http.quota_exceeded",
                    std::format("More than {} requests in {} seconds. Wait for the time given in Retry-After.",
                                quota_.requests, quota_.window.count())};
    problem.retry_after_seconds = static_cast<int>(standing.next_in.count());
    throw problem;
}

}  // namespace mobilytics::http
