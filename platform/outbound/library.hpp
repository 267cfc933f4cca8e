#pragma once

#include <curl/curl.h>

#include <mutex>
#include <string>
#include <vector>

// What all users of libcurl here need of it.
namespace mobilytics::outbound {

inline void start_library() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Lines {
    curl_slist* first = nullptr;

    explicit Lines(const std::vector<std::string>& lines) {
        for (const auto& line : lines) first = curl_slist_append(first, line.c_str());
    }
    ~Lines() { curl_slist_free_all(first); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
};

}  // namespace mobilytics::outbound
