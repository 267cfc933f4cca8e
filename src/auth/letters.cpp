#include "src/auth/letters.hpp"

#include <format>
#include <functional>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/random.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/json/escape.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/invitation_store.hpp"
#include "src/auth/notice_store.hpp"
#include "src/auth/people_store.hpp"
#include "src/auth/sealed_words.hpp"
#include "src/auth/staff.hpp"
#include "src/auth/staff_rules.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

// About ten hours of trying again.
constexpr int attempts = 18;
constexpr std::chrono::minutes token_span{45};
// Letters that are good at the same time. Somebody who asks for more in another's name only fills a mailbox that holds
// a good one already.
constexpr std::int64_t most_letters = 5;

jobs::NewJob job_of(std::string kind, std::string payload, trace::Cause cause) {
    return {.kind = std::move(kind),
            .payload = std::move(payload),
            .concurrency_key = std::string{line_of_letters},
            .max_attempts = attempts,
            .cause = std::move(cause)};
}

std::string payload_of(const Notice& notice) {
    using json::text_literal;
    return std::format(R"({{"letter":"{}","user_id":"{}","company_id":{},"role":"{}","day":{},"email":{},)"
                       R"("new_email":{},"subject":{}}})",
                       json::name_of(notice.letter), notice.user_id.text(),
                       notice.company_id ? text_literal(notice.company_id->text()) : "null", to_string(notice.role),
                       text_literal(notice.day), text_literal(notice.email), text_literal(notice.new_email),
                       text_literal(notice.subject));
}

// Where words are at home: those of one job do not open in another's place.
constexpr std::string_view of_new_password = "auth.new_password";
std::string of_notice_to(UserId user) { return "auth.notice " + user.text(); }
std::string of_confirmation_by(UserId user) { return "auth.confirm_email " + user.text(); }

Notice with_words(Notice notice, const std::function<std::string(const std::string&)>& change) {
    for (std::string* words : {&notice.email, &notice.new_email, &notice.subject}) *words = change(*words);
    return notice;
}

}  // namespace

Notice notice_to(UserId user, Letter letter) { return {.letter = letter, .user_id = user}; }

Notice notice_to(const User& user, Letter letter) {
    return {.letter = letter, .user_id = user.id, .email = user.email};
}

Letters::Letters(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, mail::Mailer& mailer,
                 crypto::Sealer sealer, CompanyCards cards, std::string pages)
    : database_{database},
      clock_{clock},
      queue_{queue},
      mailer_{mailer},
      sealer_{sealer},
      cards_{std::move(cards)},
      pages_{std::move(pages)} {}

Task<void> Letters::notify(db::Session& session, Notice notice, trace::Cause cause) {
    const auto place = of_notice_to(notice.user_id);
    notice =
        with_words(std::move(notice), [&](const std::string& words) { return sealed_words(sealer_, words, place); });
    auto job = job_of("auth.notice", payload_of(notice), std::move(cause));
    if (notice.company_id) job.company = notice.company_id->uuid;
    co_await queue_.enqueue(session, std::move(job));
}

Task<void> Letters::invite(db::Session& session, CompanyId company, InvitationId id, trace::Cause cause) {
    auto job = job_of("auth.invitation",
                      std::format(R"({{"company_id":"{}","invitation_id":"{}"}})", company.text(), id.text()),
                      std::move(cause));
    job.company = company.uuid;
    job.key = id.text();
    co_await queue_.enqueue(session, std::move(job));
}

Task<void> Letters::offer_new_password(db::Session& session, std::string email, trace::Cause cause) {
    const auto sealed = sealed_words(sealer_, email, of_new_password);
    auto job = job_of("auth.new_password", std::format(R"({{"email":"{}"}})", sealed), std::move(cause));
    co_await queue_.enqueue(session, std::move(job));
}

Task<void> Letters::ask_to_confirm(db::Session& session, UserId user, std::string email, trace::Cause cause) {
    const auto sealed = sealed_words(sealer_, email, of_confirmation_by(user));
    auto job = job_of("auth.confirm_email", std::format(R"({{"user_id":"{}","email":"{}"}})", user.text(), sealed),
                      std::move(cause));
    co_await queue_.enqueue(session, std::move(job));
}

Task<void> Letters::offer_recovery(db::Session& session, UserId user, trace::Cause cause) {
    auto job = job_of("auth.recovery", std::format(R"({{"user_id":"{}"}})", user.text()), std::move(cause));
    co_await queue_.enqueue(session, std::move(job));
}

Task<void> Letters::send_notice(std::string id, Notice notice) {
    const auto person = co_await store::find_user(database_, notice.user_id);
    if (!person) co_return;
    if (is_news(notice.letter) && notice.company_id) {
        const bool still_reads = co_await store::is_reader(database_, *notice.company_id, person->id);
        if (!still_reads) co_return;
    }
    const auto place = of_notice_to(person->id);
    notice =
        with_words(std::move(notice), [&](const std::string& words) { return opened_words(sealer_, words, place); });
    LetterFacts facts{.locale = person->locale,
                      .to = {person->name, notice.email.empty() ? person->email : notice.email},
                      .role = notice.role,
                      .email = notice.new_email,
                      .subject = notice.subject,
                      .day = notice.day};
    if (notice.company_id) facts.company = co_await name_of(*notice.company_id);
    co_await send(notice.letter, std::move(facts), std::move(id));
}

