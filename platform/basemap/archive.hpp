#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

// A file of map tiles made by others: MBTiles (SQLite) or PMTiles 3, which look the same from here.
namespace mobilytics::basemap {

class BadArchive : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Counted from the north-west, as in every slippy map.
struct Tile {
    int zoom = 0;
    std::uint32_t x = 0;
    std::uint32_t y = 0;

    bool is_valid() const;
};

inline constexpr int most_zoom = 22;

struct Description {
    int min_zoom = 0;
    int max_zoom = 0;
    std::string content_type;  // of the tiles, uncompressed
    std::string attribution;
    std::string metadata;                              // JSON with "vector_layers"; empty when the file has none
    std::optional<std::array<double, 4>> bounds = {};  // west, south, east, north
    std::string version;                               // changes with the file
};

class Archive {
public:
    virtual ~Archive() = default;

    // As stored: gzip or plain. Nothing where the file has no tile. From any thread. Throws BadArchive when the file
    // contradicts itself.
    virtual std::optional<std::string> read(Tile tile) const = 0;

    const Description& description() const { return description_; }

protected:
    friend std::unique_ptr<Archive> open_archive(const std::filesystem::path& file);
    Description description_;
};

// Tells the format by the file's first bytes. Throws BadArchive, naming the file and what is wrong with it.
std::unique_ptr<Archive> open_archive(const std::filesystem::path& file);

std::unique_ptr<Archive> open_mbtiles(const std::filesystem::path& file);
std::unique_ptr<Archive> open_pmtiles(const std::filesystem::path& file);

}  // namespace mobilytics::basemap
