#pragma once

#include <gtest/gtest.h>
#include <h3api.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <protozero/pbf_message.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "src/analytics/hexagon.hpp"
#include "src/analytics/surface.hpp"

// For tests of the map: cells to start from, and a decoder of vector tiles that shares nothing with their writer.
namespace mobilytics::analytics {

inline constexpr double degrees = 180 / std::numbers::pi;

inline Cell cell_at(double lat, double lon, int resolution) {
    const LatLng place{lat / degrees, lon / degrees};
    Cell cell = 0;
    latLngToCell(&place, resolution, &cell);
    return cell;
}

inline Tile tile_at(double lat, double lon, int zoom) {
    const double side = std::exp2(zoom);
    const double y = 0.5 - std::asinh(std::tan(lat / degrees)) / (2 * std::numbers::pi);
    return {zoom, static_cast<std::uint32_t>((lon / 360 + 0.5) * side), static_cast<std::uint32_t>(y * side)};
}

inline std::vector<SurfaceCell> disk(double lat, double lon, int rings, double visits = 12) {
    std::int64_t size = 0;
    maxGridDiskSize(rings, &size);
    std::vector<H3Index> cells(static_cast<std::size_t>(size));
    gridDisk(cell_at(lat, lon, 9), rings, cells.data());
    std::ranges::sort(cells);
    std::vector<SurfaceCell> found;
    for (const Cell cell : cells)
        if (cell != 0) found.push_back({cell, {visits, visits / 3, visits * 0.7, visits * 40, visits}, false});
    return found;
}

// ---- a decoder of vector tiles

struct Feature {
    std::map<std::string, std::string> properties;  // printed
    std::vector<std::vector<std::pair<int, int>>> rings;
};

struct Layer {
    std::string name;
    std::uint32_t version = 0;
    std::uint32_t extent = 0;
    std::vector<Feature> features;
};

inline std::string value_text(protozero::data_view bytes) {
    protozero::pbf_reader value{bytes};
    value.next();
    switch (value.tag()) {
        case 1:
            return value.get_string();
        case 3:
            return std::to_string(value.get_double());
        case 5:
            return std::to_string(value.get_uint64());
        case 7:
            return value.get_bool() ? "true" : "false";
        default:
            throw std::runtime_error{"a value of a kind that is not used"};
    }
}

inline Feature feature_of(protozero::data_view bytes, const std::vector<std::string>& keys,
                          const std::vector<std::string>& values) {
    Feature feature;
    protozero::pbf_reader reader{bytes};
    while (reader.next()) {
        if (reader.tag() == 2) {
            const auto tags = reader.get_packed_uint32();
            for (auto tag = tags.begin(); tag != tags.end();) {
                const auto& key = keys.at(*tag++);
                feature.properties[key] = values.at(*tag++);
            }
        } else if (reader.tag() == 3) {
            EXPECT_EQ(reader.get_enum(), 3);
        } else if (reader.tag() == 4) {
            std::pair<int, int> pen{0, 0};
            const auto commands = reader.get_packed_uint32();
            for (auto command = commands.begin(); command != commands.end();) {
                const auto id = *command & 7U;
                const auto count = *command++ >> 3U;
                if (id == 7) continue;
                if (id == 1) feature.rings.emplace_back();
                for (std::uint32_t i = 0; i < count; ++i) {
                    pen.first += protozero::decode_zigzag32(*command++);
                    pen.second += protozero::decode_zigzag32(*command++);
                    feature.rings.back().push_back(pen);
                }
            }
        } else {
            reader.skip();
        }
    }
    return feature;
}

inline Layer decoded(const std::string& tile) {
    Layer layer;
    protozero::pbf_reader outer{tile};
    if (!outer.next(3)) return layer;
    const auto body = outer.get_view();
    EXPECT_FALSE(outer.next()) << "one layer";
    std::vector<std::string> keys, values;
    std::vector<protozero::data_view> features;
    protozero::pbf_reader reader{body};
    while (reader.next()) {
        switch (reader.tag()) {
            case 1:
                layer.name = reader.get_string();
                break;
            case 2:
                features.push_back(reader.get_view());
                break;
            case 3:
                keys.push_back(reader.get_string());
                break;
            case 4:
                values.push_back(value_text(reader.get_view()));
                break;
            case 5:
                layer.extent = reader.get_uint32();
                break;
            case 15:
                layer.version = reader.get_uint32();
                break;
            default:
                ADD_FAILURE() << "field " << reader.tag();
                reader.skip();
        }
    }
    for (const auto& feature : features) layer.features.push_back(feature_of(feature, keys, values));
    return layer;
}

// ---- geometry

using PlainRing = std::vector<std::pair<int, int>>;

inline long twice_area(const PlainRing& ring) {
    long sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto& [x1, y1] = ring[i];
        const auto& [x2, y2] = ring[(i + 1) % ring.size()];
        sum += long{x1} * y2 - long{x2} * y1;
    }
    return sum;
}

