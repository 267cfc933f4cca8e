// What providers publish and answer, as any bytes: documents, key sets, and ID tokens before and after their signature.
#include <string>

#include "platform/crypto/encoding.hpp"
#include "platform/openid/documents.hpp"
#include "platform/openid/id_token.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

using namespace mobilytics;
using fuzz::holds;

constexpr std::string_view issuer = "https://id.example.com";

void read_published(const std::string& text) {
    const auto discovery = openid::read_discovery(text, issuer);
    holds(!discovery || discovery->issuer == issuer, "a document of that issuer");
    const auto keys = openid::read_keys(text);
    if (!keys) return;
    holds(keys->size() <= openid::most_keys, "no more keys than are looked at");
    for (const auto& one : *keys) holds(!one.key.verifies("text", text), "nobody has signed this");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    read_published(text);
    const auto answer = openid::read_token_answer(text);
    holds(!answer.id_token || answer.id_token->size() <= text.size(), "a token that stands there");
    for (const std::string& token :
         {text, crypto::to_base64url(text) + ".e30.e30", crypto::to_base64url(R"({"alg":"RS256"})") + "." + text}) {
        const auto read = openid::UnverifiedIdToken::read(token);
        holds(!read || read->jws.header.contains("RS256") || read->jws.header.contains('\\'), "one algorithm");
    }
    return 0;
}
