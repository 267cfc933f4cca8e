#include "platform/basemap/archive.hpp"

#include <chrono>
#include <format>
#include <fstream>

namespace mobilytics::basemap {

namespace {

std::string version_of(const std::filesystem::path& file) {
    const auto changed = std::filesystem::last_write_time(file).time_since_epoch();
    return std::format("{:x}-{:x}", std::filesystem::file_size(file),
                       std::chrono::duration_cast<std::chrono::microseconds>(changed).count());
}

}  // namespace

bool Tile::is_valid() const {
    if (zoom < 0 || zoom > most_zoom) return false;
    const auto side = std::uint32_t{1} << static_cast<unsigned>(zoom);
    return x < side && y < side;
}

std::unique_ptr<Archive> open_archive(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    char begin[16] = {};
    stream.read(begin, sizeof begin);
    const std::string_view first{begin, static_cast<std::size_t>(stream.gcount())};
    std::unique_ptr<Archive> archive;
    if (first.starts_with("SQLite format 3")) archive = open_mbtiles(file);
    if (first.starts_with("PMTiles")) archive = open_pmtiles(file);
    if (archive) {
        archive->description_.version = version_of(file);
        return archive;
    }
    throw BadArchive{std::format("{}: {}", file.string(),
                                 stream.bad() || first.empty() ? "cannot be read" : "is neither MBTiles nor PMTiles")};
}

}  // namespace mobilytics::basemap
