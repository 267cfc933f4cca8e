#include "src/auth/guessed_passwords.hpp"

#include <algorithm>
#include <ranges>
#include <string>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t width = 8;

}  // namespace

bool is_guessed_first(std::string_view password) {
    std::string lower{password};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto digest = crypto::sha256(lower);
    const std::string mark = crypto::to_base64url(std::span{digest}.first(width * 3 / 4));
    const auto places = std::views::iota(std::size_t{0}, guessed_list.size() / width);
    const auto place = std::ranges::lower_bound(places, std::string_view{mark}, {},
                                                [](std::size_t i) { return guessed_list.substr(i * width, width); });
    return place != places.end() && guessed_list.substr(*place * width, width) == mark;
}

}  // namespace mobilytics::auth
