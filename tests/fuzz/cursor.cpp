// Any text as a cursor, and any key as one: a cursor that is accepted is what it was made of.
#include "platform/http/cursor.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/json/escape.hpp"
#include "platform/problem/problem.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

using namespace mobilytics;
using fuzz::holds;

struct ThingTag {
    static constexpr std::string_view prefix = "tng";
};
using ThingId = ids::Id<ThingTag>;

template <class... Parts>
void take(std::string_view text) {
    try {
        const auto key = http::decode_cursor<Parts...>(text);
        const auto again = std::apply([](const Parts&... parts) { return http::encode_cursor(parts...); }, key);
        holds(http::decode_cursor<Parts...>(again) == key, "a key comes back as it was");
        (
            [](const Parts& part) {
                if constexpr (std::same_as<Parts, std::string>)
                    holds(json::is_utf8(part) && !part.contains('\0'), "a text that the database can compare with");
                if constexpr (std::same_as<Parts, clock::Instant>)
                    holds(clock::from_rfc3339(clock::to_rfc3339(part)) == part, "a time that can be written");
            }(std::get<Parts>(key)),
            ...);
    } catch (const Problem& problem) {
        holds(problem.code() == std::string_view{"http.bad_cursor"}, "a refusal says that it is the cursor");
    }
}

void take_each(std::string_view text) {
    take<std::string>(text);
    take<clock::Instant, ThingId>(text);
    take<std::int64_t, std::string>(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    take_each(text);
    // The same bytes behind the encoding, where most mutations of a cursor would not get.
    take_each(crypto::to_base64url(text));
    const std::string key{text};
    if (json::is_utf8(key) && !key.contains('\0'))
        holds(std::get<1>(http::decode_cursor<std::int64_t, std::string>(http::encode_cursor(std::int64_t{-7}, key))) ==
                  key,
              "any text can be a key");
    return 0;
}
