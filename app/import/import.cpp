#include "app/import/import.hpp"

#include <charconv>
#include <cmath>
#include <deque>
#include <format>
#include <fstream>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/geofiles/geofile.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::import {

namespace {

constexpr std::size_t rows_per_batch = 5000;

[[noreturn]] void refuse(std::string detail) { throw Problem{Kind::invalid, "import.refused", std::move(detail)}; }

std::string digest_of(const Wanted& wanted) {
    std::ifstream in{wanted.file, std::ios::binary};
    if (!in) refuse(wanted.file + " cannot be opened");
    std::string all{std::istreambuf_iterator<char>{in}, {}};
    all += std::format("\n{}\n{}\n{}\n{}\n{}\n{}", wanted.stream, wanted.device, wanted.zone, wanted.time_format,
                       wanted.speed_unit, wanted.pseudonym_key.empty() ? "" : "pseudonyms");
    for (const auto& [field, column] : wanted.columns) all += std::format("\n{}={}", field, column);
    return crypto::to_hex(crypto::sha256(all)).substr(0, 32);
}

// One row of the file as the texts and numbers an item is made of. Lives until its batch is judged.
struct Item {
    std::int64_t line = 0;
    std::string device, at, visitor;
    std::optional<double> lat, lon, speed, heading, accuracy;
    std::optional<std::int64_t> rssi;
    std::string fault;
};

class Reader {
public:
    Reader(const Wanted& wanted, geofiles::GeoFile& file, const std::map<std::string, std::string>& devices)
        : wanted_{wanted}, file_{file}, devices_{devices} {
        for (const auto& [field, column] : wanted.columns)
            if (!file.column(column)) refuse(std::format("the file has no column \"{}\" (for {})", column, field));
    }

    // The device's serial in the row, to know which devices the file speaks of.
    std::optional<std::string> serial(const geofiles::Row& row) const {
        if (!wanted_.device.empty()) return wanted_.device;
        return text(row, "device");
    }

    Item item(const geofiles::Row& row) const {
        Item item{.line = row.line};
        const auto serial_text = serial(row);
        if (!serial_text)
            item.fault = "no device";
        else if (const auto found = devices_.find(*serial_text); found != devices_.end())
            item.device = found->second;
        else
            item.fault = "no device with the serial " + *serial_text;
        item.at = to_rfc3339(text(row, "at").value_or(""), wanted_.time_format, wanted_.zone);
        if (item.at.empty() && item.fault.empty()) item.fault = "the time cannot be read";
        if (wanted_.stream == "positions")
            read_position(row, item);
        else
            read_sighting(row, item);
        return item;
    }

private:
    std::optional<std::string> text(const geofiles::Row& row, const std::string& field) const {
        const auto mapped = wanted_.columns.find(field);
        const auto index = file_.column(mapped == wanted_.columns.end() ? field : mapped->second);
        return index ? row.values.at(*index) : std::nullopt;
    }

    std::optional<double> number(const geofiles::Row& row, const std::string& field, Item& item) const {
        const auto found = text(row, field);
        if (!found) return std::nullopt;
        double value = 0;
        const auto [end, error] = std::from_chars(found->data(), found->data() + found->size(), value);
        if (error == std::errc{} && end == found->data() + found->size()) return value;
        if (item.fault.empty()) item.fault = field + " is no number";
        return std::nullopt;
    }

    void read_position(const geofiles::Row& row, Item& item) const {
        item.lat = row.lat ? row.lat : number(row, "lat", item);
        item.lon = row.lon ? row.lon : number(row, "lon", item);
        item.speed = number(row, "speed_mps", item);
        if (item.speed) item.speed = to_mps(*item.speed, wanted_.speed_unit);
        item.heading = number(row, "heading_deg", item);
        item.accuracy = number(row, "accuracy_m", item);
    }

    void read_sighting(const geofiles::Row& row, Item& item) const {
        item.visitor = text(row, "visitor").value_or("");
        if (!wanted_.pseudonym_key.empty() && !item.visitor.empty() && !item.at.empty())
            item.visitor = pseudonym(wanted_.pseudonym_key, item.visitor, item.at);
        const auto rssi = number(row, "rssi_dbm", item);
        if (!rssi) return;
        // Also keeps what is no number of dBm at all, such as 1e300, from a cast that has no meaning.
        if (std::abs(*rssi) <= 1000 && *rssi == std::floor(*rssi))
            item.rssi = static_cast<std::int64_t>(*rssi);
        else if (item.fault.empty())
            item.fault = "rssi_dbm is no whole number of dBm";
    }

