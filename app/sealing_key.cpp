#include "app/sealing_key.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <format>
#include <fstream>
#include <optional>
#include <system_error>

#include "platform/config/config.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"
#include "platform/crypto/sealer.hpp"

namespace mobilytics::app {

namespace {

std::string key_of(const std::string& text, const std::string& place) {
    const auto bytes = crypto::from_hex(text);
    if (!bytes || bytes->size() != crypto::Sealer::key_size)
        throw config::ConfigError{
            std::format("{} must be {} hexadecimal digits in lower case", place, 2 * crypto::Sealer::key_size)};
    return {bytes->begin(), bytes->end()};
}

[[noreturn]] void refuse(const std::filesystem::path& file, int code) {
    throw config::ConfigError{
        std::format("{} cannot be written: {}", file.string(), std::generic_category().message(code))};
}

std::optional<std::string> first_line(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string line;
    if (!std::getline(in, line)) return std::nullopt;
    return line;
}

std::string new_key() {
    std::array<std::uint8_t, crypto::Sealer::key_size> bytes{};
    crypto::fill_random(bytes);
    return crypto::to_hex(bytes);
}

// Linked into place when it is whole: of all that start at once everyone takes the one that came first, and nobody sees
// half a key.
void make(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    auto draft = file.string() + ".XXXXXX";
    const int out = ::mkostemp(draft.data(), O_CLOEXEC);  // readable by its owner alone
    if (out < 0) refuse(file, errno);
    const auto line = new_key() + '\n';
    const bool written =
        ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(out) == 0;
    int failure = written ? 0 : errno;
    ::close(out);
    if (written && ::link(draft.c_str(), file.c_str()) != 0 && errno != EEXIST) failure = errno;
    ::unlink(draft.c_str());
    if (failure != 0) refuse(file, failure);
}

}  // namespace

std::string sealing_key(const Settings& settings) {
    if (!settings.secrets.key.empty()) return key_of(settings.secrets.key, "secrets.key");
    const auto file = settings.home / "secrets.key";
    if (!std::filesystem::exists(file)) make(file);
    return key_of(first_line(file).value_or(""), file.string());
}

}  // namespace mobilytics::app
