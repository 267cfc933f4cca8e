#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "platform/crypto/signature.hpp"
#include "platform/trail/chain.hpp"

// What a company's chain was at an instant, signed, to be kept where the database's masters cannot change it: a note in
// the form of transparency logs (C2SP signed-note), so that others' tools can check it too. Pure.
namespace mobilytics::trail {

struct Checkpoint {
    ids::Uuid company;
    Link link;  // the last event then
    clock::Instant at;
    std::string previous{};  // SHA-256 of the whole note before, in hex; empty for the first

    bool operator==(const Checkpoint&) const = default;
};

std::string signed_note(const Checkpoint& checkpoint, const crypto::SigningKey& key);

// The error is a sentence: of another form, or not signed by this key.
std::expected<Checkpoint, std::string> open_note(std::string_view note, const crypto::PublicKey& key);

// "audit/<company>/000000004711.note"; ascending names are ascending events.
std::string name_of(const Checkpoint& checkpoint);
std::string names_of(ids::Uuid company);  // what they begin with

// The key as verifiers of signed notes take it: "mobilytics-audit+<key id>+<base64>".
std::string verifier_key(const crypto::PublicKey& key);

}  // namespace mobilytics::trail
