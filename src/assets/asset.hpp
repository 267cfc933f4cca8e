#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/problem/faults.hpp"
#include "src/assets/ids.hpp"

// What carries an advertisement: a vehicle that moves or a billboard that stands, with the faces that can be
// booked. Pure values and rules. The enumerators' names are their text in the API and in the database.
namespace mobilytics::assets {

enum class AssetKind { vehicle, billboard };
enum class AssetState { active, retired };
enum class FaceFormat { truck, van, car, bus, bulletin, poster, digital };
enum class FacePlacement { side, left, right, rear, front, roof, wrap, roadside };

inline constexpr std::size_t most_faces = 50;

// Degrees, WGS 84.
struct Point {
    double lat = 0;
    double lon = 0;
    bool operator==(const Point&) const = default;
};

struct NewFace {
    std::string name;
    FaceFormat format = FaceFormat::truck;
    FacePlacement placement = FacePlacement::side;
};

struct Face {
    FaceId id;
    AssetId asset;
    std::string name;
    FaceFormat format = FaceFormat::truck;
    FacePlacement placement = FacePlacement::side;
    bool operator==(const Face&) const = default;
};

struct NewAsset {
    AssetKind kind = AssetKind::vehicle;
    std::string name;
    std::optional<std::string> plate;
    std::optional<Point> point;
    std::vector<NewFace> faces;
};

// What an edit changes; what is not given stays.
struct AssetChange {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> plate;  // given and empty: the vehicle has no plate any more
    std::optional<Point> point;
    std::optional<AssetState> state;
};

struct Asset {
    AssetId id;
    AssetKind kind = AssetKind::vehicle;
    std::string name;
    std::optional<std::string> plate;  // vehicles only
    std::optional<Point> point;        // the surveyed point of a billboard; a vehicle has none of its own
    AssetState state = AssetState::active;
    int version = 1;  // grows with every change of the asset or its faces
    clock::Instant created_at;
    std::vector<Face> faces;  // in the order they were added

    // Throw Problem invalid "assets.invalid", with a pointer per wrong field.
    static Asset made(AssetId id, NewAsset wanted, clock::Instant now);
    Asset changed(AssetChange change) const;
    Face added_face(FaceId face, NewFace wanted) const;  // conflict "assets.too_many_faces"
};

}  // namespace mobilytics::assets
