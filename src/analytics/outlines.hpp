#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "src/analytics/hexagon.hpp"

// Outlines of many cells, computed where somebody first looks and kept: a view's tiles share most of them, and the
// next zoom as well. Neighbours in number are neighbours on the map, so what is computed together is wanted together.
// Safe from any thread.
namespace mobilytics::analytics {

class Outlines {
public:
    Outlines() = default;
    explicit Outlines(std::size_t cells);

    // Of the cell at `index`; `cell_at` names the cells that have to be computed.
    template <class CellAt>
    std::span<const WorldPoint> at(std::size_t index, CellAt cell_at) const {
        Block& block = blocks_[index / cells_a_block];
        const std::size_t first = index - index % cells_a_block;
        const std::size_t last = std::min(first + cells_a_block, cells_);
        std::call_once(block.computed, [&] {
            for (std::size_t i = first; i < last; ++i) block.add(cell_at(i));
        });
        return block.outline(index - first);
    }

    // With all of them computed.
    std::size_t bytes() const;

private:
    static constexpr std::size_t cells_a_block = 64;

    struct Block {
        std::once_flag computed;
        std::vector<WorldPoint> corners;
        std::vector<std::size_t> ends;  // of each cell's corners

        void add(Cell cell);
        std::span<const WorldPoint> outline(std::size_t place) const;
    };

    std::size_t cells_ = 0;
    std::unique_ptr<Block[]> blocks_;
};

}  // namespace mobilytics::analytics