    const Wanted& wanted_;
    geofiles::GeoFile& file_;
    const std::map<std::string, std::string>& devices_;
};

class ErrorFile {
public:
    explicit ErrorFile(const std::string& path) : path_{path} {}

    void add(std::int64_t line, std::string_view reason, std::string detail) {
        if (!out_.is_open()) {
            out_.open(path_, std::ios::trunc);
            out_ << "line,reason,detail\n";
        }
        for (auto at = detail.find('"'); at != std::string::npos; at = detail.find('"', at + 2))
            detail.insert(at, "\"");
        out_ << line << ',' << reason << ",\"" << detail << "\"\n";
    }

private:
    std::string path_;
    std::ofstream out_;
};

void judge(measurements::Acceptance& acceptance, const std::deque<Item>& items, const Wanted& wanted) {
    using measurements::Reason;
    using measurements::Stream;
    const auto given = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional<std::string_view>{text};
    };
    std::int64_t index = 0;
    for (const auto& item : items) {
        const auto stream = wanted.stream == "positions" ? Stream::position : Stream::sighting;
        if (!item.fault.empty())
            acceptance.refuse(index, stream, Reason::bad_value, item.fault);
        else if (stream == Stream::position)
            acceptance.take(index, measurements::PositionIn{.device = item.device,
                                                            .at = item.at,
                                                            .lat = item.lat,
                                                            .lon = item.lon,
                                                            .speed_mps = item.speed,
                                                            .heading_deg = item.heading,
                                                            .accuracy_m = item.accuracy});
        else
            acceptance.take(
                index,
                measurements::SightingIn{
                    .device = item.device, .at = item.at, .visitor = given(item.visitor), .rssi_dbm = item.rssi});
        ++index;
    }
}

// What a run refused, a later one may take: its device is registered, its time has come. Then it is another batch, or
// it would pass for stored before.
std::string mark_of(const std::vector<measurements::Rejection>& rejections) {
    if (rejections.empty()) return {};
    std::string refused;
    for (const auto& rejection : rejections) refused += std::format("{} ", rejection.index);
    return "-" + crypto::to_hex(crypto::sha256(refused)).substr(0, 16);
}

struct Import {
    app::Modules& modules;
    const Wanted& wanted;
    ErrorFile errors;
    Outcome outcome;
    std::string digest;
    int part = 0;

    Task<void> store(std::deque<Item> items) {
        // An import speaks for all devices of the company, and its records may be of any age.
        const measurements::Sender sender{wanted.company, wanted.company.uuid, std::nullopt};
        std::vector<std::string> mentioned;
        for (const auto& item : items)
            if (mentioned.empty() || mentioned.back() != item.device) mentioned.push_back(item.device);
        auto acceptance =
            co_await modules.measurements.open_batch(sender, std::move(mentioned), {.behind = std::nullopt});
        judge(acceptance, items, wanted);
        for (const auto& rejection : acceptance.rejections())
            errors.add(items.at(static_cast<std::size_t>(rejection.index)).line, json::name_of(rejection.reason),
                       rejection.detail);
        outcome.refused += std::ssize(acceptance.rejections());
        const auto kept = static_cast<std::int64_t>(acceptance.records().size());
        const auto name = std::format("import-{}-{}{}", digest, part++, mark_of(acceptance.rejections()));
        measurements::BatchToStore batch{.company = wanted.company,
                                         .sender = sender.id,
                                         .batch = name,
                                         .body_sha256 = std::bit_cast<measurements::Sha256>(crypto::sha256(name)),
                                         .answer = std::to_string(kept),
                                         .records = acceptance.take_records()};
        const bool fresh = co_await modules.measurements.store_import(std::move(batch));
        (fresh ? outcome.stored : outcome.repeated) += kept;
    }
};

// An operator at the command line acts as the company's owner.
auth::Company owner_of(CompanyId company) { return {.company = company, .role = auth::Role::owner}; }

Task<std::map<std::string, std::string>> devices_by_serial(app::Modules& modules, CompanyId company) {
    constexpr int page = 200;
    std::map<std::string, std::string> devices;
    std::optional<DeviceId> after;
    for (;;) {
        const auto some = co_await modules.devices.list(owner_of(company), {}, after, page);
        for (const auto& device : some) devices.emplace(device.serial, device.id.text());
        if (some.size() < static_cast<std::size_t>(page)) co_return devices;
        after = some.back().id;
    }
}

