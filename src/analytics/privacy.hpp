#pragma once

#include <cstdint>
#include <span>
#include <vector>

// The privacy floor (measurement.md 4): which parts of a published total are hidden, so that no hidden number can be
// found from what is published. Pure.
//
// A part with fewer visits than the floor is hidden. The total is published all the same, so one hidden part alone
// would be the total less the others: then the smallest part that is shown is hidden too. The same where the hidden
// ones add up to so little that each can only be one visit: whoever sees that a part is listed knows that it has one.
// A floor of 1 or less hides nothing.
namespace mobilytics::analytics::privacy {

struct Part {
    double visits = 0;         // as published; more than 0, for parts without a visit are not listed at all
    double whole_visits = 0;   // before shares: how many there really were
    std::uint32_t pieces = 1;  // how many of the finest parts lie in it, each listed and so with a visit at least
    bool hidden = false;

    bool operator==(const Part&) const = default;
};

// Parts that add up to a known total. What is hidden already stays hidden.
void hide(std::span<Part> parts, double floor);

// One map resolution: each part lies in the part `parent` of the next coarser level.
struct Level {
    std::vector<Part> parts;
    std::vector<std::uint32_t> parents;  // ascending; all 0 in the coarsest level, whose total is known
};

// Levels from the coarsest to the finest, each of whose parts adds up its children. Any of them may be published, so a
// part is also hidden where its parent or its children would give another away:
//   - of the children of a part that is shown, none or at least two are hidden;
//   - of the children of a part that is hidden, at least one is;
//   - in neither case may the hidden ones be so few visits that every piece of them can only have one, and a part of
//     which that is true is hidden itself.
// Only where one part is all there is, the total itself says it: totals keep everything.
void hide(std::vector<Level>& levels, double floor);

}  // namespace mobilytics::analytics::privacy
