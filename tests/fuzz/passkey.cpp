// Any bytes as what a browser says of a passkey: client data, attestation object, authenticator data and signature.
#include <string>

#include "platform/crypto/encoding.hpp"
#include "platform/webauthn/ceremony.hpp"
#include "platform/webauthn/webauthn.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

using namespace mobilytics;
using fuzz::holds;

const webauthn::Site site{"https://example.org", "example.org"};
const std::string challenge(32, 'c');

std::string client(std::string_view type) {
    return std::string{R"({"type":")"}.append(type) + R"(","challenge":")" + crypto::to_base64url(challenge) +
           R"(","origin":"https://example.org"})";
}

void take_client_data(const std::string& text) {
    const auto read = webauthn::read_ceremony(text);
    const auto judged = webauthn::verify(site, challenge, webauthn::Registration{text, ""});
    holds(!judged, "nothing is registered without an attestation object");
    if (read)
        holds(crypto::from_base64url(crypto::to_base64url(read->challenge)) == read->challenge, "challenges are bytes");
}

void take_attestation(const std::string& object) {
    const auto made = webauthn::verify(site, challenge, webauthn::Registration{client("webauthn.create"), object});
    if (!made) return;
    holds(!made->id.empty() && made->id.size() <= webauthn::largest_credential_id, "an id that fits its column");
    holds(made->aaguid.size() == 16, "an AAGUID that fits its column");
    holds(!made->backed_up || made->backup_eligible, "no backup of what cannot be backed up");
}

// Nobody signs by accident.
void take_assertion(const std::string& data, const std::string& signature) {
    for (const auto& [algorithm, size] : {std::pair{-7, 64U}, std::pair{-8, 32U}, std::pair{-257, 259U}}) {
        const webauthn::PublicKey key{algorithm, std::string(size, '\x04')};
        const auto used = webauthn::verify(site, challenge, {client("webauthn.get"), data, signature}, key);
        holds(!used, "no signature of a key that nobody has");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    take_client_data(text);
    take_attestation(text);
    const auto half = text.size() / 2;
    take_assertion(text.substr(0, half), text.substr(half));
    return 0;
}
