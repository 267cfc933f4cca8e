#include "src/webhooks/event_types.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "platform/json/json.hpp"
#include "platform/trail/trail.hpp"

namespace mobilytics::webhooks {

namespace {

using Fields = std::span<const std::string_view>;

constexpr std::string_view campaign[] = {"name", "advertiser", "state", "from", "to", "zone", "goal_impressions"};
constexpr std::string_view assignment[] = {"campaign_id", "face_id", "asset_id", "from", "to", "share"};
constexpr std::string_view asset[] = {"name", "kind", "state"};
constexpr std::string_view face[] = {"face_id", "name", "format", "placement"};
constexpr std::string_view device[] = {"serial", "name", "state", "model_id", "near_dbm"};
constexpr std::string_view threshold[] = {"from", "near_dbm"};
constexpr std::string_view calibration[] = {"calibration_id", "effective_from", "factor", "low", "high"};
constexpr std::string_view token[] = {"device_id"};
constexpr std::string_view attachment[] = {"device_id", "asset_id", "position", "from", "to"};
constexpr std::string_view role[] = {"role"};
constexpr std::string_view company[] = {"name", "zone", "country", "state"};
constexpr std::string_view access[] = {"second_factor_required"};
constexpr std::string_view provider[] = {"issuer", "joins_as"};
constexpr std::string_view policy[] = {"effective_from", "kind", "cap_minutes"};
constexpr std::string_view span[] = {"from", "to"};
constexpr std::string_view counts[] = {"stream", "read", "stored", "repeated", "refused"};
constexpr std::string_view regions[] = {"regions"};
constexpr std::string_view webhook[] = {"url", "event_types", "enabled", "disabled_because"};
constexpr Fields none{};

constexpr bool with_name = true;
constexpr bool without_name = false;

// clang-format off
constexpr EventType table[] = {
    {"api_key.created", "An API key was made.", without_name, role},
    {"api_key.revoked", "An API key was revoked.", without_name, none},
    {"api_key.rotated", "An API key was given a new secret.", without_name, none},
    {"asset.changed", "A vehicle or billboard was edited.", with_name, asset},
    {"asset.created", "A vehicle or billboard was added.", with_name, asset},
    {"asset.face_added", "An asset was given a face.", with_name, face},
    {"assignment.changed", "When or how much of a face a campaign has was changed.", without_name, assignment},
    {"assignment.created", "A face, or a share of it, was given to a campaign.", without_name, assignment},
    {"assignment.deleted", "An assignment was deleted, as if it had never been.", without_name, assignment},
    {"attachment.changed", "When a device was on an asset was corrected.", without_name, attachment},
    {"attachment.created", "A device was attached to an asset.", without_name, attachment},
    {"attachment.deleted", "An attachment was deleted, as if it had never been.", without_name, attachment},
    {"campaign.booked", "A draft was booked.", with_name, campaign},
    {"campaign.cancelled", "A campaign was called off.", with_name, campaign},
    {"campaign.changed", "A campaign was edited.", with_name, campaign},
    {"campaign.created", "A campaign was planned.", with_name, campaign},
    {"campaign.finished", "A campaign is over.", with_name, campaign},
    {"campaign.launched", "A campaign went live.", with_name, campaign},
    {"campaign.paused", "A campaign was paused.", with_name, campaign},
    {"campaign.resumed", "A paused campaign is live again.", with_name, campaign},
    {"company.access_changed", "What the company asks of those who sign in was changed.", without_name, access},
    {"company.changed", "The company's settings were changed.", with_name, company},
    {"company.parked_policy_set", "How parked vehicles count was set.", with_name, policy},
    {"company.provider_removed", "No provider signs the company's people in any more.", without_name, none},
    {"company.provider_set", "A provider that signs the company's people in was set.", without_name, provider},
    {"company.reinstated", "The company's people and keys were let in again.", with_name, company},
    {"company.suspended", "The company's people and keys were kept out.", with_name, company},
    {"device.calibrated", "A device was given a calibration.", without_name, calibration},
    {"device.changed", "A device was edited.", with_name, device},
    {"device.created", "A device was added.", with_name, device},
    {"device.near_threshold_set", "From when which signal counts as near was set.", without_name, threshold},
    {"device_token.issued", "A device was given a token.", without_name, token},
    {"device_token.revoked", "A device's token was revoked.", without_name, token},
    {"invitation.accepted", "Somebody who was invited became a member.", without_name, role},
    {"invitation.created", "Somebody was invited.", without_name, role},
    {"invitation.sent_again", "Somebody who was invited was written to again.", without_name, none},
    {"invitation.withdrawn", "An invitation was withdrawn.", without_name, none},
    {"member.added", "Somebody became a member.", without_name, role},
    {"member.disabled", "Mobilytics' staff disabled a member's account.", without_name, none},
    {"member.enabled", "Mobilytics' staff let a member in again.", without_name, none},
    {"member.linked", "Somebody signed in by the company's provider for the first time.", without_name, none},
    {"member.removed", "Somebody is no longer a member.", without_name, none},
    {"member.role_changed", "A member was given another role.", without_name, role},
    {"records.erased", "A device's raw records of a time were erased.", without_name, span},
    {"records.imported", "Records were imported from a file.", without_name, counts},
    {"records.rebuilt", "The company's figures were derived again from its records.", without_name, none},
    {"region_set.imported", "A set of regions was imported.", with_name, regions},
    {"token.ended", "The tokens of a program were ended.", without_name, none},
    {"token.reused", "A refresh token was shown a second time: it is in two hands, and its tokens were ended.",
     without_name, none},
    {"webhook.changed", "A webhook endpoint was edited.", without_name, webhook},
    {"webhook.created", "A webhook endpoint was added.", without_name, webhook},
    {"webhook.deleted", "A webhook endpoint was deleted.", without_name, none},
    {"webhook.disabled", "A webhook endpoint was disabled, by a person or because nothing got through.", without_name,
     webhook},
    {"webhook.enabled", "A webhook endpoint was enabled again.", without_name, webhook},
    {"webhook.secret_rotated", "A webhook endpoint was given a new secret.", without_name, none},
};
// clang-format on
static_assert(std::ranges::is_sorted(table, {}, &EventType::type));

// A field of the trail's changes: {"from":..,"to":..}, passed on as it was written.
using ChangedFields = std::map<std::string, glz::raw_json>;

struct MessageThing {
    std::string id;
    std::optional<std::string> name;
    std::optional<std::string> event_id;
    ChangedFields changes;
};

struct MessageBody {
    std::string type;
    clock::Instant timestamp;
    MessageThing data;
};

ChangedFields allowed(const EventType& type, const std::string& changes) {
    const auto all = json::read<ChangedFields>(changes);
    ChangedFields passed;
    if (!all) return passed;  // the trail prints its own changes; what is not JSON was none
    for (const auto& [name, change] : *all)
        if (std::ranges::contains(type.fields, name)) passed.emplace(name, change);
    return passed;
}

}  // namespace

std::span<const EventType> event_types() { return table; }

const EventType* event_type_named(std::string_view type) {
    const auto* found = std::ranges::lower_bound(table, type, {}, &EventType::type);
    return found != std::end(table) && found->type == type ? found : nullptr;
}

std::string body_of(const EventType& type, const trail::Recorded& event) {
    MessageBody body{.type = std::string{type.type},
                     .timestamp = event.at,
                     .data = {.id = event.entry.resource_id,
                              .event_id = event.id.text(),
                              .changes = allowed(type, event.entry.changes.json())}};
    if (type.named) body.data.name = event.entry.resource_label;
    return json::write(body);
}

std::string test_body(std::string_view endpoint_id, clock::Instant at) {
    return json::write(
        MessageBody{.type = std::string{test_type}, .timestamp = at, .data = {.id = std::string{endpoint_id}}});
}

}  // namespace mobilytics::webhooks
