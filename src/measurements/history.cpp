#include "src/measurements/history.hpp"

namespace mobilytics::measurements {

const Attachment* attachment_at(std::span<const Attachment> attachments, const ids::Uuid& device, Instant when) {
    const auto found = std::ranges::find_if(attachments, [&](const Attachment& attachment) {
        return attachment.during.contains(when) && attachment.device == device;
    });
    return found == attachments.end() ? nullptr : &*found;
}

People people_per_visit(const DeviceHistory& history, Instant start) {
    auto calibration = history.calibrations.at(start);
    if (!calibration) calibration = history.model_calibrations.at(start);
    if (!calibration) return {};
    return {calibration->factor, calibration->low, calibration->high, true};
}

}  // namespace mobilytics::measurements
