#include "platform/crypto/key_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <format>
#include <fstream>
#include <stdexcept>
#include <string>

#include "platform/crypto/encoding.hpp"

namespace mobilytics::crypto {

namespace {

// False when another process was first.
bool write_new(const std::filesystem::path& file, const std::string& text) {
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    const auto draft = std::format("{}.{}", file.string(), ::getpid());
    const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw std::runtime_error{std::format("cannot write {}: {}", draft, std::strerror(errno))};
    const bool written = ::write(fd, text.data(), text.size()) == std::ssize(text) && ::fsync(fd) == 0;
    ::close(fd);
    const bool linked = written && ::link(draft.c_str(), file.c_str()) == 0;
    const int error = errno;
    ::unlink(draft.c_str());
    if (linked) return true;
    if (written && error == EEXIST) return false;
    throw std::runtime_error{std::format("cannot write {}: {}", file.string(), std::strerror(error))};
}

}  // namespace

SigningKey signing_key_in(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        auto key = SigningKey::made();
        if (write_new(file, to_hex(key.seed()) + "\n")) return key;
    }
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    const auto bytes = from_hex(line);
    SigningKey::Seed seed;
    if (!bytes || bytes->size() != seed.size())
        throw std::runtime_error{std::format("{} holds no signing key", file.string())};
    std::ranges::copy(*bytes, seed.begin());
    return SigningKey{seed};
}

}  // namespace mobilytics::crypto
