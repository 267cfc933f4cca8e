#include "src/analytics/wkb.hpp"

#include <h3api.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <numbers>

namespace mobilytics::analytics {

namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr std::uint32_t polygon_type = 3;
constexpr std::uint32_t multi_polygon_type = 6;

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_{bytes} {}

    // Byte order mark, then the type that must follow.
    void expect(std::uint32_t type) {
        swap_ = (take<std::uint8_t>() == 1) != (std::endian::native == std::endian::little);
        if (take<std::uint32_t>() != type) throw BadShape{"a shape is not made of polygons"};
    }

    template <class T>
    T take() {
        if (rest_.size() < sizeof(T)) throw BadShape{"a shape is cut short"};
        char bytes[sizeof(T)];
        std::memcpy(bytes, rest_.data(), sizeof(T));
        if (swap_) std::reverse(std::begin(bytes), std::end(bytes));
        rest_.remove_prefix(sizeof(T));
        return std::bit_cast<T>(bytes);
    }

    // A number of things of at least `size` bytes each, so that a wrong one cannot ask for endless memory.
    std::uint32_t take_count(std::size_t size) {
        const auto count = take<std::uint32_t>();
        if (count > rest_.size() / size) throw BadShape{"a shape is cut short"};
        return count;
    }

    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool swap_ = false;
};

Ring read_ring(Reader& reader) {
    Ring ring(reader.take_count(2 * sizeof(double)));
    for (Place& place : ring) {
        place.lon = reader.take<double>();
        place.lat = reader.take<double>();
    }
    return ring;
}

Polygon read_polygon(Reader& reader) {
    reader.expect(polygon_type);
    const auto rings = reader.take_count(sizeof(std::uint32_t));
    if (rings == 0) throw BadShape{"a polygon has no ring"};
    Polygon polygon{read_ring(reader), {}};
    for (std::uint32_t i = 1; i < rings; ++i) polygon.holes.push_back(read_ring(reader));
    return polygon;
}

std::vector<LatLng> corners_of(const Ring& ring) {
    std::vector<LatLng> corners;
    for (const Place& place : ring) corners.push_back({place.lat * radians, place.lon * radians});
    // libh3 closes rings itself.
    if (corners.size() > 1 && ring.front().lat == ring.back().lat && ring.front().lon == ring.back().lon)
        corners.pop_back();
    return corners;
}

GeoLoop loop_of(std::vector<LatLng>& corners) { return {static_cast<int>(corners.size()), corners.data()}; }

void add_cells(const Polygon& polygon, std::size_t most_cells, std::vector<Cell>& cells) {
    auto outer = corners_of(polygon.outer);
    std::vector<std::vector<LatLng>> holes;
    for (const Ring& hole : polygon.holes) holes.push_back(corners_of(hole));
    std::vector<GeoLoop> loops;
    for (auto& hole : holes) loops.push_back(loop_of(hole));
    const GeoPolygon shape{loop_of(outer), static_cast<int>(loops.size()), loops.data()};
    std::int64_t most = 0;
    if (maxPolygonToCellsSize(&shape, finest_resolution, 0, &most) != E_SUCCESS)
        throw BadShape{"a polygon cannot be measured"};
    if (static_cast<std::size_t>(most) > most_cells) throw BadShape{"a polygon is too large"};
    std::vector<H3Index> found(static_cast<std::size_t>(most));
    if (polygonToCells(&shape, finest_resolution, 0, found.data()) != E_SUCCESS)
        throw BadShape{"a polygon cannot be filled with cells"};
    std::ranges::copy_if(found, std::back_inserter(cells), [](H3Index cell) { return cell != 0; });
    if (cells.size() > most_cells) throw BadShape{"a shape is too large"};
}

// The next cell of resolution 9 in number: digits run from 0 to 6, so a 7 carries.
Cell next_of(Cell cell) {
    constexpr unsigned unused_bits = 3 * (15 - finest_resolution);
    Cell digits = (cell >> unused_bits) + 1;
    for (unsigned shift = 0; shift < 3 * finest_resolution; shift += 3)
        if ((digits >> shift & 7U) == 7) digits += Cell{1} << shift;
    return digits << unused_bits | ((Cell{1} << unused_bits) - 1);
}

}  // namespace

std::vector<Polygon> polygons_from_wkb(std::string_view wkb) {
    Reader reader{wkb};
    reader.expect(multi_polygon_type);
    std::vector<Polygon> polygons(reader.take_count(9));
    for (Polygon& polygon : polygons) polygon = read_polygon(reader);
    if (!reader.at_end()) throw BadShape{"a shape has bytes left over"};
    return polygons;
}

std::vector<CellRange> cells_in(const std::vector<Polygon>& polygons, std::size_t most_cells) {
    std::vector<Cell> cells;
    for (const Polygon& polygon : polygons) add_cells(polygon, most_cells, cells);
    std::ranges::sort(cells);
    cells.erase(std::ranges::unique(cells).begin(), cells.end());
    std::vector<CellRange> ranges;
    for (const Cell cell : cells) {
        if (!ranges.empty() && next_of(ranges.back().last) == cell)
            ranges.back().last = cell;
        else
            ranges.push_back({cell, cell});
    }
    return ranges;
}

}  // namespace mobilytics::analytics
