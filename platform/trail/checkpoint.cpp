#include "platform/trail/checkpoint.hpp"

#include <charconv>
#include <format>
#include <span>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"

namespace mobilytics::trail {

namespace {

constexpr std::string_view signer = "mobilytics-audit";
constexpr std::string_view origin = "mobilytics.audit/";
constexpr std::string_view signature_mark = "\u2014 ";
constexpr char ed25519 = '\x01';
constexpr std::size_t key_id_length = 4;

std::span<const std::uint8_t> bytes_of(const db::Bytes& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::string_view chars_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string key_id(const crypto::PublicKey& key) {
    std::string hashed{signer};
    hashed += '\n';
    hashed += ed25519;
    hashed += chars_of(key);
    const auto digest = crypto::sha256(hashed);
    return std::string{chars_of(digest).substr(0, key_id_length)};
}

std::string base64(std::string_view text) {
    return crypto::to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string text_of(const Checkpoint& checkpoint) {
    return std::format("{}{}\n{}\n{}\nat {}\nprevious {}\n", origin, ids::to_hex(checkpoint.company),
                       checkpoint.link.sequence, crypto::to_base64(bytes_of(checkpoint.link.hash)),
                       clock::to_rfc3339(checkpoint.at), checkpoint.previous.empty() ? "none" : checkpoint.previous);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

std::optional<std::string_view> after(std::string_view word, std::string_view line) {
    if (!line.starts_with(word)) return std::nullopt;
    return line.substr(word.size());
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Whoever printed a checkpoint printed it like this and in no other way.
std::optional<Checkpoint> checkpoint_in(std::string_view text) {
    const auto lines = lines_of(text);
    if (lines.size() != 5) return std::nullopt;
    const auto company = after(origin, lines[0]);
    const auto sequence = number_in(lines[1]);
    const auto hash = crypto::from_base64(lines[2]);
    const auto at = after("at ", lines[3]);
    const auto previous = after("previous ", lines[4]);
    if (!company || !sequence || !hash || !at || !previous) return std::nullopt;
    const auto id = ids::from_hex(*company);
    const auto instant = clock::from_rfc3339(*at);
    if (!id || !instant) return std::nullopt;
    const auto bytes = std::as_bytes(std::span{*hash});
    Checkpoint checkpoint{.company = *id, .link = {*sequence, {bytes.begin(), bytes.end()}}, .at = *instant};
    if (*previous != "none") checkpoint.previous = *previous;
    if (text_of(checkpoint) != text) return std::nullopt;
    return checkpoint;
}

}  // namespace

std::string signed_note(const Checkpoint& checkpoint, const crypto::SigningKey& key) {
    const auto text = text_of(checkpoint);
    const auto signature = key.sign(text);
    std::string signed_by = key_id(key.public_key());
    signed_by += chars_of(signature);
    return std::format("{}\n{}{} {}\n", text, signature_mark, signer, base64(signed_by));
}

std::expected<Checkpoint, std::string> open_note(std::string_view note, const crypto::PublicKey& key) {
    const auto gap = note.find("\n\n");
    if (gap == std::string_view::npos) return std::unexpected{"is no signed note"};
    const auto text = note.substr(0, gap + 1);
    const auto line = after(std::format("{}{} ", signature_mark, signer), note.substr(gap + 2));
    if (!line || !line->ends_with('\n')) return std::unexpected{"is no signed note"};
    const auto signed_by = crypto::from_base64(line->substr(0, line->size() - 1));
    if (!signed_by || !signed_by->starts_with(key_id(key))) return std::unexpected{"is signed with another key"};
    const auto signature = std::string_view{*signed_by}.substr(key_id_length);
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()};
    if (!crypto::verify(key, text, bytes)) return std::unexpected{"was changed after it was signed"};
    auto checkpoint = checkpoint_in(text);
    if (!checkpoint) return std::unexpected{"holds no checkpoint"};
    return *std::move(checkpoint);
}

std::string name_of(const Checkpoint& checkpoint) {
    return std::format("{}{:012}.note", names_of(checkpoint.company), checkpoint.link.sequence);
}

std::string names_of(ids::Uuid company) { return std::format("audit/{}/", ids::to_hex(company)); }

std::string verifier_key(const crypto::PublicKey& key) {
    std::string typed(1, ed25519);
    typed += chars_of(key);
    const auto id = key_id(key);
    return std::format("{}+{}+{}", signer,
                       crypto::to_hex(std::span{reinterpret_cast<const std::uint8_t*>(id.data()), id.size()}),
                       base64(typed));
}

}  // namespace mobilytics::trail
