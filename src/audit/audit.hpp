#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/trail/checkpoint.hpp"
#include "platform/trail/reading.hpp"
#include "src/auth/actor.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Runner;
}
namespace mobilytics::objects {
class Objects;
}

namespace mobilytics::audit {

using ReadAudit = auth::StaffOrMay<auth::Permission::audit_read, auth::StaffPermission::audit_read>;

inline constexpr std::size_t most_exported = 100'000;

// A company's chain of events, checked from its first event to its last, and against the checkpoints that were signed.
struct Verified {
    ids::Uuid company;  // nil: the events of no company
    trail::Finding finding;
    std::size_t checkpoints = 0;
    std::optional<trail::Checkpoint> last_checkpoint = {};
};

// What the signer last found.
struct Signing {
    clock::Instant at;
    std::int32_t broken = 0;  // chains that are not what was written
};

struct Options {
    std::filesystem::path key_file;  // of the key that signs; made when it is not there
    std::chrono::days keep{0};       // events older than this are let go; 0: none ever
};

// Which events are asked for: the caller's own, or those of a company.
struct Wanted {
    trail::Filter filter;
    std::optional<CompanyId> of = {};
};

// Front door of the room. A company's people read the events of the company, staff those of no company, and of a
// company what staff did there. Another company's is missing: "companies.not_found".
class Audit {
public:
    Audit(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, objects::Objects& objects,
          Options options);

    // Newest first, those before the given sequence number.
    Task<std::vector<trail::Recorded>> list(ReadAudit actor, Wanted wanted, std::optional<std::int64_t> before,
                                            int limit);

    using Take = std::function<Task<void>(std::vector<trail::Recorded> some)>;

    // All that the filter lets through, newest first, a thousand at a time. Refuses before the first: invalid
    // "audit.too_many" above 100,000.
    Task<void> check_exportable(ReadAudit actor, Wanted wanted);
    Task<void> each(ReadAudit actor, Wanted wanted, Take take);

    // For the command line: every chain there is, or the company's.
    Task<std::vector<Verified>> verify(std::optional<CompanyId> company);
    std::string verifier_key();  // for others' tools

    // Signs what each chain has become since the last time and keeps it in the object store. A chain that is not whole
    // is not signed: an error in the log says where.
    Task<void> sign_checkpoints();
    // When that last came to its end; nothing where it never did.
    Task<std::optional<Signing>> last_signing();

    // Lets events go that are older than they are to be kept, up to a checkpoint that was signed.
    Task<void> let_go();

private:
    struct Notes {
        std::vector<trail::Checkpoint> checkpoints;
        std::string last_sha256;           // of the last note
        std::optional<std::string> wrong;  // about the notes themselves
    };

    const crypto::SigningKey& key();
    Notes read_notes(ids::Uuid company, bool all);
    Task<Verified> verify_one(ids::Uuid company);
    Task<bool> sign(ids::Uuid company);  // whether the chain is whole

    async::Runtime& runtime_;
    db::Database& database_;
    const clock::Clock& clock_;
    objects::Objects& objects_;
    Options options_;
    std::once_flag key_read_;
    std::optional<crypto::SigningKey> key_;
};

void add_routes(http::Router& router, Audit& audit);
void add_jobs(jobs::Runner& runner, Audit& audit);

}  // namespace mobilytics::audit
