#include "platform/jobs/jobs.hpp"

#include "platform/jobs/events.hpp"
#include "platform/json/json.hpp"
#include "src/measurements/measurements.hpp"

namespace mobilytics::measurements {

namespace {

// Events of other rooms, as their front doors describe them.
struct AttachmentChanged {
    CompanyId company_id;
    DeviceId device_id;
    std::vector<AssetId> asset_ids;
    Instant from;
    std::optional<Instant> to;
};

struct CalibrationChanged {
    CompanyId company_id;
    std::optional<DeviceId> device_id;
    std::optional<ModelId> model_id;
    Instant from;
    std::optional<Instant> to;
};

struct NearThresholdChanged {
    CompanyId company_id;
    DeviceId device_id;
    Instant from;
    std::optional<Instant> to;
};

struct ParkedPolicyChanged {
    CompanyId company_id;
    Instant from;
};

struct CoverageChanged {
    CompanyId company_id;
    CampaignId campaign_id;
    std::optional<AssetId> asset_id;
    Instant from;
    std::optional<Instant> to;
};

struct AssetChanged {
    CompanyId company_id;
    AssetId asset_id;
};

template <class Event>
Event read_event(const jobs::Job& job) {
    auto event = json::read<Event>(job.payload);
    if (!event)
        throw Problem{mobilytics::Kind::malformed, "measurements.bad_event",
                      "An event's payload cannot be read: " + job.kind};
    return *std::move(event);
}

Window span_of(Instant from, std::optional<Instant> to) { return {from, to.value_or(clock::far_future)}; }

Task<void> attachment_changed(Measurements& measurements, jobs::Job job) {
    const auto event = read_event<AttachmentChanged>(job);
    const Window span = span_of(event.from, event.to);
    std::vector<DirtySpan> spans{
        {.device = event.device_id.uuid, .span = span, .positions = true, .visits = true, .coverage = true}};
    for (const auto& asset : event.asset_ids)
        spans.push_back({.device = std::nullopt,
                         .asset = asset.uuid,
                         .span = span,
                         .positions = true,
                         .visits = true,
                         .coverage = true});
    co_await measurements.mark(event.company_id, std::move(spans));
}

Task<void> calibration_changed(Measurements& measurements, jobs::Job job) {
    const auto event = read_event<CalibrationChanged>(job);
    const auto device = event.device_id.transform([](const DeviceId& id) { return id.uuid; });
    co_await measurements.mark(event.company_id,
                               {{.device = device, .span = span_of(event.from, event.to), .visits = true}});
}

Task<void> near_threshold_changed(Measurements& measurements, jobs::Job job) {
    const auto event = read_event<NearThresholdChanged>(job);
    co_await measurements.mark(
        event.company_id, {{.device = event.device_id.uuid, .span = span_of(event.from, event.to), .visits = true}});
}

Task<void> parked_policy_changed(Measurements& measurements, jobs::Job job) {
    const auto event = read_event<ParkedPolicyChanged>(job);
    co_await measurements.mark(event.company_id,
                               {{.device = std::nullopt, .span = span_of(event.from, std::nullopt), .visits = true}});
}

Task<void> coverage_changed(Measurements& measurements, jobs::Job job) {
    const auto event = read_event<CoverageChanged>(job);
    const auto asset = event.asset_id.transform([](const AssetId& id) { return id.uuid; });
    co_await measurements.mark(
        event.company_id,
        {{.device = std::nullopt, .asset = asset, .span = span_of(event.from, event.to), .coverage = true}});
}

Task<void> asset_changed(Measurements& measurements, jobs::Job job) {
    const auto event = read_event<AssetChanged>(job);
    co_await measurements.mark_asset(event.company_id, event.asset_id);
}

}  // namespace

void add_jobs(jobs::Runner& runner, Measurements& measurements) {
    runner.on("measurements.refresh",
              [&](jobs::Job job) -> Task<void> { return measurements.refresh_some(CompanyId{job.company}); });
    runner.every(std::chrono::seconds{2}, "measurements.find_work",
                 [&](jobs::Job) { return measurements.find_work(); });
    runner.every(std::chrono::seconds{60}, "measurements.open_hours",
                 [&](jobs::Job) { return measurements.open_hours(); });
    runner.every(std::chrono::hours{24}, "measurements.forget_old_batches",
                 [&](jobs::Job) { return measurements.forget_old_batches(); });

    const auto on_event = [&](std::string name, Task<void> (*handler)(Measurements&, jobs::Job)) {
        // A correction that was given up never came, so it must go on counting as open.
        runner.on("measurements.on." + name,
                  [&measurements, handler](jobs::Job job) { return handler(measurements, std::move(job)); },
                  {.keep_ended = true});
    };
    on_event("devices.attachment_changed", attachment_changed);
    on_event("devices.calibration_changed", calibration_changed);
    on_event("devices.near_threshold_changed", near_threshold_changed);
    on_event("companies.parked_policy_changed", parked_policy_changed);
    on_event("campaigns.coverage_changed", coverage_changed);
    on_event("assets.changed", asset_changed);
}

void subscribe(jobs::Events& events) {
    for (const std::string name :
         {"devices.attachment_changed", "devices.calibration_changed", "devices.near_threshold_changed",
          "companies.parked_policy_changed", "campaigns.coverage_changed", "assets.changed"})
        events.subscribe(name, "measurements.on." + name);
}

}  // namespace mobilytics::measurements
