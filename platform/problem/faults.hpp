#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/problem/problem.hpp"

namespace mobilytics {

// Collects what is wrong with the values of a request, so that one refusal names all of it.
class Faults {
public:
    void add(std::string pointer, std::string detail) { found_.push_back({std::move(pointer), std::move(detail)}); }

    // A line of text for people: 1 to `most` characters, not only spaces, no control characters (PostgreSQL stores
    // no NUL, and the others break lists and exports).
    void check_line(std::string pointer, std::string_view text, std::size_t most) {
        if (text.find_first_not_of(' ') == std::string_view::npos)
            add(std::move(pointer), "must not be empty");
        else
            check_optional_line(std::move(pointer), text, most);
    }

    // The same where nothing is fine too.
    void check_optional_line(std::string pointer, std::string_view text, std::size_t most) {
        std::size_t characters = 0;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20 || byte == 0x7F) return add(std::move(pointer), "must not have control characters");
            if ((byte & 0xC0U) != 0x80U) ++characters;  // UTF-8: every byte but a continuation begins a character
        }
        if (characters > most) add(std::move(pointer), "must have at most " + std::to_string(most) + " characters");
    }

    bool none() const { return found_.empty(); }
    const std::vector<FieldError>& all() const { return found_; }

    // Throws Problem invalid when anything was found.
    void refuse(std::string code, std::string detail) const {
        if (!found_.empty()) throw Problem{Kind::invalid, std::move(code), std::move(detail), found_};
    }

private:
    std::vector<FieldError> found_;
};

}  // namespace mobilytics
