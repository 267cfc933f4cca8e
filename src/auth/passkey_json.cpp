#include "src/auth/passkey_json.hpp"

#include "platform/crypto/encoding.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::auth {

namespace {

Problem unreadable(std::string_view pointer, std::string detail) {
    return {Kind::invalid,
            "auth.invalid_passkey",
            "The passkey cannot be kept or read like this.",
            {{std::string{pointer}, std::move(detail)}}};
}

}  // namespace

std::string bytes_of_base64url(std::string_view text, std::string_view pointer) {
    auto bytes = crypto::from_base64url(text);
    if (!bytes || bytes->empty()) throw unreadable(pointer, "is no base64url");
    return *std::move(bytes);
}

void check_type_of_passkey(std::string_view type, std::string_view pointer) {
    if (type != "public-key") throw unreadable(pointer, "must be public-key");
}

std::optional<ShownPasskey> shown_passkey(const std::optional<AssertedPasskeyIn>& given, const std::string& pointer) {
    if (!given) return std::nullopt;
    const auto& response = given->response;
    check_type_of_passkey(given->type, pointer + "/type");
    ShownPasskey shown{
        .credential_id = bytes_of_base64url(given->id, pointer + "/id"),
        .client_data = bytes_of_base64url(response.clientDataJSON, pointer + "/response/clientDataJSON"),
        .authenticator_data = bytes_of_base64url(response.authenticatorData, pointer + "/response/authenticatorData"),
        .signature = bytes_of_base64url(response.signature, pointer + "/response/signature")};
    if (response.userHandle)
        shown.user_handle = bytes_of_base64url(*response.userHandle, pointer + "/response/userHandle");
    return shown;
}

}  // namespace mobilytics::auth
