#include "platform/geofiles/geofile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <format>
#include <fstream>
#include <string>

namespace mobilytics::geofiles {
namespace {

class GeoFileTest : public testing::Test {
protected:
    std::string write(const std::string& name, const std::string& text) {
        const auto path = folder_ / name;
        std::ofstream{path} << text;
        return path.string();
    }

    // What it says of all rows, or nothing where it is refused.
    static std::string everything_in(const std::string& path) {
        std::string text;
        try {
            GeoFile file{path, {}};
            while (const auto row = file.next())
                for (const auto& value : row->values) text += value.value_or("");
        } catch (const Unreadable&) {
            return text;
        }
        return text;
    }

    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("geofile_test_" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST_F(GeoFileTest, reads_a_csv_with_line_numbers_and_absent_values) {
    GeoFile file{write("a.csv", "id,lat,lon\nbus 1,44.2,-76.4\nbus 2,,\n"), {}};
    EXPECT_EQ(file.columns(), (std::vector<std::string>{"id", "lat", "lon"}));
    const auto first = file.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->line, 2);
    EXPECT_EQ(first->values.at(0), "bus 1");
    const auto second = file.next();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->line, 3);
    EXPECT_EQ(second->values.at(1), std::nullopt);
    EXPECT_FALSE(file.next());
}

TEST_F(GeoFileTest, reads_a_text_without_header_separated_by_spaces) {
    GeoFile file{write("cab.txt", "37.78886 -122.4016 0 1211018412\n"), {.separator = ' ', .has_header = false}};
    const auto row = file.next();
    ASSERT_TRUE(row);
    EXPECT_EQ(row->line, 1);
    ASSERT_EQ(row->values.size(), 4U);
    EXPECT_EQ(row->values.at(3), "1211018412");
}

TEST_F(GeoFileTest, reads_points_and_polygons_of_geojson) {
    GeoFile file{write("a.geojson", R"({"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"zip":"94558"},"geometry":{"type":"Polygon",
         "coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
        {"type":"Feature","properties":{"zip":"x"},"geometry":{"type":"Point","coordinates":[-79.4,43.6]}}]})"),
                 {}};
    const auto polygon = file.next();
    ASSERT_TRUE(polygon);
    EXPECT_EQ(polygon->values.at(file.column("zip").value()), "94558");
    EXPECT_FALSE(polygon->multi_polygon_wkb.empty());
    const auto point = file.next();
    ASSERT_TRUE(point);
    EXPECT_EQ(point->lon, -79.4);
    EXPECT_EQ(point->lat, 43.6);
}

TEST_F(GeoFileTest, reads_track_points_of_gpx) {
    GeoFile file{write("a.gpx", R"(<?xml version="1.0"?><gpx version="1.1" creator="t"
        xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
        <trkpt lat="43.6" lon="-79.4"><time>2026-03-08T06:50:00Z</time>
        </trkpt></trkseg></trk></gpx>)"),
                 {}};
    const auto row = file.next();
    ASSERT_TRUE(row);
    EXPECT_EQ(row->lat, 43.6);
    EXPECT_TRUE(row->values.at(file.column("time").value()));
}

// A file may come from anybody, and only its operator should read what else is on the machine.
TEST_F(GeoFileTest, resolves_no_external_entity_of_gpx) {
    const auto secret = write("secret.txt", "the secret of the machine");
    const std::vector<std::string> declarations = {std::format(R"(SYSTEM "file://{}")", secret),
                                                   R"(SYSTEM "secret.txt")", R"(PUBLIC "x" "http://127.0.0.1:1/x")"};
    for (const std::string& declared : declarations) {
        const auto path = write("a.gpx", "<?xml version=\"1.0\"?><!DOCTYPE gpx [<!ENTITY x " + declared + R"(>]>
            <gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
            <trkpt lat="43.6" lon="-79.4"><name>before &x; after</name></trkpt></trkseg></trk></gpx>)");
        EXPECT_FALSE(everything_in(path).contains("secret of the machine")) << declared;
    }
}

// "A billion laughs": ten entities, each of ten times the one before.
TEST_F(GeoFileTest, does_not_grow_by_nested_entities_of_gpx) {
    std::string text = "<?xml version=\"1.0\"?><!DOCTYPE gpx [<!ENTITY a0 \"laugh\">";
    for (int i = 1; i <= 10; ++i) {
        text += std::format("<!ENTITY a{} \"", i);
        for (int j = 0; j < 10; ++j) text += std::format("&a{};", i - 1);
        text += "\">";
    }
    const auto path = write("a.gpx", text + R"(]><gpx version="1.1" creator="t"
        xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
        <trkpt lat="43.6" lon="-79.4"><name>&a10;</name></trkpt></trkseg></trk></gpx>)");
    EXPECT_LT(everything_in(path).size(), std::size_t{1} << 20U);
}

TEST_F(GeoFileTest, says_why_a_file_cannot_be_read) {
    EXPECT_THROW(GeoFile((folder_ / "missing.csv").string(), {}), Unreadable);
}

}  // namespace
}  // namespace mobilytics::geofiles
