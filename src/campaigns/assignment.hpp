#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "src/assets/ids.hpp"
#include "src/campaigns/ids.hpp"

// A face given to a campaign for a while, whole or in part. Pure values and rules. An open end is clock::far_future.
namespace mobilytics::campaigns {

struct NewAssignment {
    FaceId face;
    clock::Window during;
    double share = 1;
};

struct AssignmentChange {
    std::optional<clock::Instant> from;
    std::optional<clock::Instant> to;
    std::optional<double> share;
};

struct Assignment {
    AssignmentId id;
    CampaignId campaign;
    FaceId face;
    AssetId asset;
    clock::Window during;
    double share = 1;

    // Throw Problem invalid "campaigns.invalid_assignment".
    static Assignment made(AssignmentId id, CampaignId campaign, AssetId asset, NewAssignment wanted);
    Assignment changed(AssignmentChange change) const;

    // Tells apart what an edit can make of it.
    std::string version() const;

    bool operator==(const Assignment&) const = default;
};

// The first stretch of time in which a face has less free than is wanted, and the least that is free during it.
struct Shortage {
    clock::Window during;
    double free = 0;
};

// The shares of one face never exceed 1 at any instant (measurement.md 3.2). `booked`: the other assignments of the
// face.
std::optional<Shortage> find_shortage(std::span<const Assignment> booked, const Assignment& wanted);

// Throws Problem conflict "campaigns.shares_exceed_one", saying when and how much is free.
void require_free(std::span<const Assignment> booked, const Assignment& wanted, std::string_view face_name);

}  // namespace mobilytics::campaigns
