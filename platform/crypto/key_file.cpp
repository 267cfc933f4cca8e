#include "platform/crypto/key_file.hpp"

#include <algorithm>
#include <format>
#include <fstream>
#include <stdexcept>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"
#include "platform/files/files.hpp"

namespace mobilytics::crypto {

std::optional<Key> key_in(std::string_view text) {
    const auto bytes = from_hex(text);
    Key key{};
    if (!bytes || bytes->size() != key.size()) return std::nullopt;
    std::ranges::copy(*bytes, key.begin());
    return key;
}

std::string key_line_of(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        Key key;
        fill_random(key);
        files::put_new(file, to_hex(key) + "\n");
    }
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    return line;
}

SigningKey signing_key_in(const std::filesystem::path& file) {
    const auto seed = key_in(key_line_of(file));
    if (!seed) throw std::runtime_error{std::format("{} holds no signing key", file.string())};
    return SigningKey{*seed};
}

}  // namespace mobilytics::crypto
