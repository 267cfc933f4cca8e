#include <algorithm>
#include <format>

#include "platform/problem/faults.hpp"
#include "platform/trail/trail.hpp"
#include "src/analytics/analytics.hpp"
#include "src/analytics/store.hpp"
#include "src/analytics/wkb.hpp"

// Region sets coming in: the writing half of the front door.
namespace mobilytics::analytics {

namespace {

constexpr std::size_t most_cells = 20'000'000;  // of one region: a quarter of Ontario
constexpr std::size_t most_id_length = 40;
constexpr std::size_t most_code_length = 64;
constexpr std::size_t most_name_length = 200;

bool is_set_id(std::string_view id) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !id.empty() && id.size() <= most_id_length && id.front() != '-' && std::ranges::all_of(id, fits);
}

void check(std::string_view set_id, std::string_view name, const std::vector<RegionShape>& shapes, Faults& faults) {
    if (!is_set_id(set_id)) faults.add("/set_id", "must be 1 to 40 lower-case letters, digits and hyphens");
    faults.check_line("/name", name, most_name_length);
    if (shapes.empty()) faults.add("/shapes", "must not be empty");
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        faults.check_line(std::format("/shapes/{}/code", i), shapes[i].code, most_code_length);
        faults.check_line(std::format("/shapes/{}/name", i), shapes[i].name, most_name_length);
        if (shapes[i].geojson.has_value() == shapes[i].wkb.has_value())
            faults.add(std::format("/shapes/{}", i), "must have either GeoJSON or well-known binary");
    }
}

std::vector<store::GivenShape> given(std::vector<RegionShape> shapes) {
    std::vector<store::GivenShape> found;
    for (RegionShape& shape : shapes) {
        auto& one = found.emplace_back(std::move(shape.code), std::move(shape.name), std::move(shape.geojson));
        if (!shape.wkb) continue;
        const auto* bytes = reinterpret_cast<const std::byte*>(shape.wkb->data());
        one.wkb.emplace(bytes, bytes + shape.wkb->size());
    }
    return found;
}

std::vector<store::NewRegion> filled(std::vector<store::ReadShape> shapes) {
    Faults faults;
    std::vector<store::NewRegion> regions;
    for (store::ReadShape& shape : shapes) {
        auto pointer = std::format("/shapes/{}", shape.first_index);
        if (!shape.wkb) {
            faults.add(std::move(pointer), "has no area");
        } else if (!shape.is_on_earth) {
            faults.add(std::move(pointer), "must lie within 180 degrees of longitude and 90 of latitude");
        } else {
            try {
                const std::string_view wkb{reinterpret_cast<const char*>(shape.wkb->data()), shape.wkb->size()};
                auto cells = cells_in(polygons_from_wkb(wkb), most_cells);
                regions.push_back({std::move(shape), std::move(cells)});
            } catch (const BadShape& bad) {
                faults.add(std::move(pointer), bad.what());
            }
        }
    }
    faults.refuse("analytics.bad_regions", "Some regions cannot be used; nothing was imported.");
    return regions;
}

}  // namespace

Task<ImportedRegions> Analytics::import_regions(CompanyId company, std::string set_id, std::string name,
                                                std::optional<std::string> attribution,
                                                std::vector<RegionShape> shapes) {
    Faults faults;
    check(set_id, name, shapes, faults);
    faults.refuse("analytics.bad_regions", "The region set cannot be used; nothing was imported.");
    const store::NewRegionSet set{std::move(set_id), std::move(name), std::move(attribution), ids::new_uuid(),
                                  clock_.now()};
    const auto wanted = given(std::move(shapes));
    co_return co_await database_.transaction(
        db::Scope::of(company), [&](db::Session& session) -> Task<ImportedRegions> {
            std::vector<store::ReadShape> read;
            try {
                read = co_await store::read_shapes(session, wanted);
            } catch (const db::DatabaseError& error) {
                // PostGIS refuses what is no shape, with a sentence of its own.
                if (!error.sqlstate().starts_with("XX") && !error.sqlstate().starts_with("22")) throw;
                throw Problem{Kind::invalid, "analytics.bad_regions",
                              std::format("A region's outline cannot be read: {}", error.what())};
            }
            auto regions = co_await runtime_.in_background([&read] { return filled(std::move(read)); });
            ImportedRegions imported{regions.size(), 0};
            imported.without_cells = static_cast<std::size_t>(
                std::ranges::count_if(regions, [](const store::NewRegion& region) { return region.cells.empty(); }));
            co_await store::replace_region_set(session, company, set, std::move(regions));
            trail::Changes changes;
            changes.made("regions", imported.regions);
            co_await trail_.record(session, company, trail::by_operator(),
                                   {.action = "region_set.imported",
                                    .resource_id = set.id,
                                    .resource_label = set.name,
                                    .changes = std::move(changes)});
            co_return imported;
        });
}

}  // namespace mobilytics::analytics
