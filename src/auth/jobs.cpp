#include "src/auth/jobs.hpp"

#include "platform/json/json.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/notices.hpp"

namespace mobilytics::auth {

namespace {

struct InvitationJob {
    CompanyId company_id;
    InvitationId invitation_id;
};

struct NewPasswordJob {
    std::string email;
};

struct ConfirmEmailJob {
    UserId user_id;
    std::string email;
};

struct RecoveryJob {
    UserId user_id;
};

template <class Payload>
Payload read_payload(const jobs::Job& job) {
    auto payload = json::read<Payload>(job.payload);
    if (!payload) throw Problem{Kind::malformed, "auth.bad_job", "A job's payload cannot be read: " + job.kind};
    return *std::move(payload);
}

// The same for every attempt, so that a letter that came twice can be known as one.
std::string letter_id(const jobs::Job& job) { return ids::to_base32(job.id); }

Task<void> notice(Letters& letters, jobs::Job job) {
    return letters.send_notice(letter_id(job), read_payload<Notice>(job));
}

Task<void> invitation(Letters& letters, jobs::Job job) {
    const auto payload = read_payload<InvitationJob>(job);
    return letters.send_invitation(letter_id(job), payload.company_id, payload.invitation_id);
}

Task<void> new_password(Letters& letters, jobs::Job job) {
    return letters.send_new_password(letter_id(job), read_payload<NewPasswordJob>(job).email);
}

Task<void> confirm_email(Letters& letters, jobs::Job job) {
    const auto payload = read_payload<ConfirmEmailJob>(job);
    return letters.send_confirmation(letter_id(job), payload.user_id, payload.email);
}

Task<void> recovery(Letters& letters, jobs::Job job) {
    return letters.send_recovery(letter_id(job), read_payload<RecoveryJob>(job).user_id);
}

}  // namespace

void add_jobs(jobs::Runner& runner, Letters& letters) {
    const auto on = [&](std::string kind, Task<void> (*handler)(Letters&, jobs::Job)) {
        runner.on(std::move(kind), [&letters, handler](jobs::Job job) { return handler(letters, std::move(job)); });
    };
    on("auth.notice", notice);
    on("auth.invitation", invitation);
    on("auth.new_password", new_password);
    on("auth.confirm_email", confirm_email);
    on("auth.recovery", recovery);
}

void add_jobs(jobs::Runner& runner, Notices& notices) {
    runner.on("auth.tell_members", [&notices](jobs::Job job) {
        auto news = read_payload<News>(job);
        return notices.tell_members(std::move(job), std::move(news));
    });
    runner.every(std::chrono::hours{24}, "auth.look_for_ending_keys",
                 [&notices](jobs::Job) { return notices.look_for_ending_keys(); });
}

}  // namespace mobilytics::auth
