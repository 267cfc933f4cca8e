#include <format>
#include <utility>

#include "platform/jobs/events.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/assets/assets.hpp"
#include "src/devices/devices.hpp"
#include "src/devices/entries.hpp"
#include "src/devices/store.hpp"

// The part of the front door that is about attachments, and what the room publishes.
namespace mobilytics::devices {

namespace {

constexpr std::string_view exclusion_violation = "23P01";

Attachment only_one(std::vector<Attachment> found) {
    if (found.empty()) throw Problem{Kind::missing, "devices.attachment_not_found", "There is no such attachment."};
    return std::move(found.front());
}

std::string to_words(const Span& span) {
    if (!span.to) return std::format("since {}", clock::to_rfc3339(span.from));
    return std::format("from {} to {}", clock::to_rfc3339(span.from), clock::to_rfc3339(*span.to));
}

std::string quoted_or_null(const std::optional<std::string>& text) {
    return text ? std::format("\"{}\"", *text) : "null";
}

// Ids and times have nothing to escape.
std::string span_json(const Span& span) {
    std::optional<std::string> to;
    if (span.to) to = clock::to_rfc3339(*span.to);
    return std::format(R"("from":"{}","to":{})", clock::to_rfc3339(span.from), quoted_or_null(to));
}

}  // namespace

Task<std::vector<NamedAttachment>> Devices::list_attachments(auth::Company actor, DeviceId id,
                                                             std::optional<AttachmentPlace> after, int limit) {
    auto results = co_await database_.read_all(
        db::Scope::of(actor.company),
        {store::find(actor.company, id, clock_.now()), store::list_attachments(actor.company, id, after, limit)});
    if (results.at(0).rows() == 0) throw no_such_device();
    co_return co_await named(actor.company, store::attachments_in(results.at(1)));
}

Task<std::vector<NamedAttachment>> Devices::list_attachments(auth::Company actor, AssetId id,
                                                             std::optional<AttachmentPlace> after, int limit) {
    co_await assets_.find(actor, id);
    auto result =
        co_await database_.read(db::Scope::of(actor.company), store::list_attachments(actor.company, id, after, limit));
    co_return co_await named(actor.company, store::attachments_in(result));
}

Task<NamedAttachment> Devices::attach(auth::Company actor, DeviceId id, NewAttachment wanted) {
    auto attachment = Attachment::made(AttachmentId::make(), id, std::move(wanted), clock_.now());
    const bool fitted = co_await fits(actor.company, [&](db::Session& session) -> Task<void> {
        // Whoever attaches waits here for others at the same asset or device, always in this order; two that met in
        // the exclusion constraints instead would end in a deadlock.
        const auto asset = co_await assets_.hold(session, actor.company, attachment.asset);
        co_await hold(session, actor.company, id);
        if (asset.state == assets::AssetState::retired)
            throw Problem{Kind::conflict, "devices.asset_retired",
                          "The asset is retired; make it active again to attach devices."};
        co_await session.run(store::insert(actor.company, attachment, clock_.now()));
        co_await session.run(store::put_in_service(actor.company, id));
        co_await publish_attachment(session, actor, id, attachment.asset, attachment.during);
        co_await trail_.record(session, actor.company, actor.who(), created(attachment, asset.name));
    });
    if (!fitted) throw co_await overlap(actor.company, attachment);
    registries_.drop(actor.company);
    co_return co_await named(actor.company, std::move(attachment));
}

Task<NamedAttachment> Devices::correct_attachment(auth::Company actor, AttachmentId id, AttachmentChange change,
                                                  ExpectVersion expect) {
    auto found = co_await database_.read(db::Scope::of(actor.company), store::find_attachment(actor.company, id));
    auto attachment = only_one(store::attachments_in(found));
    const bool fitted = co_await fits(actor.company, [&](db::Session& session) -> Task<void> {
        const auto asset = co_await assets_.hold(session, actor.company, attachment.asset);
        co_await hold(session, actor.company, attachment.device);
        auto current = co_await session.run(store::find_attachment(actor.company, id));
        const auto before = only_one(store::attachments_in(current));
        expect(before.version());
        attachment = before.changed(change, clock_.now());
        co_await session.run(store::correct(actor.company, attachment));
        co_await publish_attachment(session, actor, before.device, before.asset,
                                    hull(before.during, attachment.during));
        co_await trail_.record(session, actor.company, actor.who(), changed(before, attachment, asset.name));
    });
    if (!fitted) throw co_await overlap(actor.company, attachment);
    co_return co_await named(actor.company, std::move(attachment));
}

Task<void> Devices::delete_attachment(auth::Company actor, AttachmentId id, ExpectVersion expect) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        auto found = co_await session.run(store::find_attachment(actor.company, id));
        const auto seen = only_one(store::attachments_in(found));
        const auto asset = co_await assets_.hold(session, actor.company, seen.asset);
        co_await hold(session, actor.company, seen.device);
        auto current = co_await session.run(store::find_attachment(actor.company, id));
        const auto before = only_one(store::attachments_in(current));
        expect(before.version());
        co_await session.run(store::remove(actor.company, id));
        co_await publish_attachment(session, actor, before.device, before.asset, before.during);
        co_await trail_.record(session, actor.company, actor.who(), deleted(before, asset.name));
    });
}

