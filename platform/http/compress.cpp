#include "platform/http/compress.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <cstdint>
#include <new>
#include <stdexcept>

namespace mobilytics::http {

namespace {

constexpr int gzip_level = 1;
constexpr int gzip_window = 15 + 16;
constexpr int brotli_quality = 1;
constexpr int brotli_window = 18;

std::string gzipped(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<unsigned>(text.size());
    stream.next_out = reinterpret_cast<unsigned char*>(out.data());
    stream.avail_out = static_cast<unsigned>(out.size());
    int status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) throw std::runtime_error("gzip did not end");
    return out;
}

std::string brotlied(std::string_view text) {
    std::string out(BrotliEncoderMaxCompressedSize(text.size()), '\0');
    std::size_t length = out.size();
    auto done = BrotliEncoderCompress(brotli_quality, brotli_window, BROTLI_MODE_TEXT, text.size(),
                                      reinterpret_cast<const std::uint8_t*>(text.data()), &length,
                                      reinterpret_cast<std::uint8_t*>(out.data()));
    if (done != BROTLI_TRUE) throw std::runtime_error("brotli did not end");
    out.resize(length);
    return out;
}

}  // namespace

std::string compressed(std::string_view text, Encoding encoding) {
    switch (encoding) {
        case Encoding::gzip:
            return gzipped(text);
        case Encoding::brotli:
            return brotlied(text);
        case Encoding::plain:
            break;
    }
    return std::string{text};
}

bool is_compressible(std::string_view content_type) {
    return content_type.starts_with("application/json") || content_type.starts_with("text/") ||
           content_type.starts_with("application/problem+json") || content_type.starts_with("application/geo+json") ||
           content_type.starts_with("application/javascript") || content_type.starts_with("image/svg+xml") ||
           content_type.starts_with("application/vnd.mapbox-vector-tile");
}

}  // namespace mobilytics::http
