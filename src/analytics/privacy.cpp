#include "src/analytics/privacy.hpp"

#include <algorithm>

namespace mobilytics::analytics::privacy {

namespace {

constexpr double tolerance = 1e-6;

// Ties take the first, so that every node and every query hides the same part.
Part* smallest_shown(std::span<Part> parts) {
    Part* smallest = nullptr;
    for (Part& part : parts)
        if (!part.hidden && (!smallest || part.visits < smallest->visits)) smallest = &part;
    return smallest;
}

// Whether there is more in a part than the one visit that each of its pieces is known to have.
bool has_room(const Part& part) { return part.whole_visits > part.pieces + tolerance; }

bool is_hidden_with_room(const Part& part) { return part.hidden && has_room(part); }

void hide_small(std::span<Part> parts, double floor) {
    for (Part& part : parts) part.hidden = part.hidden || part.visits < floor || (part.pieces > 1 && !has_room(part));
}

// Of parts whose sum is known: subtraction gives the sum of the hidden ones, which must leave a choice.
void hide_complements(std::span<Part> parts) {
    const auto give_away = [&] {
        const auto hidden = std::ranges::count_if(parts, &Part::hidden);
        return hidden == 1 || (hidden > 1 && std::ranges::none_of(parts, is_hidden_with_room));
    };
    while (give_away()) {
        Part* second = smallest_shown(parts);
        if (!second) return;
        second->hidden = true;
    }
}

// Of parts whose sum is hidden: they must not add it up again.
void hide_at_least_one(std::span<Part> parts) {
    if (std::ranges::any_of(parts, is_hidden_with_room)) return;
    if (Part* smallest = smallest_shown(parts)) smallest->hidden = true;
}

}  // namespace

void hide(std::span<Part> parts, double floor) {
    if (floor <= 1) return;
    hide_small(parts, floor);
    hide_complements(parts);
}

void hide(std::vector<Level>& levels, double floor) {
    if (floor <= 1) return;
    for (std::size_t depth = 0; depth < levels.size(); ++depth) {
        Level& level = levels[depth];
        hide_small(level.parts, floor);
        for (std::size_t from = 0; from < level.parts.size();) {
            const auto parent = level.parents[from];
            std::size_t to = from;
            while (to < level.parents.size() && level.parents[to] == parent) ++to;
            const std::span children{level.parts.data() + from, to - from};
            const bool parent_hidden = depth > 0 && levels[depth - 1].parts[parent].hidden;
            if (parent_hidden)
                hide_at_least_one(children);
            else
                hide_complements(children);
            from = to;
        }
    }
}

}  // namespace mobilytics::analytics::privacy
