#include "platform/http/operation.hpp"
#include "platform/http/request.hpp"
#include "src/measurements/measurements.hpp"

namespace mobilytics::measurements {

Sender Sender::from(const http::Request& request) {
    if (const auto* device = request.principal<devices::DeviceActor>())
        return {device->company, device->device.uuid, device->device};
    const auto actor = auth::May<auth::Permission::ingest_write>::from(request);
    return {actor.company, actor.key ? actor.key->uuid : actor.user->uuid, std::nullopt};
}

void Sender::describe(http::Operation& doc) {
    auth::May<auth::Permission::ingest_write>::describe(doc);
    http::Operation device;
    devices::DeviceActor::describe(device);
    doc.security.insert(doc.security.end(), device.security.begin(), device.security.end());
}

}  // namespace mobilytics::measurements
