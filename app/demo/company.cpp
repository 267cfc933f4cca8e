#include "app/demo/company.hpp"

#include <format>

#include "app/demo/city.hpp"
#include "platform/crypto/random.hpp"

namespace mobilytics::demo {

namespace {

using auth::Permission;
using std::chrono::days;
using std::chrono::hours;

struct Makers {
    app::Modules& modules;
    auth::Staff staff;
    auth::Company owner;
    clock::Instant now;
    const Options& options;
};

// A password made for this demo and no other: a demo that somebody lets others reach has none that stands in a source.
SignIn sign_in(std::string email) { return {std::move(email), "demo-" + crypto::random_token(9), ""}; }

auth::NewPerson person(const SignIn& as, std::string name) { return {as.email, std::move(name), as.password}; }

template <Permission P>
auth::May<P> may(const auth::Company& owner) {
    return auth::May<P>{owner};
}

Task<std::string> api_key(const Makers& with, std::string name, auth::Role role) {
    auto created =
        co_await with.modules.keys.create(may<Permission::api_keys_manage>(with.owner), {std::move(name), role});
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
                                     {.effective_from = with.now - days{365 + with.options.size.days},
                                      .factor = 0.35,
                                      .low = 0.27,
                                      .high = 0.46,
                                      .method = "two days of hand counts at six stops"});
    co_return Models{roof.id, pole.id};
}

Task<DemoDevice> make_device(const Makers& with, ModelId model, std::string serial, const assets::Asset& asset) {
    auto& devices = with.modules.devices;
    const auto device = co_await devices.add(with.owner, {.serial = std::move(serial), .model = model});
    co_await devices.attach(with.owner, device.id,
                            {.asset = asset.id,
                             .position = std::nullopt,
                             .during = {midnight_of(with.now, with.options.size.days), std::nullopt}});
    const auto token = co_await devices.issue_token(with.owner, device.id);
    DemoDevice made{.device_id = device.id.text(), .token = token.secret, .lat = std::nullopt, .lon = std::nullopt};
    if (asset.point) {
        made.lat = asset.point->lat;
        made.lon = asset.point->lon;
    }
    co_return made;
}

// Three trucks, then a van.
assets::NewAsset vehicle(int i) {
    const bool van = i % 4 == 3;
    const auto format = van ? assets::FaceFormat::van : assets::FaceFormat::truck;
    assets::NewAsset made{.kind = assets::AssetKind::vehicle,
                          .name = std::format("{} {:02}", van ? "Van" : "Truck", i + 1),
                          .plate = std::format("BD {:03} {:02}", 210 + 7 * i, 41 + i)};
    made.faces = {{"Left side", format, assets::FacePlacement::left},
                  {"Right side", format, assets::FacePlacement::right},
                  {"Rear", format, assets::FacePlacement::rear}};
    return made;
}

constexpr struct {
    const char* name;
    assets::Point point;
} boards[] = {{"Yonge and Dundas", {43.6561, -79.3802}},      {"Dundas West station", {43.6567, -79.4527}},
              {"Dupont and Spadina", {43.6747, -79.4070}},    {"Bloor and Spadina", {43.6672, -79.4036}},
              {"Avenue and St Clair", {43.6866, -79.4020}},   {"Yonge and Eglinton", {43.7065, -79.3984}},
              {"Bloor and Lansdowne", {43.6588, -79.4427}},   {"Keele and St Clair", {43.6743, -79.4720}},
              {"Eglinton and Dufferin", {43.6958, -79.4513}}, {"Bayview and Eglinton", {43.7115, -79.3780}}};

assets::NewAsset billboard(int i) {
    const auto& board = boards[static_cast<std::size_t>(i) % std::size(boards)];
    const auto round = static_cast<std::size_t>(i) / std::size(boards);
    assets::NewAsset made{.kind = assets::AssetKind::billboard,
                          .name = round == 0 ? board.name : std::format("{} {}", board.name, round + 1),
                          .point = board.point};
    made.faces = {{"Main face", assets::FaceFormat::bulletin, assets::FacePlacement::roadside}};
    return made;
}

Task<std::vector<assets::Asset>> make_assets(const Makers& with) {
    std::vector<assets::Asset> made;
    for (int i = 0; i < with.options.size.vehicles; ++i)
        made.push_back(co_await with.modules.assets.add(with.owner, vehicle(i)));
    for (int i = 0; i < with.options.size.billboards; ++i)
        made.push_back(co_await with.modules.assets.add(with.owner, billboard(i)));
    co_return made;
}

// Faces by what campaigns are booked on.
struct Faces {
    std::vector<FaceId> sides, rears, boards;

