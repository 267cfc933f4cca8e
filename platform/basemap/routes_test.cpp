#include "platform/basemap/routes.hpp"

#include "platform/basemap/made_archives_test.hpp"
#include "platform/testing/database.hpp"
#include "platform/testing/routes.hpp"

namespace mobilytics::basemap {
namespace {

class BasemapRoutes : public test::DatabaseTest {
protected:
    test::Answer call(const http::Router& router, std::string target, std::map<std::string, std::string> headers = {}) {
        return run(test::Caller{router}.call(std::move(target), "", std::move(headers)));
    }

    Folder folder;
};

TEST_F(BasemapRoutes, without_a_file_say_so) {
    http::Router router;
    add_routes(router, nullptr);
    EXPECT_EQ(call(router, "GET /v1/basemap").at("/available"), "false");
    const auto tile = call(router, "GET /tiles/base/0/0/0");
    EXPECT_EQ(tile.status, 404);
    EXPECT_EQ(tile.at("/code"), "basemap.none");
}

TEST_F(BasemapRoutes, serve_either_format_alike) {
    for (const auto& file : {made_mbtiles(folder), made_pmtiles(folder)}) {
        http::Router router;
        add_routes(router, open_archive(file));
        const auto map = call(router, "GET /v1/basemap");
        EXPECT_EQ(map.at("/available") + map.at("/minzoom") + map.at("/maxzoom"), "true02") << file;
        EXPECT_EQ(map.at("/layers"), R"(["land","places"])") << file;
        EXPECT_EQ(map.at("/attribution"), "Made by a test") << file;
        const auto tile = call(router, "GET /tiles/base/2/1/3", {{"Accept-Encoding", "gzip"}});
        EXPECT_EQ(tile.status, 200) << file;
        EXPECT_EQ(tile.headers.at("Content-Encoding"), "gzip");
        EXPECT_EQ(tile.headers.at("Content-Type"), "application/vnd.mapbox-vector-tile");
        EXPECT_EQ(gzip::decompress(tile.body, 1000), "tile 2/1/3");
        EXPECT_EQ(tile.headers.at("Cache-Control"), "public, max-age=86400");
        const auto kept = call(router, "GET /tiles/base/2/1/3?v=" + map.at("/version"));
        EXPECT_EQ(kept.headers.at("Cache-Control"), "public, max-age=31536000, immutable");
        EXPECT_EQ(kept.body, "tile 2/1/3") << "for a client that does not take gzip";
        EXPECT_FALSE(kept.etag.empty());
    }
}

TEST_F(BasemapRoutes, answer_204_where_the_file_has_nothing_and_refuse_what_is_no_tile) {
    http::Router router;
    add_routes(router, open_archive(made_mbtiles(folder)));
    EXPECT_EQ(call(router, "GET /tiles/base/2/0/0").status, 204);
    EXPECT_EQ(call(router, "GET /tiles/base/9/0/0").status, 204);
    EXPECT_EQ(call(router, "GET /tiles/base/2/4/0").at("/code"), "basemap.bad_tile");
    EXPECT_EQ(call(router, "GET /tiles/base/40/0/0").status, 422);
    EXPECT_EQ(call(router, "GET /tiles/base/2/a/0").status, 404);
}

}  // namespace
}  // namespace mobilytics::basemap
