#include "src/analytics/outlines.hpp"

namespace mobilytics::analytics {

Outlines::Outlines(std::size_t cells)
    : cells_{cells}, blocks_{std::make_unique<Block[]>((cells + cells_a_block - 1) / cells_a_block)} {}

void Outlines::Block::add(Cell cell) {
    const auto outline = world_outline_of(cell);
    corners.insert(corners.end(), outline.begin(), outline.end());
    ends.push_back(corners.size());
}

std::span<const WorldPoint> Outlines::Block::outline(std::size_t place) const {
    const std::size_t from = place == 0 ? 0 : ends[place - 1];
    return std::span{corners}.subspan(from, ends[place] - from);
}

std::size_t Outlines::bytes() const {
    constexpr std::size_t corners_a_cell = 6;
    return cells_ * (corners_a_cell * sizeof(WorldPoint) + sizeof(std::size_t));
}

}  // namespace mobilytics::analytics
