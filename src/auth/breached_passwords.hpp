#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>

// Passwords that were stolen elsewhere: the operator's copy of such a list, of any size, since it stays a file.
namespace mobilytics::auth {

// Lines "SHA1:COUNT" in capitals, in order, as Have I Been Pwned gives them ("ordered by hash").
class BreachedPasswords {
public:
    // Throws std::runtime_error for a file that cannot be read or has another form.
    explicit BreachedPasswords(const std::filesystem::path& file);

    // Blocks: some forty short reads, of however many gigabytes. Any thread.
    bool contains(std::string_view password) const;

private:
    std::string hash_after(std::int64_t place) const;  // of the first line that begins there or later; empty: none

    mutable std::mutex mutex_;
    mutable std::ifstream file_;
    std::int64_t size_ = 0;
};

// While the program is put together: from then on new passwords are held against the list, in the whole process.
void refuse_breached_passwords(const std::filesystem::path& file);

// What to store for a new password. Blocks, for as long as hashing takes. Throws Problem invalid
// "auth.invalid_password" when it was stolen elsewhere; `pointer` is where it came from.
std::string hash_new_password(std::string pointer, const std::string& password);

}  // namespace mobilytics::auth
