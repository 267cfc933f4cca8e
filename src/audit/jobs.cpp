#include "platform/jobs/jobs.hpp"

#include "src/audit/audit.hpp"

namespace mobilytics::audit {

void add_jobs(jobs::Runner& runner, Audit& audit) {
    runner.every(std::chrono::hours{1}, "audit.sign_checkpoints", [&](jobs::Job) { return audit.sign_checkpoints(); });
    runner.every(std::chrono::hours{24}, "audit.let_go", [&](jobs::Job) { return audit.let_go(); });
}

}  // namespace mobilytics::audit
