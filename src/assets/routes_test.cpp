#include <format>

#include "src/assets/assets.hpp"
#include "src/assets/limits.hpp"
#include "src/assets/room_test.hpp"

namespace mobilytics::assets {
namespace {

using auth::Role;

class AssetRoutes : public test::RoomTest {
protected:
    AssetRoutes() : RoomTest{{"assets.assets", "assets.faces"}, {"assets.changed"}} { add_routes(router(), assets); }

    std::string added(const std::string& body) {
        const auto answer = call("POST /v1/assets", body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.at("/id");
    }

    // Our assets, asked for in a transaction that may see what the scope lets it.
    Task<std::vector<Asset>> all_seen_by(db::Scope scope) {
        co_return co_await database().transaction(scope, [&](db::Session& session) -> Task<std::vector<Asset>> {
            co_return co_await assets.all(session, ours);
        });
    }

    Assets assets{database(), clock(), events(), trail()};
};

const std::string truck = R"({"kind":"vehicle","name":"Truck 7","plate":"ABCD 123",
    "faces":[{"name":"Left","format":"truck","placement":"left"},
             {"name":"Rear","format":"truck","placement":"rear"}]})";
const std::string board = R"({"kind":"billboard","name":"King St","point":{"lat":43.6426,"lon":-79.3871}})";

TEST_F(AssetRoutes, an_added_vehicle_is_there_to_read) {
    const auto answer = call("POST /v1/assets", truck);
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.headers.at("Location"), "/v1/assets/" + answer.at("/id"));
    EXPECT_EQ(answer.at("/kind"), "vehicle");
    EXPECT_EQ(answer.at("/point"), "null");
    EXPECT_EQ(answer.at("/state"), "active");
    EXPECT_EQ(answer.at("/created_at"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(answer.at("/faces/0/name"), "Left");
    EXPECT_EQ(answer.at("/faces/1/placement"), "rear");

    const auto read = call("GET /v1/assets/" + answer.at("/id"));
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(read.body, answer.body);
    EXPECT_EQ(new_events(), "") << "nothing was derived from it yet";
}

TEST_F(AssetRoutes, a_billboard_keeps_its_point) {
    const auto id = added(board);
    const auto answer = call("GET /v1/assets/" + id);
    EXPECT_EQ(answer.at("/point/lat"), "43.6426");
    EXPECT_EQ(answer.at("/point/lon"), "-79.3871");
    EXPECT_EQ(answer.items_at("/faces"), 0U);
}

TEST_F(AssetRoutes, what_cannot_be_is_refused_and_leaves_nothing) {
    const auto id = added(truck);
    new_events();
    struct Row {
        std::string target, body, outcome;
    };
    for (const Row& row : {
             Row{"POST /v1/assets", R"({"kind":"billboard","name":"B"})", "422 assets.invalid"},
             Row{"POST /v1/assets", R"({"kind":"vehicle","name":"V","point":{"lat":1,"lon":1}})", "422 assets.invalid"},
             Row{"POST /v1/assets", R"({"kind":"vehicle","name":"   "})", "422 assets.invalid"},
             Row{"POST /v1/assets", R"({"kind":"vehicle","name":"a\u0000b"})", "422 assets.invalid"},
             Row{"POST /v1/assets", R"({"kind":"tram","name":"V"})", "422 http.invalid_body"},
             Row{"POST /v1/assets", R"({"kind":"vehicle","name":"V","colour":"red"})", "422 http.invalid_body"},
             Row{"POST /v1/assets", R"({"name":"V"})", "422 http.invalid_body"},
             Row{"POST /v1/assets", R"({"kind":"vehicle",)", "400 http.malformed_json"},
             Row{"PATCH /v1/assets/" + id, R"({"point":{"lat":1,"lon":1}})", "422 assets.invalid"},
             Row{"PATCH /v1/assets/" + id, R"({"state":"sold"})", "422 http.invalid_body"},
             Row{"PATCH /v1/assets/" + AssetId::make().text(), R"({"name":"X"})", "404 assets.not_found"},
             Row{"POST /v1/assets/" + id + "/faces", R"({"name":"","format":"truck","placement":"roof"})",
                 "422 http.invalid_body"},
             Row{"POST /v1/assets/" + AssetId::make().text() + "/faces",
                 R"({"name":"F","format":"truck","placement":"roof"})", "404 assets.not_found"},
         })
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target << " " << row.body;
}

TEST_F(AssetRoutes, each_role_does_what_it_may) {
    const auto id = added(truck);
    for (const auto& [role, edits] : {std::pair{Role::owner, true},
                                      {Role::manager, true},
                                      {Role::analyst, false},
                                      {Role::viewer, false},
                                      {Role::installer, true}}) {
        as(role);
        const std::string name{to_string(role)};
        EXPECT_EQ(outcome("GET /v1/assets"), "200") << name;
        EXPECT_EQ(outcome("GET /v1/assets/" + id), "200") << name;
        if (edits) {
            EXPECT_EQ(outcome("POST /v1/assets", truck), "201") << name;
            EXPECT_EQ(outcome("PATCH /v1/assets/" + id, R"({"name":"T"})"), "200") << name;
            continue;
        }
        EXPECT_EQ(refusal("POST /v1/assets", truck), "403 auth.not_permitted") << name;
        EXPECT_EQ(refusal("PATCH /v1/assets/" + id, R"({"name":"T"})"), "403 auth.not_permitted") << name;
        EXPECT_EQ(refusal("POST /v1/assets/" + id + "/faces", R"({"name":"F","format":"van","placement":"rear"})"),
                  "403 auth.not_permitted")
            << name;
    }
    as_nobody();
    EXPECT_EQ(refusal("GET /v1/assets"), "401 auth.not_signed_in");
    EXPECT_EQ(refusal("POST /v1/assets", truck), "401 auth.not_signed_in");
    as_staff();
    EXPECT_EQ(refusal("GET /v1/assets"), "403 auth.no_company");
}

TEST_F(AssetRoutes, another_companys_asset_does_not_exist) {
    const auto id = added(truck);
    new_events();
    as(Role::owner, theirs);
    EXPECT_EQ(refusal("GET /v1/assets/" + id), "404 assets.not_found");
    EXPECT_EQ(refusal("PATCH /v1/assets/" + id, R"({"name":"Mine now"})"), "404 assets.not_found");
    EXPECT_EQ(refusal("POST /v1/assets/" + id + "/faces", R"({"name":"F","format":"van","placement":"rear"})"),
              "404 assets.not_found");
    EXPECT_EQ(call("GET /v1/assets").items_at("/items"), 0U);
}

TEST_F(AssetRoutes, a_list_is_newest_first_and_goes_on_where_it_stopped) {
    std::vector<std::string> ids;
    for (int number = 1; number <= 5; ++number)
        ids.push_back(added(std::format(R"({{"kind":"vehicle","name":"Truck {}","faces":[
            {{"name":"L","format":"truck","placement":"left"}},{{"name":"R","format":"truck","placement":"right"}}]}})",
                                        number)));
    std::vector<std::string> seen;
    std::string cursor;
    for (int page = 0; page < 3; ++page) {
        const auto answer = call("GET /v1/assets?limit=2" + cursor);
        for (std::size_t i = 0; i < answer.items_at("/items"); ++i) {
            seen.push_back(answer.at(std::format("/items/{}/id", i)));
            EXPECT_EQ(answer.items_at(std::format("/items/{}/faces", i)), 2U);
        }
        EXPECT_EQ(answer.at("/next_cursor") == "null", page == 2);
        cursor = "&cursor=" + answer.at("/next_cursor");
    }
    EXPECT_EQ(seen, (std::vector<std::string>{ids[4], ids[3], ids[2], ids[1], ids[0]}));
}

