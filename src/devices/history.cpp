#include "src/devices/history.hpp"

#include <map>
#include <utility>

#include "src/devices/queries.hpp"
#include "src/devices/store.hpp"

// The store's reading of a company's whole device history.
namespace mobilytics::devices::store {

namespace {

struct DeviceRow {
    DeviceId device;
    ModelId model;
    std::int32_t interval_s;
    bool disabled;
};

struct ThresholdRow {
    DeviceId device;
    Instant from;
    std::int16_t near_dbm;
};

template <class Owner>
struct FactorRow {
    Owner owner;
    Instant from;
    double factor;
    double low;
    double high;
};

struct PlacedRow {
    DeviceId device;
    AssetId asset;
    std::string position;
    db::TimeRange during;
};

template <class Owner>
std::map<Owner, std::vector<DatedCalibration>> calibrations_by_owner(const db::Result& result) {
    std::map<Owner, std::vector<DatedCalibration>> found;
    for (const auto& row : result.all<FactorRow<Owner>>())
        found[row.owner].push_back({row.from, row.factor, row.low, row.high});
    return found;
}

}  // namespace

std::vector<db::Statement> history(CompanyId company) {
    return {db::bind(sql::past_of_devices, company), db::bind(sql::past_of_near_thresholds, company),
            db::bind(sql::past_of_calibrations, company), db::bind(sql::past_of_model_calibrations, company),
            db::bind(sql::past_of_attachments, company)};
}

DeviceHistory history_in(const std::vector<db::Result>& results) {
    std::map<DeviceId, std::vector<DatedThreshold>> thresholds;
    for (const auto& row : results.at(1).all<ThresholdRow>())
        thresholds[row.device].push_back({row.from, row.near_dbm});
    auto calibrations = calibrations_by_owner<DeviceId>(results.at(2));
    const auto model_calibrations = calibrations_by_owner<ModelId>(results.at(3));

    DeviceHistory history;
    for (const auto& row : results.at(0).all<DeviceRow>()) {
        DevicePast past{row.device,
                        row.model,
                        row.interval_s,
                        row.disabled,
                        std::move(thresholds[row.device]),
                        std::move(calibrations[row.device]),
                        {}};
        if (const auto found = model_calibrations.find(row.model); found != model_calibrations.end())
            past.model_calibrations = found->second;
        history.devices.push_back(std::move(past));
    }
    for (auto& row : results.at(4).all<PlacedRow>())
        history.attachments.push_back(
            {row.device, row.asset, std::move(row.position), Span{row.during.from, row.during.to}});
    return history;
}

}  // namespace mobilytics::devices::store
