#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "src/devices/attachment.hpp"
#include "src/devices/device.hpp"
#include "src/devices/history.hpp"
#include "src/devices/token.hpp"

namespace mobilytics::devices {
struct DeviceFilter;
struct AttachmentPlace;
}  // namespace mobilytics::devices

// Rows of the room. Verbs give statements, for a transaction or for one read; the rest turns results back into nouns.
namespace mobilytics::devices::store {

using clock::Instant;

db::Statement insert(const Model& model);
db::Statement find_model(ModelId id);
db::Statement list_models(std::optional<ModelId> after, int limit);
std::vector<Model> models_in(const db::Result& result);
db::Statement insert_calibration(ModelId model, const Calibration& calibration);
db::Statement calibration_end(ModelId model, Instant from);
db::Statement companies_with(ModelId model);
std::vector<CompanyId> companies_in(const db::Result& result);

db::Statement insert(CompanyId company, DeviceId id, const NewDevice& wanted, Instant now);
db::Statement count_devices(CompanyId company, std::int64_t up_to);
db::Statement hold(CompanyId company, DeviceId id);
db::Statement update(CompanyId company, DeviceId id, const DeviceChange& change);
db::Statement put_in_service(CompanyId company, DeviceId id);
db::Statement find(CompanyId company, DeviceId id, Instant now);
db::Statement list(CompanyId company, const DeviceFilter& filter, std::optional<DeviceId> after, int limit,
                   Instant now);
// The names of the assets they are on are not in these rows.
std::vector<Device> devices_in(const db::Result& result, Instant now);

db::Statement heard_from(const std::vector<Heard>& newest);
db::Statement registry(CompanyId company);
Registry registry_in(const db::Result& result);

db::Statement set_near_threshold(CompanyId company, DeviceId id, Instant from, std::int16_t near_dbm);
db::Statement near_threshold_end(CompanyId company, DeviceId id, Instant from);

db::Statement insert_calibration(CompanyId company, DeviceId id, const Calibration& calibration);
db::Statement calibration_end(CompanyId company, DeviceId id, Instant from);
db::Statement list_calibrations(CompanyId company, DeviceId id, std::optional<Instant> before, int limit);
std::vector<Calibration> calibrations_in(const db::Result& result);

// When what was dated from an instant is followed by the next; nothing where it still holds.
std::optional<Instant> end_in(const db::Result& result);

struct StoredToken {
    DeviceId device;
    db::Bytes secret_sha256;
    std::optional<Instant> last_used_at;
};
db::Statement insert(CompanyId company, DeviceId device, const Token& token, const crypto::Digest& secret);
db::Statement count_active_tokens(CompanyId company, DeviceId device);
db::Statement list_tokens(CompanyId company, DeviceId device, std::optional<TokenId> after, int limit);
std::vector<Token> tokens_in(const db::Result& result);
db::Statement revoke(CompanyId company, DeviceId device, TokenId token, Instant now);
db::Statement active_token(CompanyId company, TokenId token);
db::Statement touch(CompanyId company, TokenId token, Instant now);

db::Statement insert(CompanyId company, const Attachment& attachment, Instant now);
db::Statement find_attachment(CompanyId company, AttachmentId id);
db::Statement correct(CompanyId company, const Attachment& attachment);
db::Statement remove(CompanyId company, AttachmentId id);
db::Statement list_attachments(CompanyId company, DeviceId device, std::optional<AttachmentPlace> after, int limit);
db::Statement list_attachments(CompanyId company, AssetId asset, std::optional<AttachmentPlace> after, int limit);
db::Statement overlapping(CompanyId company, const Attachment& attachment);
std::vector<Attachment> attachments_in(const db::Result& result);

std::vector<db::Statement> history(CompanyId company);
DeviceHistory history_in(const std::vector<db::Result>& results);

}  // namespace mobilytics::devices::store
