#include "platform/idempotency/repeats.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <string_view>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/db/bytes.hpp"
#include "platform/http/operation.hpp"
#include "platform/idempotency/queries.hpp"
#include "platform/log/log.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::idempotency {

// What one attempt needs of its row. The key is the client's; only its hash is stored.
struct Repeats::Claim {
    ids::Uuid company;
    std::string caller;
    std::string key;
    db::Bytes key_hash;
    db::Bytes fingerprint;
    ids::Uuid attempt = ids::new_uuid();
    std::string request_id;

    db::Scope scope() const {
        return company.is_nil() ? db::Scope::system() : db::Scope{db::Scope::Kind::company, company};
    }
};

namespace {

struct Row {
    db::Bytes fingerprint;
    std::string request_id;
    clock::Instant claimed_at;
    std::optional<clock::Instant> held_until;
    std::optional<db::Bytes> answer;
    clock::Instant keep_until;
};

struct Event {
    std::string action;
};

// The draft writes the key as a string of RFC 8941, in quotes; most programs send it bare. Both are the same key.
std::string key_of(const http::Request& request) {
    auto text = request.header("Idempotency-Key").value_or("");
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
    if (!plain || text.size() < http::shortest_key || text.size() > http::longest_key)
        throw Problem{Kind::malformed, "http.bad_idempotency_key",
                      "An Idempotency-Key is 16 to 255 visible characters that nobody else would choose, such as a "
                      "UUID."};
    return std::string{text};
}

crypto::Digest fingerprint_of(const http::Request& request, std::string_view body) {
    std::string text{http::name_of(request.method)};
    text.append(" ").append(request.target).append("\n").append(body);
    return crypto::sha256(text);
}

std::set<std::string> names_in(const http::AnswerHeaders& headers) {
    std::set<std::string> names;
    for (const auto& [name, value] : headers.all()) names.insert(name);
    return names;
}

// `before`: headers that say something about this request only, such as what is left of a quota.
KeptAnswer kept_of(const http::Response& response, const http::AnswerHeaders& headers,
                   const std::set<std::string>& before) {
    KeptAnswer kept{.status = response.status,
                    .content_type = response.content_type,
                    .etag = response.etag,
                    .cache_control = response.cache_control,
                    .headers = {},
                    .body = std::string{response.body.view()}};
    for (const auto& line : headers.all())
        if (!before.contains(line.first)) kept.headers.push_back(line);
    return kept;
}

http::Response again(http::Request& request, KeptAnswer kept) {
    for (auto& [name, value] : kept.headers) request.answer_headers.add(name, std::move(value));
    request.answer_headers.set("Idempotency-Replayed", "true");
    return http::Response{.status = kept.status,
                          .content_type = std::move(kept.content_type),
                          .body = std::move(kept.body),
                          .etag = std::move(kept.etag),
                          .cache_control = std::move(kept.cache_control)};
}

Problem in_progress(std::chrono::milliseconds left) {
    Problem problem{Kind::conflict, "http.idempotency_in_progress",
                    "A request with this Idempotency-Key is still at work. Send it again after Retry-After."};
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
    problem.retry_after_seconds = static_cast<int>(std::clamp<std::int64_t>(seconds, 1, 5));
    return problem;
}

}  // namespace

Task<http::Response> Repeats::answer(http::Request& request, std::function<Task<http::Response>()> run) {
    // Nobody is known: the actor type says so.
    if (request.caller.user.empty()) co_return co_await run();
    Claim claim{.company = request.caller.company_id,
                .caller = request.caller.user,
                .key = key_of(request),
                .key_hash = {},
                .fingerprint = {},
                .request_id = request.id};
    const auto body = co_await request.body->whole();
    claim.key_hash = db::bytes_of(crypto::hmac_sha256("mobilytics idempotency lookup", claim.key));
    claim.fingerprint = db::bytes_of(fingerprint_of(request, body));
    if (auto kept = co_await claim_or_find(claim)) co_return again(request, *std::move(kept));

    const auto before = names_in(request.answer_headers);
    std::optional<http::Response> response;
    std::exception_ptr failure;
    bool nothing_was_done = false;
    try {
        response = co_await run();
    } catch (const Problem& problem) {
        // A refusal undid its transaction. With an error of ours the commit may have come through.
        nothing_was_done = http_status(problem.kind()) < 500;
        failure = std::current_exception();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        co_await let_go(claim, nothing_was_done);
        std::rethrow_exception(failure);
    }
    co_await keep(claim, kept_of(*response, request.answer_headers, before));
    co_return *std::move(response);
}

