#include "app/sealing_key.hpp"

#include <format>

#include "platform/config/config.hpp"
#include "platform/crypto/key_file.hpp"
#include "platform/crypto/sealer.hpp"

namespace mobilytics::app {

namespace {

std::string key_of(const std::string& text, const std::string& place) {
    const auto key = crypto::key_in(text);
    if (!key)
        throw config::ConfigError{
            std::format("{} must be {} hexadecimal digits in lower case", place, 2 * crypto::Sealer::key_size)};
    return {key->begin(), key->end()};
}

std::string line_of(const std::filesystem::path& file) {
    try {
        return crypto::key_line_of(file);
    } catch (const std::filesystem::filesystem_error& error) {
        throw config::ConfigError{std::format("{} cannot be written: {}", file.string(), error.code().message())};
    }
}

}  // namespace

std::string sealing_key(const Settings& settings) {
    if (!settings.secrets.key.empty()) return key_of(settings.secrets.key, "secrets.key");
    const auto file = settings.home / "secrets.key";
    return key_of(line_of(file), file.string());
}

}  // namespace mobilytics::app
