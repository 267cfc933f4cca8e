#include "src/campaigns/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <string>
#include <vector>

#include "platform/crypto/fingerprint.hpp"
#include "platform/problem/faults.hpp"

namespace mobilytics::campaigns {

namespace {

// Shares like 0.1 are not exact in binary; ten of them are one face.
constexpr double rounding = 1e-9;

void check(const Assignment& assignment) {
    Faults faults;
    if (assignment.during.empty()) faults.add("/to", "must be after `from`");
    if (!(assignment.share > 0 && assignment.share <= 1)) faults.add("/share", "must be more than 0 and at most 1");
    faults.refuse("campaigns.invalid_assignment", "The assignment cannot be like that; see errors.");
}

// The instants at which what is booked of the face can change, within the window.
std::vector<clock::Instant> cuts(clock::Window window, std::span<const Assignment> booked) {
    std::vector<clock::Instant> instants{window.from, window.to};
    for (const Assignment& assignment : booked)
        for (const clock::Instant edge : {assignment.during.from, assignment.during.to})
            if (window.contains(edge)) instants.push_back(edge);
    std::ranges::sort(instants);
    const auto repeats = std::ranges::unique(instants);
    instants.erase(repeats.begin(), repeats.end());
    return instants;
}

double free_at(clock::Instant instant, std::span<const Assignment> booked) {
    double taken = 0;
    for (const Assignment& assignment : booked)
        if (assignment.during.contains(instant)) taken += assignment.share;
    return std::max(0.0, 1 - taken);
}

std::string until(clock::Instant end) {
    return end == clock::far_future ? "on" : std::format("until {}", clock::to_rfc3339(end));
}

}  // namespace

Assignment Assignment::made(AssignmentId id, CampaignId campaign, AssetId asset, NewAssignment wanted) {
    Assignment assignment{id, campaign, wanted.face, asset, wanted.during, wanted.share};
    check(assignment);
    return assignment;
}

Assignment Assignment::changed(AssignmentChange change) const {
    Assignment after = *this;
    if (change.from) after.during.from = *change.from;
    if (change.to) after.during.to = *change.to;
    if (change.share) after.share = *change.share;
    check(after);
    return after;
}

std::string Assignment::version() const {
    const auto text = [](clock::Instant at) { return std::to_string(at.time_since_epoch().count()); };
    return crypto::fingerprint({text(during.from), text(during.to), std::format("{}", share)});
}

std::optional<Shortage> find_shortage(std::span<const Assignment> booked, const Assignment& wanted) {
    std::optional<Shortage> shortage;
    const auto instants = cuts(wanted.during, booked);
    for (std::size_t next = 1; next < instants.size(); ++next) {
        const double free = free_at(instants[next - 1], booked);
        if (wanted.share <= free + rounding) {
            if (shortage) break;
            continue;
        }
        if (!shortage) shortage = Shortage{{instants[next - 1], instants[next]}, free};
        shortage->during.to = instants[next];
        shortage->free = std::min(shortage->free, free);
    }
    return shortage;
}

void require_free(std::span<const Assignment> booked, const Assignment& wanted, std::string_view face_name) {
    const auto shortage = find_shortage(booked, wanted);
    if (!shortage) return;
    // Rounded down, so that asking for what the answer says is free succeeds.
    const double free = std::floor((shortage->free + rounding) * 1e6) / 1e6;
    throw Problem{Kind::conflict, "campaigns.shares_exceed_one",
                  std::format("Of face '{}' only {} is free from {} {}, and {} is wanted.", face_name, free,
                              clock::to_rfc3339(shortage->during.from), until(shortage->during.to), wanted.share)};
}

}  // namespace mobilytics::campaigns
