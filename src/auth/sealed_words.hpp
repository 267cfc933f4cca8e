#pragma once

#include <string>
#include <string_view>

#include "platform/crypto/sealer.hpp"

// Words of people, mostly addresses, that a job cannot do without: the queue and its copies hold them sealed. Nothing
// stays nothing.
namespace mobilytics::auth {

std::string sealed_words(const crypto::Sealer& sealer, std::string_view words, std::string_view place);

// Throws Problem unavailable "auth.letter_sealed_by_another_key", as long as the words are not open to this process.
std::string opened_words(const crypto::Sealer& sealer, std::string_view sealed, std::string_view place);

}  // namespace mobilytics::auth
