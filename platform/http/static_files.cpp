#include "platform/http/static_files.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/gzip/gzip.hpp"
#include "platform/http/media_type.hpp"
#include "platform/http/query_reader.hpp"

namespace mobilytics::http {

namespace {

using Text = std::shared_ptr<const std::string>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 19> types = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".pbf", "application/x-protobuf"},
    {".mvt", "application/vnd.mapbox-vector-tile"},
}};

std::string type_of(const std::filesystem::path& file) {
    auto extension = file.extension().string();
    for (const auto& [known, type] : types)
        if (known == extension) return std::string{type};
    return "application/octet-stream";
}

Text read(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    return std::make_shared<const std::string>(std::move(text).str());
}

// Nearly all browsers take a compressed form, and the plain ones would be most of an idle server's memory: one is not
// kept where the gzip form gives it back.
bool gives_back(const Text& packed, const std::string& plain) {
    try {
        return packed && gzip::decompress(*packed, plain.size()) == plain;
    } catch (const gzip::Corrupt&) {
        return false;
    }
}

Text read_if_there(std::filesystem::path file) { return std::filesystem::is_regular_file(file) ? read(file) : nullptr; }

std::string tag_of(const std::string& text) {
    auto digest = crypto::sha256(text);
    return crypto::to_base64url(std::span{digest}.first(12));
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder, std::vector<std::string> reserved)
    : reserved_{std::move(reserved)} {
    namespace fs = std::filesystem;
    if (!fs::is_directory(folder)) throw std::runtime_error("there are no web pages in " + folder.string());
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        auto extension = entry.path().extension();
        if (!entry.is_regular_file() || entry.is_symlink() || extension == ".br" || extension == ".gz") continue;
        auto path = "/" + fs::relative(entry.path(), folder).generic_string();
        if (path.find("/.") != std::string::npos) continue;
        File file;
        file.content_type = type_of(entry.path());
        file.gzip = read_if_there(entry.path().string() + ".gz");
        file.brotli = read_if_there(entry.path().string() + ".br");
        const Text plain = read(entry.path());
        file.etag = tag_of(*plain);
        file.plain_bytes = plain->size();
        if (!gives_back(file.gzip, *plain)) file.plain = plain;
        file.immutable = path.starts_with("/assets/");
        files_.emplace(std::move(path), std::move(file));
    }
    if (!file_at("/index.html")) throw std::runtime_error("there is no index.html in " + folder.string());
}

const StaticFiles::File* StaticFiles::file_at(std::string_view path) const {
    auto found = files_.find(std::string{path});
    return found == files_.end() ? nullptr : &found->second;
}

bool StaticFiles::is_reserved(std::string_view path) const {
    for (const auto& prefix : reserved_)
        if (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/')) return true;
    return false;
}

std::optional<Response> StaticFiles::find(const Request& request) const {
    auto path = percent_decoded(request.path, false);
    if (!path) return std::nullopt;
    if (const File* file = file_at(*path)) return respond(*file, request);
    // A route of the web application has no file extension and no dot segments.
    auto last = path->substr(path->rfind('/') + 1);
    if (is_reserved(*path) || last.find('.') != std::string::npos || path->find("/.") != std::string::npos ||
        path->find("//") != std::string::npos)
        return std::nullopt;
    return respond(*file_at("/index.html"), request);
}

Response StaticFiles::respond(const File& file, const Request& request) const {
    Response response;
    response.content_type = file.content_type;
    response.etag = file.etag;
    response.cache_control = file.immutable ? "public, max-age=31536000, immutable" : "no-cache";
    response.may_compress = false;
    response.varies_by_encoding = file.gzip || file.brotli;
    auto encoding =
        chosen_encoding(request.header("Accept-Encoding").value_or(""), file.gzip != nullptr, file.brotli != nullptr);
    switch (encoding) {
        case Encoding::plain:
            response.body = file.plain
                                ? file.plain
                                : std::make_shared<const std::string>(gzip::decompress(*file.gzip, file.plain_bytes));
            break;
        case Encoding::gzip:
            response.body = file.gzip;
            response.content_encoding = "gzip";
            break;
        case Encoding::brotli:
            response.body = file.brotli;
            response.content_encoding = "br";
            break;
    }
    return response;
}

}  // namespace mobilytics::http
