#pragma once

#include <string_view>

// Whether lengths in CBOR fit into what came. libfido2's reader (libcbor) first makes and fills as much memory as an
// array claims to need: six bytes would take gigabytes. Nothing is read here; CTAP2's canonical form is asked for.
namespace mobilytics::webauthn {

// An attestation object: a map, one of whose values are authenticator data with a credential.
bool is_bounded_attestation(std::string_view object);

// Authenticator data of an assertion, with extensions or without.
bool is_bounded_assertion(std::string_view authenticator_data);

}  // namespace mobilytics::webauthn
