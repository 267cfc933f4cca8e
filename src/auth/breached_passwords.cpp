#include "src/auth/breached_passwords.hpp"

#include <format>
#include <memory>
#include <stdexcept>
#include <utility>

#include "platform/crypto/password.hpp"
#include "platform/crypto/sha1.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t digits = 40;

std::unique_ptr<const BreachedPasswords>& the_list() {
    static std::unique_ptr<const BreachedPasswords> list;
    return list;
}

bool is_entry(std::string_view line) {
    return line.size() >= digits && line.substr(0, digits).find_first_not_of("0123456789ABCDEF") == line.npos &&
           (line.size() == digits || line[digits] == ':' || line[digits] == '\r');
}

}  // namespace

BreachedPasswords::BreachedPasswords(const std::filesystem::path& file) : file_{file, std::ios::binary} {
    if (file_) size_ = file_.seekg(0, std::ios::end).tellg();
    std::string first;
    if (!file_ || !std::getline(file_.seekg(0), first) || !is_entry(first))
        throw std::runtime_error{std::format("{} is no list of SHA-1 hashes in order", file.string())};
}

std::string BreachedPasswords::hash_after(std::int64_t place) const {
    std::string line;
    file_.clear();
    // A line that began before is not of this half, but one that begins right here is.
    file_.seekg(place == 0 ? 0 : place - 1);
    if (place > 0) std::getline(file_, line);
    if (!std::getline(file_, line)) return {};
    return line.substr(0, digits);
}

bool BreachedPasswords::contains(std::string_view password) const {
    const std::string wanted = crypto::sha1_hex(password);
    const std::scoped_lock lock{mutex_};
    std::int64_t from = 0, to = size_;
    while (from < to) {
        const std::int64_t middle = from + (to - from) / 2;
        const std::string hash = hash_after(middle);
        if (hash == wanted) return true;
        if (hash.empty() || hash > wanted)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

void refuse_breached_passwords(const std::filesystem::path& file) {
    the_list() = std::make_unique<const BreachedPasswords>(file);
}

std::string hash_new_password(std::string pointer, const std::string& password) {
    if (the_list() && the_list()->contains(password))
        throw Problem{Kind::invalid,
                      "auth.invalid_password",
                      "This password cannot be chosen.",
                      {{std::move(pointer), "is among passwords that were stolen elsewhere"}}};
    return crypto::hash_password(password);
}

}  // namespace mobilytics::auth
