#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/db/database.hpp"
#include "src/assets/asset.hpp"
#include "src/auth/ids.hpp"

// Rows of assets and faces. Verbs give statements, for a transaction or for one read; the rest turns results back
// into nouns.
namespace mobilytics::assets {
struct AssetFilter;
struct BookableFace;
}  // namespace mobilytics::assets

namespace mobilytics::assets::store {

db::Statement insert(CompanyId company, const Asset& asset);
db::Statement update(CompanyId company, const Asset& asset);
db::Statement insert_face(CompanyId company, const Face& face, clock::Instant now);

db::Statement find(CompanyId company, AssetId id);
db::Statement hold(CompanyId company, AssetId id);
db::Statement list(CompanyId company, const AssetFilter& filter, std::optional<AssetId> after, int limit);
db::Statement all(CompanyId company);
db::Statement count_assets(CompanyId company, std::int64_t up_to);
std::vector<Asset> assets_in(const db::Result& result);

db::Statement names(CompanyId company, std::vector<AssetId> assets);
std::unordered_map<AssetId, std::string> names_in(const db::Result& result);

db::Statement faces(CompanyId company, std::vector<FaceId> faces);
std::unordered_map<FaceId, BookableFace> faces_in(const db::Result& result);

}  // namespace mobilytics::assets::store
