#include "app/sealing_key.hpp"

#include <format>
#include <fstream>
#include <ranges>
#include <utility>

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

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    try {
        crypto::key_line_of(file);  // makes it
    } catch (const std::filesystem::filesystem_error& error) {
        throw config::ConfigError{std::format("{} cannot be written: {}", file.string(), error.code().message())};
    }
    std::ifstream in{file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
    return lines;
}

std::vector<std::string> split_at_commas(const std::string& text) {
    std::vector<std::string> parts;
    for (const auto part : std::views::split(text, ',')) parts.emplace_back(part.begin(), part.end());
    return parts;
}

}  // namespace

SealingKeys sealing_keys(const Settings& settings) {
    std::string place = "secrets.key";
    std::vector<std::string> texts{settings.secrets.key};
    if (settings.secrets.key.empty()) {
        const auto file = settings.home / "secrets.key";
        texts = lines_of(file);
        place = file.string();
    }
    if (!settings.secrets.former_keys.empty())
        for (auto& text : split_at_commas(settings.secrets.former_keys)) texts.push_back(std::move(text));
    SealingKeys keys{.present = key_of(texts.empty() ? "" : texts.front(), place)};
    for (const auto& text : texts | std::views::drop(1)) keys.former.push_back(key_of(text, "a former key"));
    return keys;
}

}  // namespace mobilytics::app
