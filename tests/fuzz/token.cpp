// Any text as an access token: one that has the form of ours has one spelling, and only ours is believed.
#include <string>

#include "src/auth/access_token.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

using namespace mobilytics;
using fuzz::holds;

constexpr std::string_view address = "https://app.example.com";
const clock::Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();

struct Ours {
    crypto::SigningKey key{crypto::SigningKey::Seed{1, 2, 3}};
    std::string good = auth::print_access_token({.company = CompanyId{ids::make_uuid7(1, 2, 3)},
                                                 .key = auth::ApiKeyId{ids::make_uuid7(1, 2, 4)},
                                                 .family = auth::TokenFamilyId{ids::make_uuid7(1, 2, 5)},
                                                 .id = auth::AccessTokenId{ids::make_uuid7(1, 2, 6)},
                                                 .scope = {auth::Permission::assets_read},
                                                 .issued_at = now},
                                                address, key);
};

const Ours& ours() {
    static const Ours made;
    return made;
}

void take(const std::string& text) {
    const auto token = auth::UnverifiedToken::read(text);
    if (!token) return;
    holds(crypto::is_thumbprint(token->key_id()), "a key's name is one");
    const bool is_ours = token->verified_by(ours().key.public_key(), address, now).has_value();
    holds(!is_ours || text == ours().good, "only what we made is believed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    const auto& good = ours().good;
    take(text);
    const auto first = good.find('.'), second = good.rfind('.');
    take(text + good.substr(first));
    take(good.substr(0, first + 1) + text + good.substr(second));
    take(good.substr(0, second + 1) + text);
    // What our key would have to sign: claims of any bytes.
    const auto header = crypto::read_compact(good)->header;
    const auto forged = crypto::sign_compact(ours().key, header, text);
    const auto token = auth::UnverifiedToken::read(forged);
    if (token && token->verified_by(ours().key.public_key(), address, now))
        holds(text.contains(R"("aud":"https://app.example.com/v1")"), "claims that are taken are for us");
    return 0;
}
