#pragma once

#include "platform/ids/id.hpp"

// The ids that say who and whose. A company's id lives here, below every room, because an actor acts for a company.
namespace mobilytics {

struct CompanyTag {
    static constexpr std::string_view prefix = "co";
};
using CompanyId = ids::Id<CompanyTag>;

}  // namespace mobilytics

namespace mobilytics::auth {

struct UserTag {
    static constexpr std::string_view prefix = "usr";
};
using UserId = ids::Id<UserTag>;

struct SessionTag {
    static constexpr std::string_view prefix = "ses";
};
using SessionId = ids::Id<SessionTag>;

struct ApiKeyTag {
    static constexpr std::string_view prefix = "key";
};
using ApiKeyId = ids::Id<ApiKeyTag>;

struct TokenFamilyTag {
    static constexpr std::string_view prefix = "tkf";
};
using TokenFamilyId = ids::Id<TokenFamilyTag>;

struct AccessTokenTag {
    static constexpr std::string_view prefix = "atk";
};
using AccessTokenId = ids::Id<AccessTokenTag>;

struct PasskeyTag {
    static constexpr std::string_view prefix = "psk";
};
using PasskeyId = ids::Id<PasskeyTag>;

}  // namespace mobilytics::auth
