#include "src/assets/asset.hpp"

#include <gtest/gtest.h>

namespace mobilytics::assets {
namespace {

const clock::Instant now{clock::Milliseconds{1'772'000'000'000}};

NewAsset truck() {
    return {AssetKind::vehicle, "Truck 7", "ABCD 123", {}, {{"Left", FaceFormat::truck, FacePlacement::left}}};
}
NewAsset board() { return {AssetKind::billboard, "Board 1", {}, Point{43.64, -79.39}, {}}; }

std::vector<std::string> pointers_of(NewAsset wanted) {
    try {
        Asset::made(AssetId::make(), std::move(wanted), now);
        return {};
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "assets.invalid");
        std::vector<std::string> pointers;
        for (const FieldError& error : problem.errors()) pointers.push_back(error.pointer);
        return pointers;
    }
}

using Pointers = std::vector<std::string>;

TEST(Asset, is_made_active_with_its_faces_in_order) {
    auto wanted = truck();
    wanted.faces.push_back({"Rear", FaceFormat::truck, FacePlacement::rear});
    const auto id = AssetId::make();
    const auto asset = Asset::made(id, wanted, now);
    EXPECT_EQ(asset.id, id);
    EXPECT_EQ(asset.state, AssetState::active);
    EXPECT_EQ(asset.version, 1);
    ASSERT_EQ(asset.faces.size(), 2U);
    EXPECT_EQ(asset.faces[0].name, "Left");
    EXPECT_EQ(asset.faces[1].placement, FacePlacement::rear);
    EXPECT_EQ(asset.faces[1].asset, id);
    EXPECT_NE(asset.faces[0].id, asset.faces[1].id);
}

TEST(Asset, a_billboard_needs_a_point_and_a_vehicle_has_none) {
    auto unplaced = board();
    unplaced.point.reset();
    EXPECT_EQ(pointers_of(unplaced), Pointers{"/point"});
    auto placed = truck();
    placed.point = Point{43, -79};
    EXPECT_EQ(pointers_of(placed), Pointers{"/point"});
    EXPECT_EQ(pointers_of(board()), Pointers{});
    EXPECT_EQ(pointers_of(truck()), Pointers{});
}

TEST(Asset, every_wrong_field_is_named_at_once) {
    NewAsset wanted{
        AssetKind::billboard, "  ", "X 1", Point{91, -181}, {{"", FaceFormat::poster, FacePlacement::roadside}}};
    EXPECT_EQ(pointers_of(wanted), (Pointers{"/name", "/point/lat", "/point/lon", "/plate", "/faces/0/name"}));
}

TEST(Asset, names_have_1_to_200_characters_and_no_control_characters) {
    for (const auto& [name, good] : std::vector<std::pair<std::string, bool>>{{"x", true},
                                                                              {std::string(200, 'x'), true},
                                                                              {std::string(201, 'x'), false},
                                                                              {"", false},
                                                                              {"a\tb", false},
                                                                              {std::string{"a\0b", 3}, false},
                                                                              {"\x7F", false},
                                                                              {"Été 🚚", true}}) {
        auto wanted = truck();
        wanted.name = name;
        EXPECT_EQ(pointers_of(wanted).empty(), good) << name;
    }
    std::string long_but_not_in_characters;
    for (int i = 0; i < 200; ++i) long_but_not_in_characters += "é";
    auto wanted = truck();
    wanted.name = long_but_not_in_characters;
    EXPECT_EQ(pointers_of(wanted), Pointers{});
}

TEST(Asset, the_edges_of_the_world_are_points_and_0_0_is_not) {
    for (const auto& [point, good] : std::vector<std::pair<Point, bool>>{
             {{90, 180}, true}, {{-90, -180}, true}, {{0, 0.0001}, true}, {{0, 0}, false}, {{90.001, 0}, false}}) {
        auto wanted = board();
        wanted.point = point;
        EXPECT_EQ(pointers_of(wanted).empty(), good) << point.lat << ", " << point.lon;
    }
}

TEST(Asset, a_change_leaves_what_it_does_not_name) {
    const auto before = Asset::made(AssetId::make(), truck(), now);
    const auto after =
        before.changed({.name = {}, .plate = std::optional<std::string>{}, .point = {}, .state = AssetState::retired});
    EXPECT_EQ(after.name, "Truck 7");
    EXPECT_EQ(after.plate, std::nullopt);
    EXPECT_EQ(after.state, AssetState::retired);
    EXPECT_EQ(after.version, 2);
    EXPECT_EQ(after.faces, before.faces);
}

TEST(Asset, a_change_cannot_give_a_vehicle_a_point) {
    const auto asset = Asset::made(AssetId::make(), truck(), now);
    EXPECT_THROW(asset.changed({.name = {}, .plate = {}, .point = Point{1, 1}, .state = {}}), Problem);
}

TEST(Asset, has_at_most_50_faces) {
    auto wanted = truck();
    wanted.faces.assign(most_faces, {"Side", FaceFormat::truck, FacePlacement::side});
    const auto full = Asset::made(AssetId::make(), wanted, now);
    try {
        full.added_face(FaceId::make(), {"One more", FaceFormat::truck, FacePlacement::roof});
        FAIL() << "took a face too many";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "assets.too_many_faces");
    }
    wanted.faces.push_back({"One more", FaceFormat::truck, FacePlacement::roof});
    EXPECT_EQ(pointers_of(wanted), Pointers{"/faces"});
}

}  // namespace
}  // namespace mobilytics::assets
