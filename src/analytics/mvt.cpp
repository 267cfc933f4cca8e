#include "src/analytics/mvt.hpp"

#include <cmath>
#include <protozero/pbf_builder.hpp>
#include <type_traits>

namespace mobilytics::analytics {

namespace {

// Field numbers of vector_tile.proto.
enum class TileField : protozero::pbf_tag_type { layers = 3 };
enum class LayerField : protozero::pbf_tag_type {
    name = 1,
    features = 2,
    keys = 3,
    values = 4,
    extent = 5,
    version = 15
};
enum class FeatureField : protozero::pbf_tag_type { tags = 2, type = 3, geometry = 4 };
enum class ValueField : protozero::pbf_tag_type { string = 1, real = 3, unsigned_integer = 5, boolean = 7 };

constexpr std::int32_t polygon = 3;
constexpr std::uint32_t move_to = 1;
constexpr std::uint32_t line_to = 2;
constexpr std::uint32_t close_path = 7;

constexpr std::uint32_t command(std::uint32_t id, std::size_t count) {
    return id | static_cast<std::uint32_t>(count) << 3U;
}

std::uint32_t zigzag(int value) { return protozero::encode_zigzag32(value); }

std::vector<std::uint32_t> geometry_of(const std::vector<TileRing>& rings) {
    std::vector<std::uint32_t> commands;
    TilePoint pen;
    const auto draw_to = [&](TilePoint point) {
        commands.push_back(zigzag(point.x - pen.x));
        commands.push_back(zigzag(point.y - pen.y));
        pen = point;
    };
    for (const TileRing& ring : rings) {
        commands.push_back(command(move_to, 1));
        draw_to(ring.front());
        commands.push_back(command(line_to, ring.size() - 1));
        for (std::size_t i = 1; i < ring.size(); ++i) draw_to(ring[i]);
        commands.push_back(command(close_path, 1));
    }
    return commands;
}

template <class Value>
std::string encoded(const Value& value) {
    std::string text;
    protozero::pbf_builder<ValueField> message{text};
    std::visit(
        [&](const auto& held) {
            using Held = std::remove_cvref_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, bool>)
                message.add_bool(ValueField::boolean, held);
            else if constexpr (std::is_same_v<Held, std::int64_t>)
                message.add_uint64(ValueField::unsigned_integer, static_cast<std::uint64_t>(held));
            else if constexpr (std::is_same_v<Held, double>)
                message.add_double(ValueField::real, held);
            else
                message.add_string(ValueField::string, held);
        },
        value);
    return text;
}

}  // namespace

ExposureLayer::Value ExposureLayer::number(double value) {
    constexpr double most_exact = 9007199254740992;  // 2^53
    if (value >= 0 && value < most_exact && std::floor(value) == value) return static_cast<std::int64_t>(value);
    return value;
}

std::uint32_t ExposureLayer::index_of(Value value) {
    const auto next = static_cast<std::uint32_t>(values_.size());
    const auto [found, is_new] = indices_.try_emplace(value, next);
    if (is_new) values_.push_back(std::move(value));
    return found->second;
}

void ExposureLayer::add(const SurfaceCell& shown, const std::vector<TileRing>& rings, bool is_coarsened) {
    std::vector<std::uint32_t> tags;
    const auto tag = [&](Key key, Value value) {
        tags.push_back(key);
        tags.push_back(index_of(std::move(value)));
    };
    // No two cells have the same name, so there is nothing to look up.
    tags.push_back(Key::cell);
    tags.push_back(static_cast<std::uint32_t>(values_.size()));
    values_.emplace_back(cell_text(shown.cell));
    tag(Key::resolution, std::int64_t{resolution_of(shown.cell)});
    tag(Key::hidden, shown.hidden);
    if (is_coarsened) tag(Key::coarsened, true);
    if (!shown.hidden) {
        tag(Key::visits, number(shown.sums.visits));
        tag(Key::ots, number(shown.sums.ots));
        tag(Key::lts, number(shown.sums.lts));
        tag(Key::mean_dwell_s, number(value_of(shown.sums, Metric::dwell)));
    }
    std::string text;
    protozero::pbf_builder<FeatureField> feature{text};
    feature.add_packed_uint32(FeatureField::tags, tags.begin(), tags.end());
    feature.add_enum(FeatureField::type, polygon);
    const auto geometry = geometry_of(rings);
    feature.add_packed_uint32(FeatureField::geometry, geometry.begin(), geometry.end());
    protozero::pbf_builder<LayerField> layer{features_};
    layer.add_message(LayerField::features, text);
    ++cells_;
}

std::string ExposureLayer::encode() const {
    if (cells_ == 0) return {};
    std::string body;
    protozero::pbf_builder<LayerField> layer{body};
    layer.add_uint32(LayerField::version, 2);
    layer.add_string(LayerField::name, "exposure");
    layer.add_uint32(LayerField::extent, tile_extent);
    for (const char* key : {"cell", "resolution", "hidden", "coarsened", "visits", "ots", "lts", "mean_dwell_s"})
        layer.add_string(LayerField::keys, key);
    for (const Value& value : values_) layer.add_message(LayerField::values, encoded(value));
    body += features_;
    std::string tile;
    protozero::pbf_builder<TileField>{tile}.add_message(TileField::layers, body);
    return tile;
}

}  // namespace mobilytics::analytics
