#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

// gzip of whole texts, for bytes that are compressed once and sent often.
namespace mobilytics::gzip {

// The same text gives the same bytes: no time and no name in the header.
std::string compress(std::string_view text);

class Corrupt : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws Corrupt when it is not gzip, is cut short, or would be more than `limit` bytes.
std::string decompress(std::string_view compressed, std::size_t limit);

bool is_gzip(std::string_view bytes);

}  // namespace mobilytics::gzip
