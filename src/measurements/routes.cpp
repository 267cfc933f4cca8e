#include "platform/crypto/digest.hpp"
#include "platform/http/router.hpp"
#include "src/measurements/batch_reader.hpp"
#include "src/measurements/measurements.hpp"

namespace mobilytics::measurements {

namespace {

struct AcceptedOut {
    std::int64_t positions = 0;
    std::int64_t sightings = 0;
    std::int64_t heartbeats = 0;
    static constexpr json::Field about[] = {{.name = "positions", .description = "Positions stored."},
                                            {.name = "sightings", .description = "Sightings stored."},
                                            {.name = "heartbeats", .description = "Heartbeats stored."}};
};

struct RejectedOut {
    std::int64_t index = 0;
    Stream stream = Stream::position;
    Reason reason = Reason::bad_value;
    std::string detail;
    static constexpr json::Field about[] = {
        {.name = "index", .description = "Place in its stream, from 0; in NDJSON among the items, from 0."},
        {.name = "reason", .description = "Why this item alone was not stored; the rest of the batch was."}};
};

struct BatchOut {
    std::string batch;
    AcceptedOut accepted;
    std::vector<RejectedOut> rejected;
    static constexpr json::Field about[] = {
        {.name = "batch",
         .description = "The sender's id of the batch. Sent again with the same body it is answered "
                        "with this same answer and stores nothing; kept 90 days."}};
};

struct VehiclePositionOut {
    AssetId asset_id;
    std::string name;
    DeviceId device_id;
    clock::Instant at;
    double lat = 0;
    double lon = 0;
    std::optional<double> speed_mps;
    std::optional<double> heading_deg;
    std::string speed_class;
    bool stale = false;
    static constexpr json::Field about[] = {
        {.name = "at", .description = "When the fix was taken, by the device's clock."},
        {.name = "speed_mps", .description = "The receiver's own report, metres per second."},
        {.name = "heading_deg", .description = "Degrees clockwise from north."},
        {.name = "speed_class", .description = "unknown, parked (to 5 km/h), crawl (to 20), urban (to 60) or fast."},
        {.name = "stale", .description = "Older than five minutes."}};
};

BatchText read_batch(const http::RawBody& body) {
    return body.content_type == "application/x-ndjson" ? read_ndjson_batch(body.text) : read_json_batch(body.text);
}

BatchOut answer_of(const std::string& batch, const Acceptance& acceptance) {
    const auto& records = acceptance.records();
    BatchOut out{
        batch, {std::ssize(records.positions), std::ssize(records.sightings), std::ssize(records.heartbeats)}, {}};
    for (const auto& rejection : acceptance.rejections())
        out.rejected.push_back({rejection.index, rejection.stream, rejection.reason, rejection.detail});
    return out;
}

// Records of batches, each time that one is answered.
struct Counters {
    explicit Counters(http::Router& router) : accepted{of(router, "accepted")}, refused{of(router, "refused")} {}

    void count(const BatchOut& answer) const {
        const auto& [positions, sightings, heartbeats] = answer.accepted;
        accepted.add(static_cast<double>(positions + sightings + heartbeats));
        refused.add(static_cast<double>(answer.rejected.size()));
    }

    static metrics::Counter of(http::Router& router, const char* outcome) {
        return router.counter("ingest_records_total", "Records of batches that were answered, by outcome.",
                              {{"outcome", outcome}});
    }

    metrics::Counter accepted, refused;
};

Task<http::Accepted<BatchOut>> ingest(Measurements& measurements, Counters counters, Sender sender,
                                      http::RawBody body) {
    const auto text = read_batch(body);
    auto acceptance = co_await measurements.open_batch(sender, text.devices);
    judge(acceptance, text);
    const auto answer = json::write(answer_of(text.batch, acceptance));
    const auto digest = crypto::sha256(body.text);
    BatchToStore batch{.company = sender.company,
                       .sender = sender.id,
                       .batch = text.batch,
                       .body_sha256 = std::bit_cast<Sha256>(digest),
                       .answer = answer,
                       .records = acceptance.take_records()};
    const auto told = co_await measurements.store_batch(std::move(batch));
    auto out = json::read<BatchOut>(told).value();
    counters.count(out);
    co_return http::Accepted<BatchOut>{std::move(out)};
}

VehiclePositionOut to_out(const VehiclePosition& last) {
    return {last.asset,     last.name,        last.device,
            last.at,        last.place.lat,   last.place.lon,
            last.speed_mps, last.heading_deg, std::string{text(last.speed)},
            last.stale};
}

}  // namespace

void add_routes(http::Router& router, Measurements& measurements) {
    auto group = router.group("measurements");
    group.post("/v1/ingest/batch",
               {.id = "measurements.ingest",
                .summary = "Stores a batch of positions, sightings and heartbeats",
                .description =
                    "JSON: {\"batch\", \"positions\":[{device, at, lat, lon, speed_mps, heading_deg, accuracy_m}], "
                    "\"sightings\":[{device, at, visitor, rssi_dbm, randomized}], \"heartbeats\":[{device, at, "
                    "firmware, "
                    "battery, temperature, queue_depth}]}. NDJSON: a line {\"batch\"}, then one item a line with "
                    "\"kind\": \"position\", \"sighting\" or \"heartbeat\". gzip allowed; at most 1 MiB as sent and "
                    "5,000 items. Each item is kept or rejected alone. The answer comes once the records are "
                    "stored.",
                .body_limit = std::size_t{1} << 20U,
                .decoded_limit = std::size_t{8} << 20U,
                .body_types = {"application/json", "application/x-ndjson"},
                .self_regulated = true},
               [&measurements, counters = Counters{router}](Sender sender, http::RawBody body)
                   -> Task<http::Accepted<BatchOut>> { return ingest(measurements, counters, sender, body); });
    group.get("/v1/vehicles/positions",
              {.id = "measurements.vehicle_positions", .summary = "The last fix of every vehicle"},
              [&](auth::May<auth::Permission::assets_read> actor) -> Task<http::Page<VehiclePositionOut>> {
                  http::Page<VehiclePositionOut> page;
                  for (const auto& last : co_await measurements.vehicle_positions(actor))
                      page.items.push_back(to_out(last));
                  co_return page;
              });
}

}  // namespace mobilytics::measurements
