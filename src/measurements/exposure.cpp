#include "src/measurements/exposure.hpp"

#include <h3api.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace mobilytics::measurements {

namespace {

constexpr int cell_resolution = 9;

const Site& site_of(std::span<const Site> sites, const ids::Uuid& asset) {
    const auto found = std::ranges::find(sites, asset, &Site::asset);
    if (found == sites.end()) throw std::logic_error{"expose: no site given for asset " + ids::to_hex(asset)};
    return *found;
}

StoredVisit plain_row(const Visit& visit, const DeviceHistory& history) {
    StoredVisit row;
    row.device = history.device;
    row.visitor = visit.visitor;
    row.start = visit.start;
    row.end = visit.end;
    row.strongest_dbm = visit.strongest_dbm;
    row.people = people_per_visit(history, visit.start);
    return row;
}

}  // namespace

Cell cell_of(LatLon place) {
    const LatLng radians{degsToRads(place.lat), degsToRads(place.lon)};
    H3Index cell = 0;
    if (latLngToCell(&radians, cell_resolution, &cell) != E_SUCCESS)
        throw std::logic_error{"cell_of: not a place on earth"};
    return cell;
}

std::string to_hex(Cell cell) {
    std::array<char, 17> text{};
    if (h3ToString(cell, text.data(), text.size()) != E_SUCCESS) throw std::logic_error{"to_hex: not a cell"};
    return text.data();
}

bool is_near(const Visit& visit, const DeviceHistory& history) {
    return visit.strongest_dbm >= history.near_dbm.at(visit.start).value_or(default_near_dbm);
}

Site Site::billboard(const ids::Uuid& asset, LatLon surveyed) { return {asset, nullptr, rounded(surveyed)}; }

Site Site::vehicle(const ids::Uuid& asset, const Track& track) { return {asset, &track, {}}; }

Whereabouts Site::at(Instant when) const {
    if (track_ != nullptr) return track_->at(when);
    return {point_, SpeedClass::static_site, std::nullopt};
}

std::vector<StoredVisit> expose(std::span<const Visit> visits, const DeviceHistory& history,
                                std::span<const Site> sites, const Timeline<ParkedPolicy>& parked_policies) {
    std::vector<StoredVisit> rows;
    // Visits of one device often share a place, and a cell costs a microsecond.
    std::optional<LatLon> known_place;
    Cell known_cell = 0;
    for (const Visit& visit : visits) {
        if (!is_near(visit, history)) continue;
        StoredVisit& row = rows.emplace_back(plain_row(visit, history));
        const Attachment* attachment = attachment_at(history.attachments, history.device, visit.start);
        if (attachment == nullptr) continue;

        const Whereabouts where = site_of(sites, attachment->asset).at(visit.start);
        row.asset = attachment->asset;
        row.place = where.place;
        row.speed = where.speed;
        row.parked_out = leaves_out(parked_policies.at(visit.start).value_or(ParkedPolicy{}), visit.start, where);
        if (!where.place) continue;
        if (known_place != where.place) {
            known_cell = cell_of(*where.place);
            known_place = where.place;
        }
        row.cell = known_cell;
    }
    return rows;
}

bool leaves_out(const ParkedPolicy& policy, Instant start, const Whereabouts& where) {
    switch (policy.rule) {
        case ParkedRule::count:
            return false;
        case ParkedRule::exclude:
            return where.speed == SpeedClass::parked;
        case ParkedRule::cap:
            return where.stopped_since && start - *where.stopped_since > policy.limit;
    }
    throw std::logic_error{"leaves_out: unknown parked rule"};
}

}  // namespace mobilytics::measurements
