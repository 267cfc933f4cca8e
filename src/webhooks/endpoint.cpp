#include "src/webhooks/endpoint.hpp"

#include <algorithm>
#include <format>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "platform/problem/faults.hpp"
#include "src/webhooks/event_types.hpp"

namespace mobilytics::webhooks {

namespace {

constexpr std::size_t longest_description = 200;
constexpr int fastest = 100;

void check_event_types(Faults& faults, const std::vector<std::string>& types) {
    if (types.empty()) faults.add("/event_types", "must name at least one type; leave it out, or null, for all");
    for (std::size_t index = 0; index < types.size(); ++index) {
        const auto pointer = std::format("/event_types/{}", index);
        if (!event_type_named(types[index])) faults.add(pointer, "is no type of event");
        if (std::ranges::find(types, types[index]) - types.begin() != static_cast<std::ptrdiff_t>(index))
            faults.add(pointer, "is named twice");
    }
}

void check(const Endpoint& endpoint, const UrlCheck& wrong_with) {
    Faults faults;
    if (const auto wrong = wrong_with(endpoint.url)) faults.add("/url", *wrong);
    faults.check_optional_line("/description", endpoint.description, longest_description);
    if (endpoint.event_types) check_event_types(faults, *endpoint.event_types);
    if (endpoint.per_second && (*endpoint.per_second < 1 || *endpoint.per_second > fastest))
        faults.add("/per_second", std::format("must be 1 to {}", fastest));
    faults.refuse("webhooks.invalid", "The endpoint cannot be like that; see errors.");
}

std::string listed(const std::optional<std::vector<std::string>>& types) {
    if (!types) return "all";
    std::string text;
    for (const std::string& type : *types) text += (text.empty() ? "" : ", ") + type;
    return text;
}

std::optional<double> number(std::optional<int> value) {
    return value ? std::optional{static_cast<double>(*value)} : std::nullopt;
}

std::optional<std::string> reason(const Endpoint& endpoint) {
    if (!endpoint.disabled_because) return std::nullopt;
    return std::string{json::name_of(*endpoint.disabled_because)};
}

}  // namespace

Endpoint Endpoint::made(EndpointId id, NewEndpoint wanted, Instant now, const UrlCheck& wrong_with) {
    Endpoint endpoint{.id = id,
                      .url = std::move(wanted.url),
                      .description = std::move(wanted.description),
                      .event_types = std::move(wanted.event_types),
                      .per_second = wanted.per_second,
                      .created_at = now};
    check(endpoint, wrong_with);
    return endpoint;
}

Endpoint Endpoint::changed(EndpointChange change, const UrlCheck& wrong_with) const {
    Endpoint after = *this;
    if (change.url) after.url = std::move(*change.url);
    if (change.description) after.description = std::move(*change.description);
    if (change.event_types) after.event_types = std::move(*change.event_types);
    if (change.per_second) after.per_second = *change.per_second;
    ++after.version;
    check(after, wrong_with);
    return after;
}

Endpoint Endpoint::enabled_again() const {
    Endpoint after = *this;
    after.enabled = true;
    after.disabled_because.reset();
    after.disabled_at.reset();
    after.failing_since.reset();
    ++after.version;
    return after;
}

Endpoint Endpoint::disabled(DisabledBecause why, Instant now) const {
    Endpoint after = *this;
    after.enabled = false;
    after.disabled_because = why;
    after.disabled_at = now;
    ++after.version;
    return after;
}

std::string Endpoint::origin() const {
    const auto host = url.find("://");
    if (host == std::string::npos) return "";
    return url.substr(0, url.find_first_of("/?#", host + 3));
}

trail::Changes made_with(const Endpoint& endpoint) {
    trail::Changes changes;
    changes.made("url", endpoint.origin()).made("description", endpoint.description);
    changes.made("event_types", listed(endpoint.event_types)).made("per_second", number(endpoint.per_second));
    return changes;
}

trail::Changes difference(const Endpoint& before, const Endpoint& after) {
    trail::Changes changes;
    changes.field("url", before.origin(), after.origin());
    if (before.url != after.url && before.origin() == after.origin()) changes.hidden("url_path");
    changes.field("description", before.description, after.description);
    changes.field("event_types", listed(before.event_types), listed(after.event_types));
    changes.field("per_second", number(before.per_second), number(after.per_second));
    changes.field("enabled", before.enabled, after.enabled);
    changes.field("disabled_because", reason(before), reason(after));
    return changes;
}

}  // namespace mobilytics::webhooks
