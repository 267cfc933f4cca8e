#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <format>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/basemap/archive.hpp"
#include "platform/gzip/gzip.hpp"

// PMTiles 3: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md. Tiles are numbered along a Hilbert curve.
namespace mobilytics::basemap {

namespace {

static_assert(std::endian::native == std::endian::little, "the header is read as it lies in the file");

constexpr std::size_t header_size = 127;
constexpr std::size_t most_directory_bytes = 32UL << 20U;  // decoded; the specification keeps them far smaller
constexpr std::size_t most_metadata_bytes = 32UL << 20U;
constexpr std::size_t most_cached_leaves = 256;
constexpr int most_levels = 4;
enum class Compression : std::uint8_t { unknown, none, gzip, brotli, zstd };

struct Span {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct Header {
    Span root, metadata, leaves, tiles;
    Compression internal = Compression::unknown;
    Compression tile_compression = Compression::unknown;
    std::uint8_t tile_type = 0;
    std::uint8_t min_zoom = 0;
    std::uint8_t max_zoom = 0;
    std::array<double, 4> bounds{};
};

struct Entry {
    std::uint64_t tile = 0;
    std::uint64_t run_length = 0;  // 0: a leaf directory
    Span place;
};
using Directory = std::vector<Entry>;

// The number of a tile: those of all coarser zooms, then its place on the zoom's Hilbert curve.
std::uint64_t number_of(Tile tile) {
    std::uint64_t number = ((std::uint64_t{1} << static_cast<unsigned>(2 * tile.zoom)) - 1) / 3;
    std::uint64_t x = tile.x;
    std::uint64_t y = tile.y;
    for (int level = tile.zoom - 1; level >= 0; --level) {
        const std::uint64_t side = std::uint64_t{1} << static_cast<unsigned>(level);
        const std::uint64_t right = (x & side) ? 1 : 0;
        const std::uint64_t below = (y & side) ? 1 : 0;
        number += side * side * ((3 * right) ^ below);
        if (below == 0) {
            if (right == 1) {
                x = side - 1 - (x & (side - 1));
                y = side - 1 - (y & (side - 1));
            }
            std::swap(x, y);
        }
    }
    return number;
}

class Varints {
public:
    explicit Varints(std::string_view bytes) : rest_{bytes} {}

    std::uint64_t next() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (rest_.empty()) break;
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
        throw BadArchive{"a directory is cut short"};
    }

    std::size_t left() const { return rest_.size(); }

private:
    std::string_view rest_;
};

Directory directory_of(std::string_view bytes) {
    Varints varints{bytes};
    const auto count = varints.next();
    if (count > varints.left()) throw BadArchive{"a directory is cut short"};
    Directory entries(count);
    std::uint64_t tile = 0;
    for (Entry& entry : entries) entry.tile = tile += varints.next();
    for (Entry& entry : entries) entry.run_length = varints.next();
    for (Entry& entry : entries) entry.place.length = varints.next();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto offset = varints.next();
        if (offset == 0 && i == 0) throw BadArchive{"a directory begins with nothing before it"};
        entries[i].place.offset = offset == 0 ? entries[i - 1].place.offset + entries[i - 1].place.length : offset - 1;
    }
    return entries;
}

class File {
public:
    explicit File(const std::filesystem::path& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
        struct stat status{};
        if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) throw BadArchive{path.string() + ": cannot be read"};
        size_ = static_cast<std::uint64_t>(status.st_size);
    }
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::string read(Span span) const {
        if (span.offset > size_ || span.length > size_ - span.offset) throw BadArchive{"the file is cut short"};
        std::string bytes(span.length, '\0');
        for (std::size_t done = 0; done < bytes.size();) {
            const auto got =
                ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(span.offset + done));
            if (got <= 0) throw BadArchive{"the file cannot be read"};
            done += static_cast<std::size_t>(got);
        }
        return bytes;
    }

private:
    int descriptor_;
    std::uint64_t size_ = 0;
};

template <class T>
T at(std::string_view header, std::size_t offset) {
    T value;
    std::memcpy(&value, header.data() + offset, sizeof value);
    return value;
}

