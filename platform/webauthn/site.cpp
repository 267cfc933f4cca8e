#include "platform/webauthn/site.hpp"

#include <algorithm>

namespace mobilytics::webauthn {

namespace {

std::string lower(std::string_view text) {
    std::string word{text};
    std::ranges::transform(word, word.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return word;
}

}  // namespace

Site site_of(std::string_view url) {
    const auto scheme_end = url.find("://");
    const std::string scheme = scheme_end == std::string_view::npos ? "https" : lower(url.substr(0, scheme_end));
    if (scheme_end != std::string_view::npos) url.remove_prefix(scheme_end + 3);
    std::string host = lower(url.substr(0, url.find_first_of("/?#")));
    const auto usual_port = scheme == "https" ? ":443" : ":80";
    if (host.ends_with(usual_port)) host.resize(host.rfind(':'));
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string::npos && !host.ends_with(']');
    return {.origin = scheme + "://" + host, .id = has_port ? host.substr(0, colon) : host};
}

}  // namespace mobilytics::webauthn