// Null: the claim is ours, and the work is to be done.
Task<std::optional<KeptAnswer>> Repeats::claim_or_find(const Claim& claim) {
    co_return co_await database_.transaction(
        claim.scope(),
        [&](db::Session& session) -> Task<std::optional<KeptAnswer>> { return claim_in(session, claim); });
}

Task<std::optional<KeptAnswer>> Repeats::claim_in(db::Session& session, const Claim& claim) {
    const auto now = clock_.now();
    const clock::Instant held_until = now + longest_attempt, keep_until = now + kept_for;
    std::optional<Row> row;
    // Not there after all: let go between the two statements, so it is free.
    while (!row) {
        const auto claimed =
            co_await session.exec(sql::claim, claim.company, claim.caller, claim.key_hash, claim.fingerprint,
                                  claim.attempt, claim.request_id, now, held_until, keep_until);
        if (claimed == 1) co_return std::nullopt;
        row = co_await session.optional<Row>(sql::find_claim, claim.company, claim.caller, claim.key_hash);
    }
    if (row->keep_until > now) {
        if (row->fingerprint != claim.fingerprint)
            throw Problem{Kind::invalid, "http.idempotency_key_reused",
                          "This Idempotency-Key came with another request before. Give every request its own."};
        if (row->answer) co_return open(*row->answer, claim.key).value();
        if (row->held_until > now) throw in_progress(*row->held_until - now);
        const bool done = co_await was_done(session, claim, row->request_id, row->claimed_at);
        if (done)
            throw Problem{Kind::conflict, "http.idempotency_answer_lost",
                          "The request was carried out, but its answer was lost with the process that gave it. Read "
                          "what is there now; send a new request with a new key only if it is still needed."};
    }
    co_await session.exec(sql::take_over, claim.company, claim.caller, claim.key_hash, claim.fingerprint, claim.attempt,
                          claim.request_id, now, held_until, keep_until);
    co_return std::nullopt;
}

// Whoever changes something leaves an event in the same transaction, so it is there exactly if the change is.
Task<bool> Repeats::was_done(db::Session& session, const Claim& claim, std::string request_id, clock::Instant since) {
    std::optional<Event> event;
    if (claim.company.is_nil())
        event = co_await session.optional<Event>(sql::trace_anywhere, since, request_id);
    else
        event = co_await session.optional<Event>(sql::trace_in_company, claim.company, since, request_id);
    co_return event.has_value();
}

// The work is done and its client waits: a failure here is no reason to tell it otherwise.
Task<void> Repeats::keep(const Claim& claim, KeptAnswer answer) {
    const db::Bytes sealed = seal(answer, claim.key);
    const clock::Instant keep_until = clock_.now() + kept_for;
    try {
        co_await database_.transaction(claim.scope(), [&](db::Session& session) -> Task<void> {
            co_await session.exec(sql::keep_answer, claim.company, claim.caller, claim.key_hash, claim.attempt, sealed,
                                  keep_until);
        });
    } catch (const std::exception& failure) {
        log::warn("an answer could not be kept", {{"request_id", claim.request_id}, {"what", failure.what()}});
    }
}

Task<void> Repeats::let_go(const Claim& claim, bool nothing_was_done) {
    const clock::Instant until = clock_.now() + pause_after_failure;
    try {
        co_await database_.transaction(claim.scope(), [&](db::Session& session) -> Task<void> {
            if (nothing_was_done)
                co_await session.exec(sql::let_go, claim.company, claim.caller, claim.key_hash, claim.attempt);
            else
                co_await session.exec(sql::hold_until, claim.company, claim.caller, claim.key_hash, claim.attempt,
                                      until);
        });
    } catch (const std::exception& failure) {
        log::warn("a claim stays until it ends by itself",
                  {{"request_id", claim.request_id}, {"what", failure.what()}});
    }
}

Task<void> Repeats::forget() {
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await session.exec(sql::forget_answers, now);
    });
}

}  // namespace mobilytics::idempotency
