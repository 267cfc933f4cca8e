#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Password hashing with argon2id (libsodium). Both verbs hold a thread for tens of milliseconds and 19 MiB,
// so requests call them through Runtime::in_background.
namespace mobilytics::crypto {

// The encoded form ("$argon2id$v=19$m=19456,t=2,p=1$...") with a fresh random salt.
std::string hash_password(std::string_view password);

// False for a wrong password and for text that is not such a hash.
bool verify_password(std::string_view encoded, std::string_view password);

// True when `encoded` was made with other parameters than hash_password uses now.
bool password_needs_rehash(std::string_view encoded);

// How many argon2id computations this process has done: what requests cost, and whether two of them cost the same.
std::uint64_t password_computations();

}  // namespace mobilytics::crypto