Task<bool> Devices::fits(CompanyId company, std::function<Task<void>(db::Session& session)> change) {
    try {
        co_await database_.transaction(db::Scope::of(company), std::move(change));
    } catch (const db::DatabaseError& error) {
        if (error.sqlstate() != exclusion_violation) throw;
        co_return false;
    }
    co_return true;
}

Task<Problem> Devices::overlap(CompanyId company, Attachment attachment) {
    auto result = co_await database_.read(db::Scope::of(company), store::overlapping(company, attachment));
    auto others = store::attachments_in(result);
    if (!others.empty()) {
        const auto other = co_await named(company, std::move(others.front()));
        const bool same_device = other.attachment.device == attachment.device;
        co_return Problem{
            Kind::conflict, "devices.attachment_overlaps",
            std::format("{} on '{}' in position '{}' {} (attachment {}). End or correct that first.",
                        same_device ? "The device is" : std::format("Device {} is", other.attachment.device.text()),
                        other.asset_name, other.attachment.position, to_words(other.attachment.during),
                        other.attachment.id.text())};
    }
    // Ended or corrected since.
    co_return Problem{Kind::conflict, "devices.attachment_overlaps",
                      "Another attachment was in the way a moment ago; try again."};
}

Task<std::vector<NamedAttachment>> Devices::named(CompanyId company, std::vector<Attachment> attachments) {
    std::vector<AssetId> wanted;
    for (const Attachment& attachment : attachments) wanted.push_back(attachment.asset);
    auto names = co_await assets_.names(company, std::move(wanted));
    std::vector<NamedAttachment> result;
    for (Attachment& attachment : attachments) {
        auto name = names[attachment.asset];
        result.push_back({std::move(attachment), std::move(name)});
    }
    co_return result;
}

Task<NamedAttachment> Devices::named(CompanyId company, Attachment attachment) {
    std::vector<Attachment> one;
    one.push_back(std::move(attachment));
    auto result = co_await named(company, std::move(one));
    co_return std::move(result.front());
}

Task<void> Devices::publish_attachment(db::Session& session, auth::Company actor, DeviceId device, AssetId asset,
                                       Span span) {
    const CompanyId company = actor.company;
    co_await events_.publish(session, company.uuid, "devices.attachment_changed",
                             std::format(R"({{"company_id":"{}","device_id":"{}","asset_ids":["{}"],{}}})",
                                         company.text(), device.text(), asset.text(), span_json(span)),
                             actor.who().cause());
}

Task<void> Devices::publish_calibration(db::Session& session, CompanyId company, std::optional<DeviceId> device,
                                        std::optional<ModelId> model, Span span, trace::Cause cause) {
    const auto device_text = quoted_or_null(device.transform(&DeviceId::text));
    const auto model_text = quoted_or_null(model.transform(&ModelId::text));
    co_await events_.publish(session, company.uuid, "devices.calibration_changed",
                             std::format(R"({{"company_id":"{}","device_id":{},"model_id":{},{}}})", company.text(),
                                         device_text, model_text, span_json(span)),
                             std::move(cause));
}

Task<void> Devices::publish_near_threshold(db::Session& session, auth::Company actor, DeviceId device, Span span) {
    const CompanyId company = actor.company;
    co_await events_.publish(
        session, company.uuid, "devices.near_threshold_changed",
        std::format(R"({{"company_id":"{}","device_id":"{}",{}}})", company.text(), device.text(), span_json(span)),
        actor.who().cause());
}

}  // namespace mobilytics::devices