TEST_F(AssetRoutes, a_list_can_be_narrowed) {
    added(truck);
    added(board);
    added(R"({"kind":"vehicle","name":"Van 100%","plate":"XYZ 9"})");
    const auto found = [&](const std::string& query) { return call("GET /v1/assets?" + query).items_at("/items"); };
    EXPECT_EQ(found("kind=billboard"), 1U);
    EXPECT_EQ(found("kind=vehicle"), 2U);
    EXPECT_EQ(found("q=TRUCK"), 1U);
    EXPECT_EQ(found("q=xyz"), 1U);
    EXPECT_EQ(found("q=%25"), 1U) << "a percent sign is only that";
    EXPECT_EQ(found("q=_"), 0U);
    EXPECT_EQ(found("kind=vehicle&q=king"), 0U);
    EXPECT_EQ(refusal("GET /v1/assets?kind=tram").substr(0, 3), "422");
    EXPECT_EQ(refusal("GET /v1/assets?colour=red").substr(0, 3), "422");
    EXPECT_EQ(refusal("GET /v1/assets?cursor=rubbish"), "422 http.bad_cursor");
}

TEST_F(AssetRoutes, an_edit_changes_what_it_names_and_can_clear_a_plate) {
    const auto id = added(truck);
    const auto renamed = call("PATCH /v1/assets/" + id, R"({"name":"Truck 8"})");
    EXPECT_EQ(renamed.at("/name"), "Truck 8");
    EXPECT_EQ(renamed.at("/plate"), "ABCD 123");
    const auto cleared = call("PATCH /v1/assets/" + id, R"({"plate":null,"state":"retired"})");
    EXPECT_EQ(cleared.at("/plate"), "null");
    EXPECT_EQ(cleared.at("/state"), "retired");
    EXPECT_EQ(cleared.at("/name"), "Truck 8");
    EXPECT_EQ(cleared.items_at("/faces"), 2U);
    EXPECT_EQ(call("GET /v1/assets/" + id).body, cleared.body);
    EXPECT_EQ(new_events(), "") << "names and states change no numbers";
}

