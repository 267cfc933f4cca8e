#pragma once

#include <optional>
#include <string>

#include "platform/trail/trail.hpp"
#include "src/auth/api_key.hpp"
#include "src/auth/person.hpp"
#include "src/auth/token_family.hpp"

// What the trail says of sessions, members, keys and staff. Pure. Addresses of people stay out: an event is kept longer
// than the account it is about.
namespace mobilytics::auth {

// Somebody who has just shown who they are, by `method` ("password", "passkey"), in a session that did not exist when
// the request came in.
trail::By by_person(const User& user, SessionId session, std::string method, const Origin& origin);

// Whoever has a letter to that person, whose link says so.
trail::By person_behind(trail::By by, const User& user);

trail::Entry session_opened(SessionId session, const User& user);
trail::Entry sign_in_refused(const std::optional<User>& user, std::string reason);
trail::Entry company_entered(SessionId session);
trail::Entry session_ended(SessionId session);

// What staff did to somebody's account: action "person.disabled".
trail::Entry person_entry(std::string action, UserId user, std::string name, std::string reason = {});
// Whether somebody is staff, and as what; nothing: not.
trail::Entry staff_changed(UserId user, std::string name, std::optional<StaffRole> before,
                           std::optional<StaffRole> after);
trail::Entry staff_key_revoked(ApiKeyId key, std::string name);

// Something of the person's own account: action "account.password_changed".
trail::Entry account_entry(std::string action, UserId user, std::string name);

trail::Entry member_added(UserId user, std::string name, Role role);

trail::Entry api_key_created(const ApiKey& key);
// With the end that it gets; called on the key as it was.
trail::Entry api_key_rotated(const ApiKey& key, std::optional<clock::Instant> expires_at);
// Somebody showed its secret; `reason` says why that was not enough: revoked, expired, address.
trail::Entry api_key_refused(ApiKeyId key, std::string name, std::string reason);
trail::Entry api_key_revoked(ApiKeyId key, std::string name);
// Of tokens that came of a key, whose name is the label.
trail::Entry tokens_issued(TokenFamilyId family, std::string key, const std::optional<std::vector<Permission>>& scopes);
// A refresh token that was used a moment before got the same successor again.
trail::Entry token_repeated(TokenFamilyId family, std::string key);
// One that was used long before: it is in two hands, and the family ended.
trail::Entry token_reused(TokenFamilyId family, std::string key);
trail::Entry tokens_ended(TokenFamilyId family, std::string key);
// Action "signing_key.made" or "signing_key.replaced".
trail::Entry signing_key_entry(std::string action, std::string id, clock::Instant from);

trail::Entry staff_key_created(ApiKeyId key, std::string name);

}  // namespace mobilytics::auth
