#pragma once

#include <optional>
#include <string>

#include "platform/trail/trail.hpp"
#include "src/auth/api_key.hpp"
#include "src/auth/person.hpp"

// What the trail says of sessions, members, keys and staff. Pure. Addresses of people stay out: an event is kept longer
// than the account it is about.
namespace mobilytics::auth {

// Somebody who has just shown who they are, by `method` ("password", "passkey"), in a session that did not exist when
// the request came in.
trail::By by_person(const User& user, SessionId session, std::string method, const Origin& origin);

trail::Entry session_opened(SessionId session, const User& user);
trail::Entry sign_in_refused(const std::optional<User>& user, std::string reason);
trail::Entry company_entered(SessionId session);
trail::Entry session_ended(SessionId session);

// Something of the person's own account: action "account.password_changed".
trail::Entry account_entry(std::string action, UserId user, std::string name);

trail::Entry member_added(UserId user, std::string name, Role role);
trail::Entry staff_added(UserId user, std::string name);

trail::Entry api_key_created(const ApiKey& key);
// With the end that it gets; called on the key as it was.
trail::Entry api_key_rotated(const ApiKey& key, std::optional<clock::Instant> expires_at);
// Somebody showed its secret; `reason` says why that was not enough: revoked, expired, address.
trail::Entry api_key_refused(ApiKeyId key, std::string name, std::string reason);
trail::Entry api_key_revoked(ApiKeyId key, std::string name);
trail::Entry staff_key_created(ApiKeyId key, std::string name);

}  // namespace mobilytics::auth
