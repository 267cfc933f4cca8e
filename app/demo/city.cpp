#include "app/demo/city.hpp"

#include <algorithm>
#include <cmath>

namespace mobilytics::demo {

namespace {

// Toronto from Bloor Street to the north, which keeps its streets out of the lake also where a map draws the shore
// coarsely; streets about 220 m apart.
constexpr double south = 43.6560;
constexpr double west = -79.5200;
constexpr double north = 43.7360;
constexpr double east = -79.3700;
constexpr double step_lat = 0.0020;
constexpr double step_lon = 0.0028;
constexpr double metres_per_degree = 111'195;

double snapped(double value, double origin, double step, double end) {
    return std::clamp(origin + std::round((value - origin) / step) * step, origin, end);
}

// Share of the daily peak by local hour: quiet nights, two rush hours, a busy evening.
double rhythm(double hour) {
    const auto bump = [&](double at, double width) {
        return std::exp(-((hour - at) * (hour - at)) / (2 * width * width));
    };
    return std::min(
        1.0, 0.04 + 0.75 * bump(8.4, 1.3) + 0.55 * bump(12.6, 1.9) + 0.95 * bump(17.4, 1.7) + 0.4 * bump(20.5, 1.6));
}

}  // namespace

double metres_between(Place one, Place other) {
    const double dy = (other.lat - one.lat) * metres_per_degree;
    const double dx = (other.lon - one.lon) * metres_per_degree * std::cos(one.lat * std::numbers::pi / 180);
    return std::hypot(dx, dy);
}

City::City() {
    const char* names[4][5] = {{"Kingsway", "High Park", "Bloordale", "Annex", "Bay Street"},
                               {"Humber", "Junction", "Corso Italia", "Casa Loma", "Summerhill"},
                               {"Weston", "Mount Dennis", "Fairbank", "Forest Hill", "Davisville"},
                               {"Pelmo Park", "Maple Leaf", "Glen Park", "Lawrence Park", "Bridle Path"}};
    const double crowds[4][5] = {{0.22, 0.45, 0.55, 0.75, 1.00},
                                 {0.20, 0.35, 0.45, 0.60, 0.70},
                                 {0.15, 0.25, 0.40, 0.45, 0.75},
                                 {0.10, 0.15, 0.20, 0.30, 0.15}};
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 5; ++column)
            districts_.push_back({"D" + std::to_string(row + 1) + std::to_string(column + 1), names[row][column],
                                  south + (north - south) * row / 4, west + (east - west) * column / 5,
                                  south + (north - south) * (row + 1) / 4, west + (east - west) * (column + 1) / 5,
                                  crowds[row][column]});
}

Place City::crossing(Place near) const {
    return {snapped(near.lat, south, step_lat, north), snapped(near.lon, west, step_lon, east)};
}

Place City::destination(Chance& chance) const {
    for (;;) {
        const auto& district = districts_[static_cast<std::size_t>(chance.below(static_cast<int>(districts_.size())))];
        if (!chance.happens(0.15 + 0.85 * district.crowd)) continue;
        return crossing({chance.between(district.south, district.north), chance.between(district.west, district.east)});
    }
}

std::vector<Place> City::way(Place from, Place to, Chance& chance) const {
    const auto stepped = [](double value, double target, double step) {
        return std::abs(target - value) <= step ? target : value + std::copysign(step, target - value);
    };
    std::vector<Place> way{from};
    const bool along_first = chance.happens(0.5);
    for (int leg = 0; leg < 2; ++leg) {
        const bool along = (leg == 0) == along_first;
        while (along ? way.back().lon != to.lon : way.back().lat != to.lat) {
            Place next = way.back();
            if (along)
                next.lon = stepped(next.lon, to.lon, step_lon);
            else
                next.lat = stepped(next.lat, to.lat, step_lat);
            way.push_back(next);
        }
    }
    return way;
}

double City::crowd(Place at, double hour_of_day) const {
    double here = 0.05;
    for (const auto& district : districts_)
        if (at.lat >= district.south && at.lat < district.north && at.lon >= district.west && at.lon < district.east)
            here = district.crowd;
    return here * rhythm(hour_of_day);
}

}  // namespace mobilytics::demo
