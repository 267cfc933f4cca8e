#include "src/webhooks/delivery.hpp"

#include <algorithm>

#include "platform/json/escape.hpp"

namespace mobilytics::webhooks {

namespace {

constexpr double jitter = 0.1;

}  // namespace

Delivery Delivery::asked_for_again(Instant now) const {
    Delivery again = *this;
    again.next_attempt_at = now;
    if (state == DeliveryState::pending) return again;
    again.state = DeliveryState::pending;
    again.round = 0;
    again.round_began_at.reset();
    again.ended_at.reset();
    return again;
}

std::optional<Instant> next_attempt(int round, Instant now, std::optional<std::chrono::seconds> retry_after,
                                    double chance) {
    const auto pause = static_cast<std::size_t>(round) - 1;
    if (pause >= retry_pauses.size()) return std::nullopt;
    const std::chrono::duration<double, std::milli> exact = retry_pauses[pause];
    auto wait = std::chrono::duration_cast<clock::Milliseconds>(exact * (1 - jitter + 2 * jitter * chance));
    if (retry_after) wait = std::max<clock::Milliseconds>(wait, std::min(*retry_after, retry_pauses.back()));
    return now + wait;
}

Delivery after(Delivery before, const Attempt& attempt, Instant now, std::optional<std::chrono::seconds> retry_after,
               double chance) {
    Delivery next = std::move(before);
    next.attempts = attempt.number;
    ++next.round;
    if (!next.round_began_at) next.round_began_at = attempt.at;
    next.last_status = attempt.status;
    next.next_attempt_at.reset();
    if (is_success(attempt))
        next.state = DeliveryState::succeeded;
    else if (is_gone(attempt))
        next.state = DeliveryState::failed;
    else if ((next.next_attempt_at = next_attempt(next.round, now, retry_after, chance)))
        next.state = DeliveryState::pending;
    else
        next.state = DeliveryState::failed;
    if (next.state != DeliveryState::pending) next.ended_at = now;
    return next;
}

bool is_success(const Attempt& attempt) { return attempt.status && *attempt.status >= 200 && *attempt.status < 300; }

bool is_gone(const Attempt& attempt) { return attempt.status == 410; }

std::string readable(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        const auto length = json::utf8_sequence(bytes);
        const char first = bytes[0];
        const bool control =
            length == 1 && static_cast<unsigned char>(first) < 0x20 && first != '\n' && first != '\r' && first != '\t';
        if (length == 0 || control)
            text += "\uFFFD";
        else
            text += bytes.substr(0, length);
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return text;
}

}  // namespace mobilytics::webhooks
