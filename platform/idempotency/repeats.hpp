#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"
#include "platform/idempotency/kept_answer.hpp"

// Makes a request that carries an Idempotency-Key do its work once, however often it is sent
// (docs/decisions/0010-repeated-requests.md, after draft-ietf-httpapi-idempotency-key-header).
namespace mobilytics::idempotency {

inline constexpr std::chrono::hours kept_for{24};
// An attempt that has not answered by then is thought dead. Longer than any statement may take.
inline constexpr std::chrono::seconds longest_attempt{90};
// After a failure of ours nobody knows what became of a commit; its server may still be at it.
inline constexpr std::chrono::seconds pause_after_failure{5};

class Repeats {
public:
    Repeats(db::Database& database, const clock::Clock& clock) : database_{database}, clock_{clock} {}

    // Router::repeat_with. The first request runs and its answer is kept; the same one again gets that answer with
    // `Idempotency-Replayed: true`. A refusal is not kept, since it did nothing. Refuses: malformed
    // "http.bad_idempotency_key"; invalid "http.idempotency_key_reused" for another request; conflict
    // "http.idempotency_in_progress" while the first one runs; conflict "http.idempotency_answer_lost" when it was done
    // by an attempt that died before its answer was kept.
    Task<http::Response> answer(http::Request& request, std::function<Task<http::Response>()> run);

    // Those past their 24 hours.
    Task<void> forget();

private:
    struct Claim;
    Task<std::optional<KeptAnswer>> claim_or_find(const Claim& claim);
    Task<std::optional<KeptAnswer>> claim_in(db::Session& session, const Claim& claim);
    Task<bool> was_done(db::Session& session, const Claim& claim, std::string request_id, clock::Instant since);
    Task<void> keep(const Claim& claim, KeptAnswer answer);
    Task<void> let_go(const Claim& claim, bool nothing_was_done);

    db::Database& database_;
    const clock::Clock& clock_;
};

}  // namespace mobilytics::idempotency
