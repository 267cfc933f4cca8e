#include "platform/idempotency/kept_answer.hpp"

#include <charconv>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/sealer.hpp"

namespace mobilytics::idempotency {

namespace {

constexpr std::string_view purpose = "mobilytics idempotency seal";
constexpr std::string_view place = "requests.answers";

// The key itself is the secret: 32 bytes are made of it.
crypto::Sealer sealer_of(std::string_view key) {
    const auto digest = crypto::hmac_sha256(purpose, key);
    return crypto::Sealer{{reinterpret_cast<const char*>(digest.data()), digest.size()}};
}

// Each text behind its length: "3:abc".
void put(std::string& out, std::string_view text) { out.append(std::to_string(text.size())).append(":").append(text); }

class Reader {
public:
    explicit Reader(std::string_view bytes) : left_{bytes} {}

    std::optional<std::string> text() {
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), size);
        if (error != std::errc{}) return std::nullopt;
        left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
        if (!left_.starts_with(':') || left_.size() - 1 < size) return std::nullopt;
        std::string taken{left_.substr(1, size)};
        left_.remove_prefix(size + 1);
        return taken;
    }

    bool at_end() const { return left_.empty(); }

private:
    std::string_view left_;
};

std::string bytes_of(const KeptAnswer& answer) {
    std::string out;
    put(out, std::to_string(answer.status));
    for (const std::string* text : {&answer.content_type, &answer.etag, &answer.cache_control, &answer.body})
        put(out, *text);
    for (const auto& [name, value] : answer.headers) {
        put(out, name);
        put(out, value);
    }
    return out;
}

}  // namespace

std::vector<std::byte> seal(const KeptAnswer& answer, std::string_view key) {
    return sealer_of(key).seal(bytes_of(answer), place);
}

std::optional<KeptAnswer> open(std::span<const std::byte> sealed, std::string_view key) {
    const auto bytes = sealer_of(key).open(sealed, place);
    if (!bytes) return std::nullopt;
    Reader reader{*bytes};
    KeptAnswer answer;
    const auto status = reader.text();
    if (!status || std::from_chars(status->data(), status->data() + status->size(), answer.status).ec != std::errc{})
        return std::nullopt;
    for (std::string* text : {&answer.content_type, &answer.etag, &answer.cache_control, &answer.body}) {
        auto read = reader.text();
        if (!read) return std::nullopt;
        *text = *std::move(read);
    }
    while (!reader.at_end()) {
        auto name = reader.text();
        auto value = reader.text();
        if (!name || !value) return std::nullopt;
        answer.headers.emplace_back(*std::move(name), *std::move(value));
    }
    return answer;
}

}  // namespace mobilytics::idempotency