Task<void> Letters::send_invitation(std::string id, CompanyId company, InvitationId invitation) {
    const std::string token = print_credential(invitation_prefix, {company, invitation.uuid});
    const auto now = clock_.now();
    auto open = co_await database_.transaction(
        db::Scope::of(company), [&](db::Session& session) -> Task<std::optional<Invitation>> {
            bool given = co_await store::give_token(session, {company, invitation, crypto::sha256(token)}, now);
            if (!given) co_return std::nullopt;
            co_return co_await store::find_invitation(session, company, invitation);
        });
    if (!open) co_return;
    std::string name = co_await name_of(company);
    LetterFacts facts{.locale = open->locale,
                      .to = {"", open->email},
                      .company = std::move(name),
                      .inviter = open->inviter.value_or("Mobilytics"),
                      .role = open->role,
                      .link = pages_ + "/accept-invitation#" + token};
    co_await send(Letter::invitation, std::move(facts), std::move(id));
}

Task<void> Letters::send_new_password(std::string id, std::string sealed_email) {
    const std::string email = opened_words(sealer_, sealed_email, of_new_password);
    const std::string token = crypto::random_token();
    const auto now = clock_.now();
    auto person =
        co_await database_.transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<std::optional<User>> {
            auto user = co_await store::find_user_by_email(session, email);
            if (!user || user->disabled) co_return std::nullopt;
            auto open = co_await store::count_mailed_tokens(session, user->id, store::Purpose::password, now);
            if (open >= most_letters) co_return std::nullopt;
            store::MailedToken mailed{user->id, user->email};
            co_await store::insert_mailed_token(session, crypto::sha256(token), store::Purpose::password,
                                                std::move(mailed), now, now + token_span);
            co_return user;
        });
    if (!person) co_return;
    LetterFacts facts{
        .locale = person->locale, .to = {person->name, person->email}, .link = pages_ + "/reset-password#" + token};
    co_await send(Letter::password_reset, std::move(facts), std::move(id));
}

Task<void> Letters::send_confirmation(std::string id, UserId user, std::string sealed_email) {
    const std::string email = opened_words(sealer_, sealed_email, of_confirmation_by(user));
    const std::string token = crypto::random_token();
    const auto now = clock_.now();
    LetterFacts facts;
    Letter letter = Letter::email_confirmation;
    bool wanted = co_await database_.transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<bool> {
        auto person = co_await store::find_user(session, user);
        auto holder = co_await store::find_user_by_email(session, email);
        if (!person || person->disabled) co_return false;
        facts.locale = person->locale;
        facts.to = {person->name, email};
        if (holder && holder->id != user) {
            letter = Letter::email_taken;
            facts.locale = holder->locale;
            facts.to.name = holder->name;
            co_return true;
        }
        auto open = co_await store::count_mailed_tokens(session, user, store::Purpose::email, now);
        if (open >= most_letters) co_return false;
        store::MailedToken mailed{user, email};
        co_await store::insert_mailed_token(session, crypto::sha256(token), store::Purpose::email, std::move(mailed),
                                            now, now + token_span);
        facts.link = pages_ + "/confirm-email#" + token;
        co_return true;
    });
    if (wanted) co_await send(letter, std::move(facts), std::move(id));
}

Task<void> Letters::send_recovery(std::string id, UserId user) {
    const std::string token = crypto::random_token();
    const auto now = clock_.now();
    auto person = co_await database_.transaction(
        db::Scope::nobody(), [&](db::Session& session) -> Task<std::optional<KnownPerson>> {
            auto known = co_await store::see_person(session, user, now);
            if (!known || recovery_refused(*known)) co_return std::nullopt;
            co_await store::delete_recoveries_of(session, user);
            store::MailedToken mailed{user, known->email};
            co_await store::insert_mailed_token(session, crypto::sha256(token), store::Purpose::recovery,
                                                std::move(mailed), now, now + recovery_span);
            co_return known;
        });
    if (!person) co_return;
    LetterFacts facts{
        .locale = person->locale, .to = {person->name, person->email}, .link = pages_ + "/recover#" + token};
    co_await send(Letter::recovery, std::move(facts), std::move(id));
}

Task<std::string> Letters::name_of(CompanyId company) {
    std::vector<CompanyId> ids{company};
    auto cards = co_await cards_(std::move(ids));
    co_return cards.empty() ? std::string{} : cards.front().name;
}

Task<void> Letters::send(Letter letter, LetterFacts facts, std::string id) {
    mail::Message message = write_letter(letter, facts, std::move(id));
    co_await mailer_.deliver(std::move(message));
}

}  // namespace mobilytics::auth
