#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <format>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "platform/gzip/gzip.hpp"

// Tiny archives made by the test itself: zooms 0 to 2, the tile 2/0/0 left out, each tile the text of its own name.
namespace mobilytics::basemap {

// A folder of its own, gone at the end.
class Folder {
public:
    Folder() {
        std::random_device random;
        path_ = std::filesystem::temp_directory_path() / std::format("basemap-{:08x}{:08x}", random(), random());
        std::filesystem::create_directory(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path file(const std::string& name) const { return path_ / name; }

    std::filesystem::path written(const std::string& name, const std::string& bytes) const {
        std::ofstream{file(name), std::ios::binary} << bytes;
        return file(name);
    }

private:
    std::filesystem::path path_;
};

inline constexpr const char* metadata_json =
    R"({"name":"tiny","vector_layers":[{"id":"land","fields":{"a":"String"}},{"id":"places"}],)"
    R"("attribution":"Made by a test"})";

inline std::string tile_text(int zoom, std::uint32_t x, std::uint32_t y) {
    return std::format("tile {}/{}/{}", zoom, x, y);
}

inline std::filesystem::path made_mbtiles(const Folder& folder, const std::string& name = "tiny?.mbtiles") {
    const auto file = folder.file(name);
    sqlite3* database = nullptr;
    sqlite3_open(file.c_str(), &database);
    const auto run = [&](const std::string& text) {
        char* error = nullptr;
        if (sqlite3_exec(database, text.c_str(), nullptr, nullptr, &error) != SQLITE_OK)
            throw std::runtime_error{error};
    };
    run("create table metadata (name text, value text);"
        "create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)");
    run("insert into metadata values ('format','pbf'),('minzoom','0'),('maxzoom','2'),('bounds','-10,-20,30.5,40'),"
        "('attribution','Made by a test'),('json','" +
        std::string{metadata_json} + "')");
    for (int zoom = 0; zoom <= 2; ++zoom) {
        const auto side = std::uint32_t{1} << static_cast<unsigned>(zoom);
        for (std::uint32_t x = 0; x < side; ++x) {
            for (std::uint32_t y = 0; y < side; ++y) {
                if (zoom == 2 && x == 0 && y == 0) continue;
                std::string hex;
                for (const char c : gzip::compress(tile_text(zoom, x, y)))
                    hex += std::format("{:02x}", static_cast<unsigned char>(c));
                run(std::format("insert into tiles values ({},{},{},x'{}')", zoom, x, side - 1 - y, hex));
            }
        }
    }
    sqlite3_close(database);
    return file;
}

// ---- PMTiles, by its specification

inline void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
    out += static_cast<char>(value);
}

struct PmEntry {
    std::uint64_t tile = 0, run_length = 1, length = 0, offset = 0;
};

inline std::string pm_directory(const std::vector<PmEntry>& entries) {
    std::string out;
    put_varint(out, entries.size());
    std::uint64_t last = 0;
    for (const auto& entry : entries) {
        put_varint(out, entry.tile - last);
        last = entry.tile;
    }
    for (const auto& entry : entries) put_varint(out, entry.run_length);
    for (const auto& entry : entries) put_varint(out, entry.length);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const bool follows = i > 0 && entries[i].offset == entries[i - 1].offset + entries[i - 1].length;
        put_varint(out, follows ? 0 : entries[i].offset + 1);
    }
    return out;
}

// Where the walk along the Hilbert curve is after `steps` (the inverse of what the reader does).
inline std::pair<std::uint32_t, std::uint32_t> hilbert_place(int zoom, std::uint64_t steps) {
    std::uint64_t x = 0, y = 0;
    for (std::uint64_t side = 1; side < (std::uint64_t{1} << static_cast<unsigned>(zoom)); side *= 2) {
        const std::uint64_t right = 1 & (steps / 2);
        const std::uint64_t below = 1 & (steps ^ right);
        if (below == 0) {
            if (right == 1) {
                x = side - 1 - x;
                y = side - 1 - y;
            }
            std::swap(x, y);
        }
        x += side * right;
        y += side * below;
        steps /= 4;
    }
    return {static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)};
}

struct PmOptions {
    int max_zoom = 2;
    char tile_compression = 2;  // gzip
    char internal = 2;
};

inline std::string pm_file(std::string root, std::string leaves, const std::string& tiles, PmOptions options = {}) {
    const auto packed = [&](const std::string& text) { return options.internal == 2 ? gzip::compress(text) : text; };
    root = packed(root);
    const auto metadata = packed(metadata_json);
    std::string header = "PMTiles\3";
    std::uint64_t offset = 127;
    const auto put = [&](auto value) { header.append(reinterpret_cast<const char*>(&value), sizeof value); };
    for (const std::string* part :
         {static_cast<const std::string*>(&root), &metadata, static_cast<const std::string*>(&leaves), &tiles}) {
        put(offset);
        put(std::uint64_t{part->size()});
        offset += part->size();
    }
    for (int i = 0; i < 3; ++i) put(std::uint64_t{0});
    header += {'\1', options.internal, options.tile_compression, '\1', '\0', static_cast<char>(options.max_zoom)};
    for (const int degrees : {-10, -20, 30, 40}) put(std::int32_t{degrees * 10000000});
    header.append(127 - header.size(), '\0');
    return header + root + metadata + leaves + tiles;
}

// Zoom 2 lies in a leaf directory.
inline std::filesystem::path made_pmtiles(const Folder& folder, const std::string& name = "tiny.pmtiles") {
    std::string tiles, leaves;
    std::vector<PmEntry> root, leaf;
    std::uint64_t number = 0;
    for (int zoom = 0; zoom <= 2; ++zoom) {
        const auto count = std::uint64_t{1} << static_cast<unsigned>(2 * zoom);
        for (std::uint64_t step = 0; step < count; ++step, ++number) {
            const auto [x, y] = hilbert_place(zoom, step);
            if (zoom == 2 && x == 0 && y == 0) continue;
            const auto bytes = gzip::compress(tile_text(zoom, x, y));
            (zoom < 2 ? root : leaf).push_back({number, 1, bytes.size(), tiles.size()});
            tiles += bytes;
        }
    }
    leaves = gzip::compress(pm_directory(leaf));
    root.push_back({leaf.front().tile, 0, leaves.size(), 0});
    return folder.written(name, pm_file(pm_directory(root), leaves, tiles));
}

}  // namespace mobilytics::basemap