TEST_F(AssetRoutes, an_edit_of_an_old_version_is_refused) {
    const auto id = added(truck);
    const auto first = call("GET /v1/assets/" + id);
    EXPECT_EQ(call("PATCH /v1/assets/" + id, R"({"name":"A"})", {{"If-Match", "\"" + first.etag + "\""}}).status, 200);
    const auto late = call("PATCH /v1/assets/" + id, R"({"name":"B"})", {{"If-Match", "\"" + first.etag + "\""}});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.at("/code"), "http.changed_meanwhile");
    EXPECT_EQ(call("GET /v1/assets/" + id).at("/name"), "A");
    const auto before_face = call("GET /v1/assets/" + id).etag;
    EXPECT_EQ(outcome("POST /v1/assets/" + id + "/faces", R"({"name":"F","format":"van","placement":"rear"})"), "201");
    EXPECT_NE(call("GET /v1/assets/" + id).etag, before_face) << "a face is part of what the tag stands for";
}

TEST_F(AssetRoutes, moving_a_billboard_and_adding_a_face_is_told_to_whom_it_concerns) {
    const auto id = added(board);
    const auto event = std::format(R"(assets.changed {{"company_id":"{}","asset_id":"{}"}})", ours.text(), id);
    EXPECT_EQ(outcome("PATCH /v1/assets/" + id, R"({"point":{"lat":43.65,"lon":-79.39}})"), "200");
    EXPECT_EQ(new_events(), event);
    EXPECT_EQ(outcome("PATCH /v1/assets/" + id, R"({"point":{"lat":43.65,"lon":-79.39},"name":"Same place"})"), "200");
    EXPECT_EQ(new_events(), "");
    EXPECT_EQ(outcome("POST /v1/assets/" + id + "/faces", R"({"name":"N","format":"bulletin","placement":"roadside"})"),
              "201");
    EXPECT_EQ(new_events(), event);
}

TEST_F(AssetRoutes, other_rooms_see_all_assets_with_their_faces_and_only_their_companys) {
    const auto id = AssetId::parse(added(truck)).value();
    const auto point_id = AssetId::parse(added(board)).value();
    as(Role::owner, theirs);
    const auto foreign = AssetId::parse(added(truck)).value();

    const auto all = run(all_seen_by(db::Scope::of(ours)));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].id, id);
    EXPECT_EQ(all[0].faces.size(), 2U);
    EXPECT_EQ(all[1].id, point_id);
    EXPECT_EQ(all[1].point, (Point{43.6426, -79.3871}));

    const auto names = run(assets.names(ours, {id, foreign}));
    EXPECT_EQ(names.size(), 1U);
    EXPECT_EQ(names.at(id), "Truck 7");
    const auto faces = run(assets.faces(ours, {all[0].faces[1].id, FaceId::make()}));
    ASSERT_EQ(faces.size(), 1U);
    EXPECT_EQ(faces.begin()->second.face.name, "Rear");
    EXPECT_EQ(faces.begin()->second.asset_name, "Truck 7");
}

// What the store never does must not be possible in the database either.
TEST_F(AssetRoutes, are_not_more_than_a_company_may_have) {
    sql(
        std::format("insert into assets.assets (company_id, asset_id, kind, name, created_at) select '{}', "
                    "gen_random_uuid(), 'vehicle', 'Truck ' || i, '2026-01-01Z' from generate_series(1, {}) i",
                    ids::to_hex(ours.uuid), most_assets - 1));
    const std::string one = R"({"kind":"vehicle","name":"Last"})";
    EXPECT_EQ(outcome("POST /v1/assets", one), "201");
    EXPECT_EQ(outcome("POST /v1/assets", one), "409 assets.too_many");
    EXPECT_EQ(sql_value("select count(*) from assets.assets"), std::to_string(most_assets));
    as(auth::Role::owner, theirs);
    EXPECT_EQ(outcome("POST /v1/assets", one), "201") << "each company has its own";
}

TEST_F(AssetRoutes, the_database_itself_keeps_companies_apart) {
    added(truck);
    EXPECT_EQ(run(all_seen_by(db::Scope::of(ours))).size(), 1U);
    EXPECT_EQ(run(all_seen_by(db::Scope::of(theirs))).size(), 0U);
    EXPECT_EQ(run(all_seen_by(db::Scope::nobody())).size(), 0U);
}

}  // namespace
}  // namespace mobilytics::assets
