#include "src/measurements/entries.hpp"

#include <utility>

namespace mobilytics::measurements {

trail::Entry imported(const Imported& counts) {
    trail::Changes changes;
    changes.made("stream", counts.stream).made("read", counts.read);
    changes.made("stored", counts.stored);
    changes.made("repeated", counts.repeated);
    changes.made("refused", counts.refused);
    return {.action = "records.imported", .resource_id = "", .resource_label = "", .changes = std::move(changes)};
}

trail::Entry rebuilt(CompanyId company) {
    return {.action = "records.rebuilt", .resource_id = company.text(), .resource_label = ""};
}

trail::Entry erased(DeviceId device, const clock::Window& span) {
    trail::Changes changes;
    changes.gone("from", clock::to_rfc3339(span.from)).gone("to", clock::to_rfc3339(span.to));
    return {
        .action = "records.erased", .resource_id = device.text(), .resource_label = "", .changes = std::move(changes)};
}

}  // namespace mobilytics::measurements