    explicit Faces(const std::vector<assets::Asset>& assets) {
        for (const auto& asset : assets) {
            if (asset.kind == assets::AssetKind::billboard) {
                boards.push_back(asset.faces.at(0).id);
            } else {
                sides.push_back(asset.faces.at(0).id);
                rears.push_back(asset.faces.at(2).id);
            }
        }
    }
};

// The part [from, to) of a list, in hundredths of its length; parts that do not meet share nothing, however short it
// is.
std::vector<FaceId> part(const std::vector<FaceId>& faces, std::size_t from, std::size_t to) {
    const auto at = [&](std::size_t share) {
        return faces.begin() + static_cast<std::ptrdiff_t>((faces.size() * share + 99) / 100);
    };
    return {at(from), at(to)};
}

Task<void> make_campaign(const Makers& with, campaigns::NewCampaign wanted, std::vector<FaceId> faces, double share,
                         std::vector<campaigns::CampaignVerb> verbs) {
    auto& campaigns = with.modules.campaigns;
    if (faces.empty()) verbs.clear();  // a small fleet has no boards, and without a face nothing can be booked
    const auto during = wanted.flight;
    const auto campaign = co_await campaigns.add(with.owner, std::move(wanted));
    for (const auto& face : faces) co_await campaigns.assign(with.owner, campaign.id, {face, during, share});
    const campaigns::ExpectVersion any_version = [](std::string_view) {};
    for (const auto verb : verbs) co_await campaigns.move(with.owner, campaign.id, verb, any_version);
}

campaigns::NewCampaign campaign(std::string name, std::string advertiser, clock::Window flight,
                                std::optional<double> goal) {
    return {.name = std::move(name),
            .advertiser = std::move(advertiser),
            .flight = flight,
            .zone = std::string{zone},
            .goal_impressions = goal,
            .dayparts = {}};
}

// One in each state of a campaign's life, and one that is behind its goal.
Task<void> make_campaigns(const Makers& with, const std::vector<assets::Asset>& assets) {
    using enum campaigns::CampaignVerb;
    const auto today = midnight_of(with.now, 0);
    const auto first = midnight_of(with.now, with.options.size.days);
    const auto middle = midnight_of(with.now, with.options.size.days / 2);
    const auto lately = midnight_of(with.now, std::min(2, with.options.size.days / 2));
    const Faces faces{assets};
    const std::vector<int> weekdays{0, 1, 2, 3, 4};
    auto rush = campaign("Harbour transit pass", "Harbour Transit", {middle, today + days{9}}, 30'000.0);
    rush.dayparts = {{weekdays, "06:30", "10:00"}, {weekdays, "15:30", "19:00"}};
    // Named before they are passed: GCC 14 stumbles over nested lists inside a co_await.
    const std::vector live{book, launch}, paused{book, launch, pause}, finished{book, launch, finish}, booked{book};
    const std::vector<campaigns::CampaignVerb> draft;
    auto commuters = part(faces.rears, 0, 60);
    for (const auto& board : part(faces.boards, 0, 20)) commuters.push_back(board);
    co_await make_campaign(with, campaign("Maple Coffee autumn", "Maple Coffee", {first, today + days{14}}, 190'000.0),
                           part(faces.sides, 0, 70), 1, live);
    co_await make_campaign(with, std::move(rush), std::move(commuters), 0.5, live);
    co_await make_campaign(with, campaign("Northern Bank mortgages", "Northern Bank", {first, lately}, 18'000.0),
                           part(faces.boards, 20, 60), 1, finished);
    co_await make_campaign(
        with, campaign("Cedar Outfitters parkas", "Cedar Outfitters", {middle, today + days{20}}, 45'000.0),
        part(faces.sides, 70, 90), 1, paused);
    co_await make_campaign(with,
                           campaign("Winter lights", "City of Toronto", {today + days{6}, today + days{40}}, 90'000.0),
                           part(faces.boards, 60, 100), 1, booked);
    co_await make_campaign(
        with, campaign("Spring collection", "Atelier Nord", {today + days{100}, today + days{130}}, {}), {}, 1, draft);
}

// Another company's people see nothing of the first one's, and the other way round.
Task<SignIn> make_neighbour(const Makers& with) {
    SignIn owner = sign_in("owner@lakeshore.mobilytics.test");
    const companies::NewCompany wanted{.name = "Lakeshore Outdoor", .zone = std::string{zone}, .country = "CA"};
    const auto company = co_await with.modules.companies.create(with.staff, wanted, person(owner, "Ines Moreau"));
    const Makers beside{
        with.modules, with.staff, {.company = company.id, .role = auth::Role::owner}, with.now, with.options};
    owner.api_key = co_await api_key(beside, "Demo, owner", auth::Role::owner);
    const auto truck = co_await beside.modules.assets.add(beside.owner, vehicle(0));
    const auto today = midnight_of(with.now, 0);
    const std::vector booked{campaigns::CampaignVerb::book};
    const std::vector<FaceId> faces{truck.faces.at(0).id};
    co_await make_campaign(beside, campaign("Lakeshore opening", "Lakeshore Foods", {today, today + days{30}}, {}),
                           faces, 1, booked);
    co_return owner;
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

Task<DemoFile> make_company(app::Modules& modules, clock::Instant now, const Options& options) {
    DemoFile file{.started_at = clock::to_rfc3339(now), .seed = options.seed, .days = options.size.days};
    file.staff = sign_in("staff@demo.mobilytics.test");
    file.owner = sign_in("owner@demo.mobilytics.test");
    file.analyst = sign_in("analyst@demo.mobilytics.test");
    const auto staff_user =
        co_await modules.auth.add_staff(file.staff.email, "Sam Okafor", file.staff.password, auth::StaffRole::admin);
    const auth::Staff staff{.user = staff_user, .role = auth::StaffRole::admin};
    const auto company = co_await modules.companies.create(
        staff, {.name = "Northside Media", .zone = std::string{zone}, .country = "CA"},
        person(file.owner, "Claire Tremblay"));
    const Makers with{modules, staff, {.company = company.id, .role = auth::Role::owner}, now, options};
    co_await modules.auth.add_member(may<Permission::members_manage>(with.owner), person(file.analyst, "Dev Patel"),
                                     auth::Role::analyst);
    const auto key = co_await modules.keys.create_for_staff(staff, "Demo");
    file.staff.api_key = key.secret;
    file.owner.api_key = co_await api_key(with, "Demo, owner", auth::Role::owner);
    file.analyst.api_key = co_await api_key(with, "Demo, analyst", auth::Role::analyst);
    const auto models = co_await make_models(with);
    const auto assets = co_await make_assets(with);
    int serial = 1001;
    for (const auto& asset : assets) {
        const bool plain = asset.name == "Dupont and Spadina";  // one sensor without a calibration, as there always is
        const auto model = plain ? models.plain : models.calibrated;
        file.devices.push_back(co_await make_device(with, model, std::format("MB-{}", serial++), asset));
    }
    // And one that fell silent, and one whose clock is fast.
    if (file.devices.size() > 8) {
        file.devices[4].habit = Habit::silent;
        file.devices[7].habit = Habit::clock_ahead;
    }
    co_await make_campaigns(with, assets);
    co_await modules.analytics.import_regions(company.id, "districts", "Districts", std::nullopt, districts());
    file.neighbour = co_await make_neighbour(with);
    co_return file;
}

}  // namespace mobilytics::demo
