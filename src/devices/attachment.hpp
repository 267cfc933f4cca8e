#pragma once

#include <optional>
#include <string>

#include "platform/clock/clock.hpp"
#include "src/assets/ids.hpp"
#include "src/devices/ids.hpp"

// Which device was on which asset, when. Pure values and rules.
namespace mobilytics::devices {

// [from, to); without `to` it still holds.
struct Span {
    clock::Instant from;
    std::optional<clock::Instant> to;

    clock::Instant end() const { return to.value_or(clock::far_future); }
    bool operator==(const Span&) const = default;
};

// The shortest span that holds both.
Span hull(Span one, Span other);

struct NewAttachment {
    AssetId asset;
    std::optional<std::string> position;  // "main" unless given
    Span during;
};

struct AttachmentChange {
    std::optional<clock::Instant> from;
    std::optional<std::optional<clock::Instant>> to;  // given and empty: it still holds
};

struct Attachment {
    AttachmentId id;
    DeviceId device;
    AssetId asset;
    std::string position;
    Span during;

    // Throw Problem invalid "devices.invalid_attachment".
    static Attachment made(AttachmentId id, DeviceId device, NewAttachment wanted, clock::Instant now);
    Attachment changed(AttachmentChange change, clock::Instant now) const;

    // Tells apart what an edit can make of it.
    std::string version() const;

    bool operator==(const Attachment&) const = default;
};

}  // namespace mobilytics::devices
