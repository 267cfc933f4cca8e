#include "app/demo/company.hpp"

#include <format>

#include "app/demo/city.hpp"

namespace mobilytics::demo {

namespace {

using auth::Permission;
using std::chrono::days;
using std::chrono::hours;

constexpr int vehicles = 10;
constexpr int billboards = 3;

// Shown on the sign-in page of a demo; a demo listens on loopback only.
constexpr std::string_view password = "demo-password-1";

struct Makers {
    app::Modules& modules;
    auth::Staff staff;
    auth::Company owner;
    clock::Instant now;
};

auth::NewPerson person(std::string email, std::string name) {
    return {std::move(email), std::move(name), std::string{password}};
}

template <Permission P>
auth::May<P> may(const auth::Company& owner) {
    return auth::May<P>{owner};
}

Task<std::string> api_key(const Makers& with, std::string name, auth::Role role) {
    auto created =
        co_await with.modules.auth.create_api_key(may<Permission::api_keys_manage>(with.owner), std::move(name), role);
    co_return created.secret;
}

struct Models {
    ModelId calibrated;
    ModelId plain;
};

Task<Models> make_models(const Makers& with) {
    auto& devices = with.modules.devices;
    const auto roof = co_await devices.add_model(with.staff, {.name = "Roof sensor R2", .expected_interval_s = 60});
    const auto pole = co_await devices.add_model(with.staff, {.name = "Pole sensor P1", .expected_interval_s = 60});
    co_await devices.calibrate_model(with.staff, roof.id,
                                     {.effective_from = with.now - days{365},
                                      .factor = 0.35,
                                      .low = 0.27,
                                      .high = 0.46,
                                      .method = "two days of hand counts at six stops"});
    co_return Models{roof.id, pole.id};
}

Task<DemoDevice> make_device(const Makers& with, ModelId model, std::string serial, const assets::Asset& asset) {
    auto& devices = with.modules.devices;
    const auto device = co_await devices.add(with.owner, {.serial = std::move(serial), .model = model});
    co_await devices.attach(
        with.owner, device.id,
        {.asset = asset.id, .position = std::nullopt, .during = {midnight_of(with.now, days_back), std::nullopt}});
    const auto token = co_await devices.issue_token(with.owner, device.id);
    DemoDevice made{.device_id = device.id.text(), .token = token.secret, .lat = std::nullopt, .lon = std::nullopt};
    if (asset.point) {
        made.lat = asset.point->lat;
        made.lon = asset.point->lon;
    }
    co_return made;
}

Task<std::vector<assets::Asset>> make_assets(const Makers& with) {
    std::vector<assets::Asset> made;
    for (int i = 0; i < vehicles; ++i) {
        assets::NewAsset truck{.kind = assets::AssetKind::vehicle,
                               .name = std::format("Truck {:02}", i + 1),
                               .plate = std::format("BD {:03} {:02}", 210 + 7 * i, 41 + i)};
        truck.faces = {{"Left side", assets::FaceFormat::truck, assets::FacePlacement::left},
                       {"Right side", assets::FaceFormat::truck, assets::FacePlacement::right},
                       {"Rear", assets::FaceFormat::truck, assets::FacePlacement::rear}};
        made.push_back(co_await with.modules.assets.add(with.owner, std::move(truck)));
    }
    const struct {
        const char* name;
        assets::Point point;
    } boards[billboards] = {{"Yonge and Dundas", {43.6561, -79.3802}},
                            {"Gardiner at Spadina", {43.6389, -79.3925}},
                            {"Danforth and Pape", {43.6787, -79.3450}}};
    for (const auto& board : boards) {
        assets::NewAsset wanted{.kind = assets::AssetKind::billboard, .name = board.name, .point = board.point};
        wanted.faces = {{"Main face", assets::FaceFormat::bulletin, assets::FacePlacement::roadside}};
        made.push_back(co_await with.modules.assets.add(with.owner, std::move(wanted)));
    }
    co_return made;
}

Task<void> run_campaign(const Makers& with, campaigns::NewCampaign wanted, std::vector<FaceId> faces, double share) {
    auto& campaigns = with.modules.campaigns;
    const auto during = wanted.flight;
    const auto campaign = co_await campaigns.add(with.owner, std::move(wanted));
    for (const auto& face : faces) co_await campaigns.assign(with.owner, campaign.id, {face, during, share});
    co_await campaigns.move(with.owner, campaign.id, campaigns::CampaignVerb::book);
    co_await campaigns.move(with.owner, campaign.id, campaigns::CampaignVerb::launch);
    if (during.to <= with.now) co_await campaigns.move(with.owner, campaign.id, campaigns::CampaignVerb::finish);
}

Task<void> make_campaigns(const Makers& with, const std::vector<assets::Asset>& assets) {
    const auto midnight = midnight_of(with.now, 0);
    std::vector<FaceId> trucks, rears, boards;
    for (const auto& asset : assets) {
        if (asset.kind == assets::AssetKind::billboard) {
            boards.push_back(asset.faces.at(0).id);
        } else {
            trucks.push_back(asset.faces.at(0).id);
            rears.push_back(asset.faces.at(2).id);
        }
    }
    // Named before they are passed: GCC 14 stumbles over nested lists inside a co_await.
    const campaigns::NewCampaign coffee{.name = "Maple Coffee autumn",
                                        .advertiser = "Maple Coffee",
                                        .flight = {midnight - days{7}, midnight + days{21}},
                                        .zone = std::string{zone},
                                        .goal_impressions = 120'000.0,
                                        .dayparts = {}};
    const std::vector<int> weekdays{0, 1, 2, 3, 4};
    const campaigns::NewCampaign transit{.name = "Harbour transit pass",
                                         .advertiser = "Harbour Transit",
                                         .flight = {midnight - days{5}, midnight + days{9}},
                                         .zone = std::string{zone},
                                         .goal_impressions = 30'000.0,
                                         .dayparts = {{weekdays, "06:30", "10:00"}, {weekdays, "15:30", "19:00"}}};
    const campaigns::NewCampaign bank{.name = "Northern Bank mortgages",
                                      .advertiser = "Northern Bank",
                                      .flight = {midnight - days{7}, midnight - days{2}},
                                      .zone = std::string{zone},
                                      .goal_impressions = std::nullopt,
                                      .dayparts = {}};
    std::vector<FaceId> commuters{rears.begin(), rears.begin() + 6};
    commuters.push_back(boards.at(0));
    const std::vector<FaceId> roadside{boards.at(1), boards.at(2)};
    co_await run_campaign(with, coffee, trucks, 1);
    co_await run_campaign(with, transit, commuters, 0.5);
    co_await run_campaign(with, bank, roadside, 1);
}

std::vector<analytics::RegionShape> districts() {
    std::vector<analytics::RegionShape> shapes;
    const City city;
    for (const auto& d : city.districts())
        shapes.push_back(
            {.code = d.code,
             .name = d.name,
             .geojson = std::format(
                 R"({{"type":"Polygon","coordinates":[[[{1},{0}],[{3},{0}],[{3},{2}],[{1},{2}],[{1},{0}]]]}})", d.south,
                 d.west, d.north, d.east),
             .wkb = std::nullopt});
    return shapes;
}

}  // namespace

Task<DemoFile> make_company(app::Modules& modules, clock::Instant now, std::uint64_t seed) {
    DemoFile file{.started_at = clock::to_rfc3339(now), .seed = seed};
    file.staff = {"staff@demo.mobilytics.test", std::string{password}, ""};
    file.owner = {"owner@demo.mobilytics.test", std::string{password}, ""};
    file.analyst = {"analyst@demo.mobilytics.test", std::string{password}, ""};
    const auto staff_user = co_await modules.auth.add_staff(person(file.staff.email, "Sam Okafor"));
    const auth::Staff staff{staff_user};
    const auto company = co_await modules.companies.create(
        staff, {.name = "Northside Media", .zone = std::string{zone}, .country = "CA"},
        person(file.owner.email, "Claire Tremblay"));
    const Makers with{modules, staff, {.company = company.id, .role = auth::Role::owner}, now};
    co_await modules.auth.add_member(may<Permission::members_manage>(with.owner),
                                     person(file.analyst.email, "Dev Patel"), auth::Role::analyst);
    file.staff.api_key = co_await modules.auth.create_staff_key(staff, "Demo");
    file.owner.api_key = co_await api_key(with, "Demo, owner", auth::Role::owner);
    file.analyst.api_key = co_await api_key(with, "Demo, analyst", auth::Role::analyst);
    const auto models = co_await make_models(with);
    const auto assets = co_await make_assets(with);
    int serial = 1001;
    for (const auto& asset : assets) {
        const bool plain = asset.name == "Danforth and Pape";  // one sensor without a calibration, as there always is
        const auto model = plain ? models.plain : models.calibrated;
        file.devices.push_back(co_await make_device(with, model, std::format("MB-{}", serial++), asset));
    }
    co_await make_campaigns(with, assets);
    co_await modules.analytics.import_regions(company.id, "districts", "Districts", std::nullopt, districts());
    co_return file;
}

}  // namespace mobilytics::demo
