#pragma once

#include <string>
#include <vector>

#include "app/demo/chance.hpp"

// A city to drive through: a street grid over the extent of a real one, with districts where people are.
namespace mobilytics::demo {

struct Place {
    double lat = 0;
    double lon = 0;
};

// A district of the city as a rectangle: a region of the demo's own region set, and where its people are.
struct District {
    std::string code;
    std::string name;
    double south = 0;
    double west = 0;
    double north = 0;
    double east = 0;
    double crowd = 0;  // people about, relative to the busiest
};

class City {
public:
    City();

    const std::vector<District>& districts() const { return districts_; }

    // The crossing of the street grid nearest to a place.
    Place crossing(Place near) const;
    // A crossing that is likely where the crowd is.
    Place destination(Chance& chance) const;
    // Crossings from one to the other along the streets, first one way, then the other.
    std::vector<Place> way(Place from, Place to, Chance& chance) const;
    // 0 to 1: how many people are about there, at a local hour of the day.
    double crowd(Place at, double hour_of_day) const;

private:
    std::vector<District> districts_;
};

double metres_between(Place one, Place other);

}  // namespace mobilytics::demo
