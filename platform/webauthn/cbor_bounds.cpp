#include "platform/webauthn/cbor_bounds.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mobilytics::webauthn {

namespace {

// CTAP2 allows four; libfido2 has no need of more.
constexpr int deepest = 8;
constexpr std::size_t fixed_part = 37, flags_at = 32, aaguid_size = 16;
constexpr std::uint8_t has_credential = 0x40, has_extensions = 0x80;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

struct Head {
    unsigned major = 0;
    std::uint64_t value = 0;
};

// Takes the head of an item off the bytes. Nothing for one that is cut short, without a length, or a tag.
std::optional<Head> take_head(std::string_view& bytes) {
    if (bytes.empty()) return std::nullopt;
    const unsigned first = byte_at(bytes, 0);
    Head head{.major = first >> 5U, .value = first & 31U};
    bytes.remove_prefix(1);
    if (head.major == 6 || head.value > 27) return std::nullopt;
    if (head.value < 24) return head;
    const std::size_t size = std::size_t{1} << (head.value - 24);
    if (bytes.size() < size) return std::nullopt;
    head.value = 0;
    for (std::size_t i = 0; i < size; ++i) head.value = head.value << 8U | byte_at(bytes, i);
    bytes.remove_prefix(size);
    return head;
}

bool take_item(std::string_view& bytes, int depth = 0) {
    const auto head = take_head(bytes);
    if (!head || depth > deepest) return false;
    if (head->major == 2 || head->major == 3) {
        if (head->value > bytes.size()) return false;
        bytes.remove_prefix(head->value);
        return true;
    }
    if (head->major != 4 && head->major != 5) return true;
    if (head->value > bytes.size()) return false;
    const std::uint64_t items = head->major == 4 ? head->value : 2 * head->value;
    for (std::uint64_t i = 0; i < items; ++i)
        if (!take_item(bytes, depth + 1)) return false;
    return true;
}

bool is_bounded_credential(std::string_view data) {
    const auto length_at = fixed_part + aaguid_size;
    if (data.size() < length_at + 2) return false;
    const auto flags = byte_at(data, flags_at);
    const std::size_t id_size = byte_at(data, length_at) * 256U + byte_at(data, length_at + 1);
    if ((flags & has_credential) == 0 || data.size() < length_at + 2 + id_size) return false;
    data.remove_prefix(length_at + 2 + id_size);
    if (!take_item(data)) return false;
    if ((flags & has_extensions) != 0 && !take_item(data)) return false;
    return data.empty();
}

}  // namespace

bool is_bounded_attestation(std::string_view object) {
    const auto whole = object;
    if (!take_item(object) || !object.empty()) return false;
    object = whole;
    const auto map = take_head(object);
    if (map->major != 5) return false;
    for (std::uint64_t i = 0; i < map->value; ++i) {
        take_item(object);
        auto value = object;
        take_item(object);
        const auto head = take_head(value);
        if (head->major == 2 && !is_bounded_credential(value.substr(0, head->value))) return false;
    }
    return true;
}

bool is_bounded_assertion(std::string_view data) {
    if (data.size() < fixed_part) return false;
    const auto flags = byte_at(data, flags_at);
    data.remove_prefix(fixed_part);
    if ((flags & has_credential) != 0) return false;
    if ((flags & has_extensions) != 0 && !take_item(data)) return false;
    return data.empty();
}

}  // namespace mobilytics::webauthn
