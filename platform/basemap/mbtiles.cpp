#include <sqlite3.h>

#include <charconv>
#include <format>
#include <mutex>

#include "platform/basemap/archive.hpp"

// MBTiles 1.3: https://github.com/mapbox/mbtiles-spec. Rows are counted from the south.
namespace mobilytics::basemap {

namespace {

// SQLite's file name with the promise that nobody writes: no locks, no journal, and folders that are read-only will do.
std::string uri_of(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(file).string()) {
        if (c == '%' || c == '?' || c == '#')
            uri += std::format("%{:02X}", static_cast<unsigned char>(c));
        else
            uri += c;
    }
    return uri + "?immutable=1";
}

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

class MbTiles final : public Archive {
public:
    explicit MbTiles(const std::filesystem::path& file) : name_{file.string()} {
        sqlite3* opened = nullptr;
        const int outcome = sqlite3_open_v2(uri_of(file).c_str(), &opened,
                                            SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
        database_.reset(opened);
        if (outcome != SQLITE_OK) refuse();
        read_metadata();
        find_ = prepare("select tile_data from tiles where zoom_level = ?1 and tile_column = ?2 and tile_row = ?3");
    }

    std::optional<std::string> read(Tile tile) const override {
        if (!tile.is_valid()) return std::nullopt;
        const std::scoped_lock lock{mutex_};
        const auto flipped = (std::int64_t{1} << static_cast<unsigned>(tile.zoom)) - 1 - tile.y;
        sqlite3_reset(find_.get());
        sqlite3_bind_int(find_.get(), 1, tile.zoom);
        sqlite3_bind_int64(find_.get(), 2, tile.x);
        sqlite3_bind_int64(find_.get(), 3, flipped);
        const int outcome = sqlite3_step(find_.get());
        if (outcome == SQLITE_DONE) return std::nullopt;
        if (outcome != SQLITE_ROW) refuse();
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(find_.get(), 0));
        return std::string{bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(find_.get(), 0))};
    }

private:
    [[noreturn]] void refuse() const {
        throw BadArchive{std::format("{}: {}", name_, database_ ? sqlite3_errmsg(database_.get()) : "out of memory")};
    }

    Statement prepare(const char* text) const {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v2(database_.get(), text, -1, &made, nullptr) != SQLITE_OK) refuse();
        return Statement{made};
    }

    void read_metadata() {
        const auto rows = prepare("select name, value from metadata");
        std::string format = "pbf";
        std::optional<int> min_zoom, max_zoom;
        while (sqlite3_step(rows.get()) == SQLITE_ROW) {
            const auto text = [&](int column) {
                const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), column));
                return std::string{value ? value : ""};
            };
            const auto name = text(0);
            if (name == "format")
                format = text(1);
            else if (name == "attribution")
                description_.attribution = text(1);
            else if (name == "json")
                description_.metadata = text(1);
            else if (name == "minzoom")
                min_zoom = sqlite3_column_int(rows.get(), 1);
            else if (name == "maxzoom")
                max_zoom = sqlite3_column_int(rows.get(), 1);
            else if (name == "bounds")
                description_.bounds = bounds_in(text(1));
        }
        description_.content_type = content_type_of(format);
        // The two are not required; the tiles themselves know.
        if (!min_zoom || !max_zoom) {
            const auto extremes = prepare("select min(zoom_level), max(zoom_level) from tiles");
            sqlite3_step(extremes.get());
            min_zoom = sqlite3_column_int(extremes.get(), 0);
            max_zoom = sqlite3_column_int(extremes.get(), 1);
        }
        description_.min_zoom = *min_zoom;
        description_.max_zoom = *max_zoom;
    }

    static std::optional<std::array<double, 4>> bounds_in(std::string_view text) {
        std::array<double, 4> bounds{};
        for (std::size_t i = 0; i < bounds.size(); ++i) {
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bounds[i]);
            if (error != std::errc{}) return std::nullopt;
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
            const bool last = i + 1 == bounds.size();
            if (last ? !text.empty() : !text.starts_with(',')) return std::nullopt;
            if (!last) text.remove_prefix(1);
        }
        return bounds;
    }

    std::string content_type_of(const std::string& format) const {
        if (format == "pbf") return "application/vnd.mapbox-vector-tile";
        if (format == "jpg") return "image/jpeg";
        if (format == "png" || format == "webp") return "image/" + format;
        throw BadArchive{std::format("{}: tiles of format '{}' are not served", name_, format)};
    }

    std::string name_;
    Database database_;
    mutable std::mutex mutex_;
    Statement find_;
};

}  // namespace

std::unique_ptr<Archive> open_mbtiles(const std::filesystem::path& file) { return std::make_unique<MbTiles>(file); }

}  // namespace mobilytics::basemap