Header header_in(std::string_view bytes) {
    if (!bytes.starts_with("PMTiles") || bytes[7] != 3) throw BadArchive{"only version 3 of PMTiles is read"};
    const auto span = [&](std::size_t offset) {
        return Span{at<std::uint64_t>(bytes, offset), at<std::uint64_t>(bytes, offset + 8)};
    };
    const auto degrees = [&](std::size_t offset) { return at<std::int32_t>(bytes, offset) / 1e7; };
    Header header{span(8), span(24), span(40), span(56)};
    header.internal = Compression{at<std::uint8_t>(bytes, 97)};
    header.tile_compression = Compression{at<std::uint8_t>(bytes, 98)};
    header.tile_type = at<std::uint8_t>(bytes, 99);
    header.min_zoom = at<std::uint8_t>(bytes, 100);
    header.max_zoom = at<std::uint8_t>(bytes, 101);
    header.bounds = {degrees(102), degrees(106), degrees(110), degrees(114)};
    return header;
}

std::string content_type_of(std::uint8_t tile_type) {
    constexpr const char* types[] = {"", "application/vnd.mapbox-vector-tile", "image/png", "image/jpeg", "image/webp"};
    if (tile_type == 0 || tile_type >= std::size(types)) throw BadArchive{"tiles of this type are not served"};
    return types[tile_type];
}

class PmTiles final : public Archive {
public:
    explicit PmTiles(const std::filesystem::path& path)
        : file_{path}, header_{header_in(file_.read({0, header_size}))} {
        if (header_.tile_compression != Compression::none && header_.tile_compression != Compression::gzip)
            throw BadArchive{"only tiles that are plain or gzip are served"};
        root_ = directory_of(decoded(file_.read(header_.root), most_directory_bytes));
        description_.min_zoom = header_.min_zoom;
        description_.max_zoom = header_.max_zoom;
        description_.bounds = header_.bounds;
        description_.content_type = content_type_of(header_.tile_type);
        if (header_.metadata.length > 0)
            description_.metadata = decoded(file_.read(header_.metadata), most_metadata_bytes);
    }

    std::optional<std::string> read(Tile tile) const override {
        if (!tile.is_valid() || tile.zoom < header_.min_zoom || tile.zoom > header_.max_zoom) return std::nullopt;
        const auto number = number_of(tile);
        std::shared_ptr<const Directory> leaf;
        const Directory* directory = &root_;
        for (int level = 0; level < most_levels; ++level) {
            auto entry = std::ranges::upper_bound(*directory, number, {}, &Entry::tile);
            if (entry == directory->begin()) return std::nullopt;
            --entry;
            if (entry->run_length > 0) {
                if (number - entry->tile >= entry->run_length) return std::nullopt;
                return file_.read({header_.tiles.offset + entry->place.offset, entry->place.length});
            }
            leaf = leaf_at(entry->place);
            directory = leaf.get();
        }
        throw BadArchive{"the directories are too deep"};
    }

private:
    std::string decoded(std::string bytes, std::size_t limit) const {
        if (header_.internal == Compression::none) return bytes;
        if (header_.internal != Compression::gzip) throw BadArchive{"only directories that are plain or gzip are read"};
        try {
            return gzip::decompress(bytes, limit);
        } catch (const gzip::Corrupt&) {
            throw BadArchive{"a directory cannot be decompressed"};
        }
    }

    std::shared_ptr<const Directory> leaf_at(Span place) const {
        {
            const std::scoped_lock lock{mutex_};
            if (const auto found = leaves_.find(place.offset); found != leaves_.end()) return found->second;
        }
        auto leaf = std::make_shared<const Directory>(directory_of(
            decoded(file_.read({header_.leaves.offset + place.offset, place.length}), most_directory_bytes)));
        const std::scoped_lock lock{mutex_};
        if (leaves_.size() >= most_cached_leaves) leaves_.clear();
        leaves_[place.offset] = leaf;
        return leaf;
    }

    File file_;
    Header header_;
    Directory root_;
    mutable std::mutex mutex_;
    mutable std::map<std::uint64_t, std::shared_ptr<const Directory>> leaves_;
};

}  // namespace

std::unique_ptr<Archive> open_pmtiles(const std::filesystem::path& file) {
    try {
        return std::make_unique<PmTiles>(file);
    } catch (const BadArchive& bad) {
        throw BadArchive{std::format("{}: {}", file.string(), bad.what())};
    }
}

}  // namespace mobilytics::basemap
