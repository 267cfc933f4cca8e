#include "src/assets/entries.hpp"

#include <format>

namespace mobilytics::assets {

namespace {

std::optional<std::string> to_text(const std::optional<Point>& point) {
    return point.transform([](Point at) { return std::format("{}, {}", at.lat, at.lon); });
}

std::string name_of(auto value) { return std::string{json::name_of(value)}; }

}  // namespace

trail::Entry created(const Asset& asset) {
    trail::Changes changes;
    changes.made("kind", name_of(asset.kind)).made("name", asset.name).made("plate", asset.plate);
    changes.made("point", to_text(asset.point)).made("faces", asset.faces.size());
    return {.action = "asset.created",
            .resource_id = asset.id.text(),
            .resource_label = asset.name,
            .changes = std::move(changes)};
}

trail::Entry changed(const Asset& before, const Asset& after) {
    trail::Changes changes;
    changes.field("name", before.name, after.name).field("plate", before.plate, after.plate);
    changes.field("point", to_text(before.point), to_text(after.point));
    changes.field("state", name_of(before.state), name_of(after.state));
    return {.action = "asset.changed",
            .resource_id = after.id.text(),
            .resource_label = after.name,
            .changes = std::move(changes)};
}

trail::Entry face_added(const Asset& asset, const Face& face) {
    trail::Changes changes;
    changes.made("face_id", face.id.text()).made("name", face.name).made("format", name_of(face.format));
    changes.made("placement", name_of(face.placement));
    return {.action = "asset.face_added",
            .resource_id = asset.id.text(),
            .resource_label = asset.name,
            .changes = std::move(changes)};
}

}  // namespace mobilytics::assets
