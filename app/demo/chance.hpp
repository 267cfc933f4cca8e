#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace mobilytics::demo {

// Repeatable chance: the same seed gives the same demo on every machine (the standard library's distributions do not
// promise that). SplitMix64.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_{seed} {}

    std::uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
        return mixed ^ (mixed >> 31U);
    }

    double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }  // [0, 1)
    double between(double low, double high) { return low + (high - low) * unit(); }
    int below(int count) { return static_cast<int>(unit() * count); }
    bool happens(double probability) { return unit() < probability; }
    double exponential(double mean) { return -mean * std::log1p(-unit()); }

    double normal(double mean, double deviation) {
        const double radius = std::sqrt(-2 * std::log1p(-unit()));
        return mean + deviation * radius * std::cos(2 * std::numbers::pi * unit());
    }

    int poisson(double mean) {
        int count = 0;
        for (double left = std::exp(-mean), product = unit(); product > left; product *= unit()) ++count;
        return count;
    }

private:
    std::uint64_t state_;
};

}  // namespace mobilytics::demo
