#include "src/auth/recovery_codes.hpp"

#include <utility>

#include "platform/crypto/digest.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/factor_store.hpp"

namespace mobilytics::auth {

namespace {

constexpr int code_count = 10;
constexpr std::size_t code_length = 24;  // of five bits each: enough to be kept as a plain hash
constexpr std::size_t group_length = 6;

std::string random_code() {
    const std::string text = random_base32();
    return text.substr(text.size() - code_length);
}

std::string grouped(const std::string& code) {
    std::string shown;
    for (std::size_t i = 0; i < code.size(); i += group_length)
        shown.append(shown.empty() ? "" : "-").append(code.substr(i, group_length));
    return shown;
}

}  // namespace

Task<std::vector<std::string>> fresh_recovery_codes(db::Session& session, UserId user) {
    std::vector<std::string> shown;
    std::vector<crypto::Digest> digests;
    for (int i = 0; i < code_count; ++i) {
        const std::string code = random_code();
        digests.push_back(crypto::sha256(code));
        shown.push_back(grouped(code));
    }
    co_await store::replace_recovery_codes(session, user, std::move(digests));
    co_return shown;
}

std::string plain_code(std::string_view typed) {
    std::string bare;
    for (const char c : typed)
        if (c != ' ' && c != '-') bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return bare;
}

}  // namespace mobilytics::auth