inline long side_of(std::pair<int, int> a, std::pair<int, int> b, std::pair<int, int> p) {
    return long{b.first - a.first} * (p.second - a.second) - long{b.second - a.second} * (p.first - a.first);
}

inline bool segments_touch(std::pair<int, int> a, std::pair<int, int> b, std::pair<int, int> c, std::pair<int, int> d) {
    const auto sign = [](long value) { return (value > 0) - (value < 0); };
    const auto within = [](std::pair<int, int> p, std::pair<int, int> q, std::pair<int, int> r) {
        return std::min(p.first, q.first) <= r.first && r.first <= std::max(p.first, q.first) &&
               std::min(p.second, q.second) <= r.second && r.second <= std::max(p.second, q.second);
    };
    const int abc = sign(side_of(a, b, c)), abd = sign(side_of(a, b, d));
    const int cda = sign(side_of(c, d, a)), cdb = sign(side_of(c, d, b));
    if (abc != abd && cda != cdb) return true;
    return (abc == 0 && within(a, b, c)) || (abd == 0 && within(a, b, d)) || (cda == 0 && within(c, d, a)) ||
           (cdb == 0 && within(c, d, b));
}

inline bool crosses_itself(const PlainRing& ring) {
    const std::size_t n = ring.size();
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 2; j < n; ++j)
            if (!(i == 0 && j == n - 1) && segments_touch(ring[i], ring[(i + 1) % n], ring[j], ring[(j + 1) % n]))
                return true;
    return false;
}

inline void expect_valid(const Layer& layer) {
    for (const Feature& feature : layer.features) {
        ASSERT_FALSE(feature.rings.empty());
        for (const auto& ring : feature.rings) {
            ASSERT_GE(ring.size(), 3U);
            EXPECT_GT(twice_area(ring), 0) << "an outer ring runs clockwise with y down";
            EXPECT_FALSE(crosses_itself(ring)) << feature.properties.at("cell");
            for (const auto& [x, y] : ring) {
                EXPECT_GE(std::min(x, y), -tile_buffer);
                EXPECT_LE(std::max(x, y), tile_extent + tile_buffer);
            }
        }
    }
}

// Area in tile units by the outline itself, without clipping and rounding.
inline double true_area(Tile tile, Cell cell) {
    const double side = std::exp2(tile.zoom) * tile_extent;
    std::vector<std::pair<double, double>> ring;
    for (const Place& corner : outline_of(cell))
        ring.emplace_back(corner.lon / 360 * side,
                          -std::asinh(std::tan(corner.lat / degrees)) / (2 * std::numbers::pi) * side);
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto& [x1, y1] = ring[i];
        const auto& [x2, y2] = ring[(i + 1) % ring.size()];
        sum += x1 * y2 - x2 * y1;
    }
    return std::abs(sum) / 2;
}

}  // namespace mobilytics::analytics
