#include "src/measurements/batch_reader.hpp"

#include <algorithm>

#include "platform/json/json.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::measurements {

// Named, since clang, which builds the fuzz targets, reflects no type of an unnamed namespace.
namespace batch_form {

// The whole batch at once: the usual case, when nothing in it is malformed.
struct WholeBatch {
    std::optional<std::string> batch;
    std::vector<PositionIn> positions;
    std::vector<SightingIn> sightings;
    std::vector<HeartbeatIn> heartbeats;
};

// The same with items still unread, for when something is.
struct BatchOfTexts {
    std::optional<std::string> batch;
    std::vector<glz::raw_json_view> positions;
    std::vector<glz::raw_json_view> sightings;
    std::vector<glz::raw_json_view> heartbeats;
};

struct HeaderLine {
    std::optional<std::string> batch;
};

struct KindOnly {
    std::optional<std::string> kind;
};

}  // namespace batch_form

using namespace batch_form;

namespace {

constexpr std::size_t most_items = 5000;
constexpr std::size_t longest_batch_id = 128;

// Items are read leniently as to missing members: which one is missing is judged, and said, item by item.
struct ItemOptions : json::ReadOptions {
    constexpr ItemOptions() { error_on_missing_keys = false; }
};
constexpr ItemOptions item_options{};

struct AnyKeys : ItemOptions {
    constexpr AnyKeys() { error_on_unknown_keys = false; }
};
constexpr AnyKeys any_keys{};

[[noreturn]] void refuse_batch(std::string pointer, std::string detail) {
    throw Problem{mobilytics::Kind::invalid,
                  "measurements.invalid_batch",
                  "The batch cannot be read.",
                  {{std::move(pointer), std::move(detail)}}};
}

void check(const std::optional<std::string>& batch, std::size_t items) {
    if (!batch || batch->empty() || batch->size() > longest_batch_id || batch->contains('\0'))
        refuse_batch("/batch", "must be a text of 1 to 128 bytes of the sender's choosing");
    if (items > most_items)
        throw Problem{mobilytics::Kind::too_large, "measurements.too_many_items", "A batch holds at most 5,000 items."};
}

template <class Item>
Item& member(BatchItem& item) {
    if constexpr (std::same_as<Item, PositionIn>)
        return item.position;
    else if constexpr (std::same_as<Item, SightingIn>)
        return item.sighting;
    else
        return item.heartbeat;
}

template <class Item>
BatchItem read_item(std::int64_t index, Stream stream, std::string_view text) {
    BatchItem item{.index = index, .stream = stream, .fault = std::nullopt};
    const auto outcome = glz::read<item_options>(member<Item>(item), text);
    if (!outcome) return item;
    if (outcome.ec == glz::error_code::unknown_key)
        item.fault = BatchItem::Fault{Reason::unknown_field, "a field that this stream does not have"};
    else
        item.fault = BatchItem::Fault{Reason::bad_value, "a value of the wrong type or form"};
    return item;
}

template <class Item>
void read_all(std::vector<BatchItem>& items, Stream stream, const std::vector<glz::raw_json_view>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i)
        items.push_back(read_item<Item>(static_cast<std::int64_t>(i), stream, texts[i].str));
}

void collect_device(BatchText& batch, const std::optional<std::string_view>& device) {
    if (!device || (!batch.devices.empty() && batch.devices.back() == *device)) return;
    if (!std::ranges::contains(batch.devices, *device)) batch.devices.emplace_back(*device);
}

void collect_devices(BatchText& batch) {
    for (const auto& item : batch.positions) collect_device(batch, item.device);
    for (const auto& item : batch.sightings) collect_device(batch, item.device);
    for (const auto& item : batch.heartbeats) collect_device(batch, item.device);
    for (const auto& item : batch.items)
        collect_device(batch, item.stream == Stream::position   ? item.position.device
                              : item.stream == Stream::sighting ? item.sighting.device
                                                                : item.heartbeat.device);
}

template <class Item>
void judge_all(Acceptance& acceptance, const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) acceptance.take(static_cast<std::int64_t>(i), items[i]);
}

std::optional<Stream> stream_named(std::string_view kind) {
    if (kind == "position") return Stream::position;
    if (kind == "sighting") return Stream::sighting;
    if (kind == "heartbeat") return Stream::heartbeat;
    return std::nullopt;
}

BatchItem read_line(std::int64_t index, std::string_view line) {
    KindOnly kind;
    const bool readable = !glz::read<any_keys>(kind, line);
    const auto stream = readable && kind.kind ? stream_named(*kind.kind) : std::nullopt;
    if (!stream)
        return {.index = index,
                .stream = Stream::position,
                .fault = BatchItem::Fault{readable && !kind.kind ? Reason::missing_field : Reason::bad_value,
                                          "kind must be position, sighting or heartbeat"}};
    if (*stream == Stream::position) return read_item<PositionIn>(index, *stream, line);
    if (*stream == Stream::sighting) return read_item<SightingIn>(index, *stream, line);
    return read_item<HeartbeatIn>(index, *stream, line);
}

}  // namespace

BatchText read_json_batch(std::string_view body) {
    BatchText text;
    WholeBatch whole;
    if (!glz::read<item_options>(whole, body)) {
        check(whole.batch, whole.positions.size() + whole.sightings.size() + whole.heartbeats.size());
        text.batch = *whole.batch;
        text.positions = std::move(whole.positions);
        text.sightings = std::move(whole.sightings);
        text.heartbeats = std::move(whole.heartbeats);
    } else {
        BatchOfTexts texts;
        if (const auto fault = glz::read<item_options>(texts, body)) {
            if (fault.ec == glz::error_code::unknown_key) refuse_batch("", "a field that a batch does not have");
            throw Problem{mobilytics::Kind::malformed, "http.malformed_json", "The body is no JSON batch."};
        }
        check(texts.batch, texts.positions.size() + texts.sightings.size() + texts.heartbeats.size());
        text.batch = *texts.batch;
        read_all<PositionIn>(text.items, Stream::position, texts.positions);
        read_all<SightingIn>(text.items, Stream::sighting, texts.sightings);
        read_all<HeartbeatIn>(text.items, Stream::heartbeat, texts.heartbeats);
    }
    collect_devices(text);
    return text;
}

BatchText read_ndjson_batch(std::string_view body) {
    BatchText text;
    std::optional<std::string> batch;
    bool header_read = false;
    std::int64_t index = 0;
    for (std::size_t from = 0; from < body.size();) {
        const auto end = std::min(body.find('\n', from), body.size());
        auto line = body.substr(from, end - from);
        from = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (!header_read) {
            HeaderLine header;
            if (glz::read<item_options>(header, line)) refuse_batch("", "the first line must be {\"batch\": \"...\"}");
            batch = header.batch;
            header_read = true;
            continue;
        }
        text.items.push_back(read_line(index++, line));
        check(batch, text.items.size());
    }
    check(batch, text.items.size());
    text.batch = *batch;
    collect_devices(text);
    return text;
}

void judge(Acceptance& acceptance, const BatchText& text) {
    judge_all(acceptance, text.positions);
    judge_all(acceptance, text.sightings);
    judge_all(acceptance, text.heartbeats);
    for (const auto& item : text.items) {
        if (item.fault)
            acceptance.refuse(item.index, item.stream, item.fault->reason, item.fault->detail);
        else if (item.stream == Stream::position)
            acceptance.take(item.index, item.position);
        else if (item.stream == Stream::sighting)
            acceptance.take(item.index, item.sighting);
        else
            acceptance.take(item.index, item.heartbeat);
    }
}

}  // namespace mobilytics::measurements
