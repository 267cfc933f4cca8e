#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/mail/mailer.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/invitation.hpp"
#include "src/auth/letter.hpp"

// Letters to people. They are enqueued in the transaction of what they tell of, and sent by a job that is tried again.
// A token that a letter carries is made when it is sent and is stored as a hash: it never stands in the queue. Who gets
// a letter stands there by id, and the words that only the job knows are sealed.
namespace mobilytics::auth {

// Who is told what; the job's payload, where the words are sealed. Name, language and, unless `email` says otherwise,
// address are those that the person has when the letter is sent.
struct Notice {
    Letter letter = Letter::password_changed;
    UserId user_id;
    std::optional<CompanyId> company_id = {};
    Role role = Role::viewer;
    std::string day = {};

    std::string email = {};  // of the reader, where it is not to be the one they have when the letter is sent
    std::string new_email = {};
    std::string subject = {};
};

// News: it follows its reader.
Notice notice_to(UserId user, Letter letter);
// What guards the account: it goes to the address of this moment. Whoever takes an account over may change the address
// while a letter waits.
Notice notice_to(const User& user, Letter letter);

class Letters {
public:
    // `pages` is where people reach the product ("https://app.example.com"); links begin with it and with nothing that
    // a request says.
    Letters(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, mail::Mailer& mailer,
            crypto::Sealer sealer, CompanyCards cards, std::string pages);

    // In the transaction of the change, whose cause it is.
    Task<void> notify(db::Session& session, Notice notice, trace::Cause cause);
    Task<void> invite(db::Session& session, CompanyId company, InvitationId id, trace::Cause cause);
    // Whether somebody has the address is found out by the job, so that whoever asks cannot see it.
    Task<void> offer_new_password(db::Session& session, std::string email, trace::Cause cause);
    Task<void> ask_to_confirm(db::Session& session, UserId user, std::string email, trace::Cause cause);

    // A way back for somebody who lost every factor.
    Task<void> offer_recovery(db::Session& session, UserId user, trace::Cause cause);

    // By the jobs, with words as their payloads have them. An invitation that is not open any more, and an address
    // without an account, get no letter. 503 auth.letter_sealed_by_another_key.
    Task<void> send_notice(std::string id, Notice notice);
    Task<void> send_invitation(std::string id, CompanyId company, InvitationId invitation);
    Task<void> send_new_password(std::string id, std::string sealed_email);
    Task<void> send_confirmation(std::string id, UserId user, std::string sealed_email);
    // Not any more when there is nothing to take away, or the person is staff.
    Task<void> send_recovery(std::string id, UserId user);

private:
    Task<std::string> name_of(CompanyId company);
    Task<void> send(Letter letter, LetterFacts facts, std::string id);

    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Queue& queue_;
    mail::Mailer& mailer_;
    const crypto::Sealer sealer_;
    CompanyCards cards_;
    const std::string pages_;
};

}  // namespace mobilytics::auth
