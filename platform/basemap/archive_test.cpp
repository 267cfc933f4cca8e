#include "platform/basemap/archive.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "platform/basemap/made_archives_test.hpp"
#include "platform/testing/source_dir.hpp"

namespace mobilytics::basemap {
namespace {

std::string refusal(const std::filesystem::path& file) {
    try {
        open_archive(file);
    } catch (const BadArchive& bad) {
        return bad.what();
    }
    return "none";
}

TEST(archive, both_formats_give_the_same_tiles_counted_from_the_north) {
    const Folder folder;
    for (const auto& file : {made_mbtiles(folder), made_pmtiles(folder)}) {
        const auto archive = open_archive(file);
        for (int zoom = 0; zoom <= 2; ++zoom) {
            const auto side = std::uint32_t{1} << static_cast<unsigned>(zoom);
            for (std::uint32_t x = 0; x < side; ++x) {
                for (std::uint32_t y = 0; y < side; ++y) {
                    const auto tile = archive->read({zoom, x, y});
                    if (zoom == 2 && x == 0 && y == 0) {
                        EXPECT_FALSE(tile);
                    } else {
                        ASSERT_TRUE(tile) << file << zoom << x << y;
                        EXPECT_EQ(gzip::decompress(*tile, 1000), tile_text(zoom, x, y)) << file;
                    }
                }
            }
        }
        EXPECT_FALSE(archive->read({3, 0, 0}));
        EXPECT_FALSE(archive->read({2, 4, 0}));
        EXPECT_FALSE(archive->read({-1, 0, 0}));
    }
}

TEST(archive, both_formats_describe_themselves_alike) {
    const Folder folder;
    for (const auto& file : {made_mbtiles(folder), made_pmtiles(folder)}) {
        const auto about = open_archive(file)->description();
        EXPECT_EQ(about.min_zoom, 0);
        EXPECT_EQ(about.max_zoom, 2);
        EXPECT_EQ(about.content_type, "application/vnd.mapbox-vector-tile");
        EXPECT_EQ(about.metadata, metadata_json);
        EXPECT_EQ((*about.bounds)[0], -10);
        EXPECT_EQ((*about.bounds)[3], 40);
        EXPECT_FALSE(about.version.empty());
    }
}

TEST(archive, a_known_tile_number_is_where_the_specification_says) {
    // 12/3423/1763 is number 19078479.
    const Folder folder;
    const std::string tile = "known";
    const auto file = folder.written("known.pmtiles", pm_file(pm_directory({{19078479, 1, tile.size(), 0}}), "", tile,
                                                              {.max_zoom = 12, .tile_compression = 1, .internal = 1}));
    const auto archive = open_archive(file);
    EXPECT_EQ(archive->read({12, 3423, 1763}), "known");
    EXPECT_FALSE(archive->read({12, 3423, 1764}));
}

TEST(archive, a_run_of_equal_tiles_is_stored_once) {
    const Folder folder;
    const auto file = folder.written(
        "run.pmtiles", pm_file(pm_directory({{1, 4, 3, 0}}), "", "sea", {.max_zoom = 1, .tile_compression = 1}));
    const auto archive = open_archive(file);
    EXPECT_FALSE(archive->read({0, 0, 0}));
    for (const auto& [x, y] : {std::pair{0U, 0U}, {0U, 1U}, {1U, 0U}, {1U, 1U}})
        EXPECT_EQ(archive->read({1, x, y}), "sea");
}

TEST(archive, tiles_are_read_from_many_threads_at_once) {
    const Folder folder;
    for (const auto& file : {made_mbtiles(folder), made_pmtiles(folder)}) {
        const auto archive = open_archive(file);
        std::vector<std::jthread> readers;
        std::atomic<int> right = 0;
        for (int i = 0; i < 4; ++i)
            readers.emplace_back([&] {
                for (std::uint32_t round = 0; round < 200; ++round)
                    if (gzip::decompress(archive->read({2, 1 + round % 3, round % 4}).value(), 99) ==
                        tile_text(2, 1 + round % 3, round % 4))
                        ++right;
            });
        readers.clear();
        EXPECT_EQ(right, 800);
    }
}

TEST(archive, what_is_no_archive_is_refused_with_its_name) {
    const Folder folder;
    EXPECT_EQ(refusal(folder.file("none")), folder.file("none").string() + ": cannot be read");
    EXPECT_EQ(refusal(folder.written("text", "hello, world, this is text")),
              folder.file("text").string() + ": is neither MBTiles nor PMTiles");
    EXPECT_NE(refusal(folder.written("half.mbtiles", std::string{"SQLite format 3\0", 16} + "rubbish")), "none");
    auto bytes = pm_file(pm_directory({{0, 1, 3, 0}}), "", "sea", {.max_zoom = 0, .tile_compression = 1});
    EXPECT_NE(refusal(folder.written("old.pmtiles", std::string{"PMTiles\2"} + bytes.substr(8))), "none");
    EXPECT_NE(refusal(folder.written("brotli.pmtiles", pm_file("", "", "", {.tile_compression = 3}))), "none");
}

TEST(archive, a_pmtiles_file_cut_anywhere_is_refused_and_never_read_beyond) {
    const Folder folder;
    const auto whole = pm_file(pm_directory({{0, 1, 3, 0}, {1, 0, 40, 0}}), std::string(40, 'x'), "sea",
                               {.max_zoom = 1, .tile_compression = 1});
    for (std::size_t length = 0; length < whole.size(); length += 3) {
        const auto file = folder.written("cut.pmtiles", whole.substr(0, length));
        try {
            const auto archive = open_archive(file);
            archive->read({0, 0, 0});
            archive->read({1, 1, 1});
            ADD_FAILURE() << "nothing was missed at " << length;
        } catch (const BadArchive&) {
        }
    }
    const auto endless =
        folder.written("endless.pmtiles", pm_file(std::string(9, '\xff') + '\1', "", "", {.internal = 1}));
    EXPECT_NE(refusal(endless), "none");
}

// The real file, where it is: MOBILYTICS_REAL_DATA, else ../shared/data beside the project.
TEST(archive, the_map_of_north_america_is_read) {
    const char* named = std::getenv("MOBILYTICS_REAL_DATA");
    const auto folder =
        named ? std::filesystem::path{named} : std::filesystem::path{test::source_dir} / "../shared/data";
    const auto file = folder / "basemap" / "base-na.mbtiles";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "MOBILYTICS_REAL_DATA has no " << file;
    const auto archive = open_archive(file);
    EXPECT_EQ(archive->description().max_zoom, 7);
    EXPECT_NE(archive->description().metadata.find("\"id\":\"lakes\""), std::string::npos);
    // Toronto, zoom 7: 35/46. Flipped rows would be the southern Pacific, of which there is nothing.
    const auto tile = archive->read({7, 35, 46});
    ASSERT_TRUE(tile);
    EXPECT_TRUE(gzip::is_gzip(*tile));
    EXPECT_NE(gzip::decompress(*tile, 1 << 20).find("Toronto"), std::string::npos);
}

}  // namespace
}  // namespace mobilytics::basemap
