#include "src/measurements/world.hpp"

#include <algorithm>

namespace mobilytics::measurements {

namespace {

template <class Pick>
std::vector<ids::Uuid> distinct(std::span<const Attachment> attachments, Window span, Pick pick) {
    std::vector<ids::Uuid> found;
    for (const auto& attachment : attachments)
        if (!overlap(attachment.during, span).empty()) found.push_back(pick(attachment));
    std::ranges::sort(found);
    const auto repeats = std::ranges::unique(found);
    found.erase(repeats.begin(), repeats.end());
    return found;
}

}  // namespace

bool World::is_vehicle(const ids::Uuid& asset) const {
    const auto known = assets.find(asset);
    return known != assets.end() && !known->second.surveyed;
}

std::span<const Attachment> World::attachments_of_asset(const ids::Uuid& asset) const {
    const auto found = by_asset.find(asset);
    return found == by_asset.end() ? std::span<const Attachment>{} : std::span{found->second};
}

std::vector<ids::Uuid> World::assets_of_device(const ids::Uuid& device, Window span) const {
    const auto found = devices.find(device);
    if (found == devices.end()) return {};
    return distinct(found->second.history.attachments, span, [](const Attachment& a) { return a.asset; });
}

std::vector<ids::Uuid> World::devices_of_asset(const ids::Uuid& asset, Window span) const {
    return distinct(attachments_of_asset(asset), span, [](const Attachment& a) { return a.device; });
}

std::vector<Window> World::attached_windows(const ids::Uuid& asset, Window span) const {
    std::vector<Window> windows;
    for (const auto& attachment : attachments_of_asset(asset)) windows.push_back(attachment.during);
    std::ranges::sort(windows, {}, &Window::from);
    std::vector<Window> joined;
    for (const auto& window : windows) {
        if (!joined.empty() && window.from <= joined.back().to)
            joined.back().to = std::max(joined.back().to, window.to);
        else
            joined.push_back(window);
    }
    return intersect(joined, span);
}

std::vector<Window> intersect(std::span<const Window> windows, Window span) {
    std::vector<Window> parts;
    for (const auto& window : windows) {
        const Window part = overlap(window, span);
        if (!part.empty()) parts.push_back(part);
    }
    return parts;
}

}  // namespace mobilytics::measurements