Task<ModelId> model_named(app::Modules& modules, std::string name) {
    for (const auto& model : co_await modules.devices.list_models(std::nullopt, 200))
        if (model.name == name) co_return model.id;
    refuse("no device model is called " + name);
}

Task<void> create_missing(app::Modules& modules, const Wanted& wanted, std::map<std::string, std::string>& devices) {
    const auto model = co_await model_named(modules, wanted.create_devices_of_model);
    geofiles::GeoFile file{wanted.file, {.separator = wanted.separator, .has_header = wanted.has_header}};
    const Reader reader{wanted, file, devices};
    while (const auto row = file.next()) {
        const auto serial = reader.serial(*row);
        if (!serial || devices.contains(*serial)) continue;
        const auto made = co_await modules.devices.add(owner_of(wanted.company), {.serial = *serial, .model = model});
        devices.emplace(*serial, made.id.text());
    }
}

Task<Outcome> import_records(app::Modules& modules, const Wanted& wanted, Progress progress) {
    auto devices = co_await devices_by_serial(modules, wanted.company);
    if (!wanted.create_devices_of_model.empty()) co_await create_missing(modules, wanted, devices);
    geofiles::GeoFile file{wanted.file, {.separator = wanted.separator, .has_header = wanted.has_header}};
    const Reader reader{wanted, file, devices};
    Import import{modules, wanted, ErrorFile{wanted.error_file}, {}, digest_of(wanted)};
    const auto rows = file.rows();
    std::deque<Item> items;
    while (const auto row = file.next()) {
        items.push_back(reader.item(*row));
        if (++import.outcome.read % 1000 == 0) progress(import.outcome.read, rows);
        if (items.size() == rows_per_batch) co_await import.store(std::exchange(items, {}));
    }
    if (!items.empty()) co_await import.store(std::move(items));
    progress(import.outcome.read, rows);
    const auto& [read, stored, repeated, refused] = import.outcome;
    co_await modules.measurements.note_import(wanted.company, {wanted.stream, read, stored, repeated, refused});
    co_return import.outcome;
}

Task<Outcome> import_regions(app::Modules& modules, const Wanted& wanted, Progress progress) {
    geofiles::GeoFile file{wanted.file, {.separator = wanted.separator, .has_header = wanted.has_header}};
    const auto column = [&](const char* field) {
        const auto mapped = wanted.columns.find(field);
        return file.column(mapped == wanted.columns.end() ? field : mapped->second);
    };
    const auto code = column("code");
    if (!code) refuse("say which column holds the region's code: --map code=COLUMN");
    const auto name = column("name");
    if (wanted.set_id.empty()) refuse("name the set: --set ID");
    ErrorFile errors{wanted.error_file};
    Outcome outcome;
    std::vector<analytics::RegionShape> regions;
    while (const auto row = file.next()) {
        ++outcome.read;
        if (!row->values.at(*code) || row->multi_polygon_wkb.empty()) {
            ++outcome.refused;
            errors.add(row->line, "bad_value", "a region needs a code and a polygon");
            continue;
        }
        const auto& region_code = *row->values.at(*code);
        regions.push_back({.code = region_code,
                           .name = name ? row->values.at(*name).value_or(region_code) : region_code,
                           .geojson = std::nullopt,
                           .wkb = row->multi_polygon_wkb});
    }
    const auto attribution = wanted.attribution.empty() ? std::nullopt : std::optional{wanted.attribution};
    const auto imported = co_await modules.analytics.import_regions(wanted.company, wanted.set_id, wanted.set_name,
                                                                    attribution, std::move(regions));
    outcome.stored = static_cast<std::int64_t>(imported.regions);
    progress(outcome.read, outcome.read);
    co_return outcome;
}

}  // namespace

Task<Outcome> run(app::Modules& modules, Wanted wanted, Progress progress) {
    if (wanted.error_file.empty()) wanted.error_file = wanted.file + ".errors.csv";
    if (wanted.stream == "regions") co_return co_await import_regions(modules, wanted, std::move(progress));
    if (wanted.stream != "positions" && wanted.stream != "sightings") refuse("import positions, sightings or regions");
    co_return co_await import_records(modules, wanted, std::move(progress));
}

}  // namespace mobilytics::import
