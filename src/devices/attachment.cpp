#include "src/devices/attachment.hpp"

#include <algorithm>
#include <utility>

#include "platform/crypto/fingerprint.hpp"
#include "platform/problem/faults.hpp"

namespace mobilytics::devices {

namespace {

constexpr std::size_t longest_position = 40;
// Every hour since has a row, so a mistyped year would keep the company's numbers waiting for hours.
constexpr std::chrono::days longest_ago{5 * 365};

void check(const Attachment& attachment, clock::Instant now) {
    Faults faults;
    if (attachment.during.from < now - longest_ago) faults.add("/from", "must be at most five years ago");
    faults.check_line("/position", attachment.position, longest_position);
    if (attachment.during.end() <= attachment.during.from) faults.add("/to", "must be after `from`");
    faults.refuse("devices.invalid_attachment", "The attachment cannot be like that; see errors.");
}

}  // namespace

Span hull(Span one, Span other) {
    Span both{std::min(one.from, other.from), std::nullopt};
    if (one.to && other.to) both.to = std::max(*one.to, *other.to);
    return both;
}

Attachment Attachment::made(AttachmentId id, DeviceId device, NewAttachment wanted, clock::Instant now) {
    Attachment attachment{id, device, wanted.asset, std::move(wanted.position).value_or("main"), wanted.during};
    check(attachment, now);
    return attachment;
}

Attachment Attachment::changed(AttachmentChange change, clock::Instant now) const {
    Attachment after = *this;
    if (change.from) after.during.from = *change.from;
    if (change.to) after.during.to = *change.to;
    check(after, now);
    return after;
}

std::string Attachment::version() const {
    const auto text = [](clock::Instant at) { return std::to_string(at.time_since_epoch().count()); };
    return crypto::fingerprint({text(during.from), text(during.end())});
}

}  // namespace mobilytics::devices
