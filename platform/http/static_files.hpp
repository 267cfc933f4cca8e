#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

namespace mobilytics::http {

// The built web pages, read into memory once. A path is looked up among the files found at start, so no
// spelling of it can reach anything else on the disk. `name.br` and `name.gz` beside a file are its
// compressed forms.
class StaticFiles {
public:
    // Paths below `reserved` ("/v1", "/tiles", "/assets") are never answered with index.html; other unknown
    // paths are the web application's own routes. Files below /assets carry a hash in their name and never
    // change.
    StaticFiles(const std::filesystem::path& folder, std::vector<std::string> reserved);

    // Null when this path is not the web application's: the caller answers 404.
    std::optional<Response> find(const Request& request) const;

private:
    struct File {
        std::string content_type;
        std::string etag;
        bool immutable = false;
        std::size_t plain_bytes = 0;
        std::shared_ptr<const std::string> plain, gzip, brotli;  // no plain one where gzip's is unpacked instead
    };

    const File* file_at(std::string_view path) const;
    bool is_reserved(std::string_view path) const;
    Response respond(const File& file, const Request& request) const;

    std::unordered_map<std::string, File> files_;
    std::vector<std::string> reserved_;
};

}  // namespace mobilytics::http
