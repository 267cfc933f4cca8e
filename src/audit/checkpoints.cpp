#include <algorithm>
#include <format>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/key_file.hpp"
#include "platform/log/log.hpp"
#include "platform/objects/objects.hpp"
#include "src/audit/audit.hpp"
#include "src/audit/queries.hpp"

// The part of the front door that is about checkpoints: signed notes of what a chain was, kept outside the database.
namespace mobilytics::audit {

namespace {

std::vector<trail::Link> links_of(const std::vector<trail::Checkpoint>& checkpoints) {
    std::vector<trail::Link> links;
    for (const auto& checkpoint : checkpoints) links.push_back(checkpoint.link);
    return links;
}

std::string sha256_of(std::string_view note) { return crypto::to_hex(crypto::sha256(note)); }

}  // namespace

// A command that signs nothing needs no key, and one without a home has none.
const crypto::SigningKey& Audit::key() {
    std::call_once(key_read_, [this] { key_ = crypto::signing_key_in(options_.key_file); });
    return *key_;
}

std::string Audit::verifier_key() { return trail::verifier_key(key().public_key()); }

// Blocks. Each note names the one before it by its hash, so that none can be taken out of the middle.
Audit::Notes Audit::read_notes(ids::Uuid company, bool all) {
    Notes notes;
    auto names = objects_.list(trail::names_of(company));
    if (!all && names.size() > 1) names.erase(names.begin(), names.end() - 1);
    for (const auto& name : names) {
        const auto note = objects_.get(name);
        auto checkpoint = trail::open_note(note.value_or(""), key().public_key());
        if (!checkpoint)
            notes.wrong = std::format("the checkpoint {} {}", name, checkpoint.error());
        else if (checkpoint->company != company || trail::name_of(*checkpoint) != name)
            notes.wrong = std::format("the checkpoint {} is another one's", name);
        else if (all && checkpoint->previous != notes.last_sha256)
            notes.wrong = std::format("the checkpoint before {} is missing, or was changed", name);
        if (notes.wrong) return notes;
        notes.last_sha256 = sha256_of(*note);
        notes.checkpoints.push_back(*std::move(checkpoint));
    }
    return notes;
}

Task<std::vector<Verified>> Audit::verify(std::optional<CompanyId> company) {
    std::vector<ids::Uuid> companies;
    if (company)
        companies.push_back(company->uuid);
    else
        companies = co_await trail::companies(database_);
    std::vector<Verified> verified;
    for (const ids::Uuid& one : companies) verified.push_back(co_await verify_one(one));
    co_return verified;
}

Task<Verified> Audit::verify_one(ids::Uuid company) {
    const auto notes = co_await runtime_.in_background([&] { return read_notes(company, true); });
    Verified verified{.company = company,
                      .finding = co_await trail::verify(database_, company, links_of(notes.checkpoints)),
                      .checkpoints = notes.checkpoints.size()};
    if (!notes.checkpoints.empty()) verified.last_checkpoint = notes.checkpoints.back();
    if (!verified.finding.wrong) verified.finding.wrong = notes.wrong;
    co_return verified;
}

Task<void> Audit::sign_checkpoints() {
    std::int32_t broken = 0;
    for (const ids::Uuid& company : co_await trail::companies(database_)) {
        const bool whole = co_await sign(company);
        if (!whole) ++broken;
    }
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await session.exec(sql::note_signing, clock_.now(), broken);
    });
}

Task<std::optional<Signing>> Audit::last_signing() {
    return database_.optional<Signing>(db::Scope::system(), sql::last_signing);
}

Task<bool> Audit::sign(ids::Uuid company) {
    const auto notes = co_await runtime_.in_background([&] { return read_notes(company, false); });
    const auto known = notes.checkpoints.empty() ? trail::Link{} : notes.checkpoints.back().link;
    const auto head = co_await trail::head(database_, company);
    if (!notes.wrong && head == known) co_return true;
    const auto finding = notes.checkpoints.empty() ? co_await trail::verify(database_, company)
                                                   : co_await trail::verify_after(database_, company, known);
    if (const auto wrong = notes.wrong ? notes.wrong : finding.wrong) {
        log::error("the trail of a company is not what was written",
                   {{"company", ids::to_hex(company)}, {"wrong", *wrong}});
        co_return false;
    }
    const trail::Checkpoint checkpoint{
        .company = company, .link = finding.last, .at = clock_.now(), .previous = notes.last_sha256};
    co_await runtime_.in_background(
        [&] { objects_.put_new(trail::name_of(checkpoint), trail::signed_note(checkpoint, key())); });
    co_return true;
}

Task<void> Audit::let_go() {
    if (options_.keep == std::chrono::days{0}) co_return;
    const auto before = clock_.now() - options_.keep;
    for (const ids::Uuid& company : co_await trail::companies(database_)) {
        const auto notes = co_await runtime_.in_background([&] { return read_notes(company, true); });
        const auto young = std::ranges::find_if(notes.checkpoints, [&](const auto& one) { return one.at >= before; });
        if (notes.wrong || young == notes.checkpoints.begin()) continue;
        const auto finding = co_await trail::verify(database_, company, links_of(notes.checkpoints));
        const auto& up_to = std::prev(young)->link;
        if (finding.wrong || up_to.sequence <= finding.first.sequence) continue;
        const auto gone = co_await trail::prune(database_, company, up_to);
        log::info("old events of the trail were let go", {{"company", ids::to_hex(company)}, {"events", gone}});
    }
}

}  // namespace mobilytics::audit
