#include "platform/gzip/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace mobilytics::gzip {

namespace {

constexpr int gzip_window = 15 + 16;  // the largest window, with gzip's header instead of zlib's
constexpr int memory_level = 8;
constexpr std::size_t piece_size = 64 * 1024;

// zlib never writes through next_in; its type is older than const.
Bytef* input_of(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

std::string compress(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc{};
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ended{&stream, deflateEnd};
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = input_of(text);
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::logic_error{"deflateBound was too small"};
    out.resize(stream.total_out);
    return out;
}

std::string decompress(std::string_view compressed, std::size_t limit) {
    z_stream stream{};
    if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc{};
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ended{&stream, inflateEnd};
    stream.next_in = input_of(compressed);
    stream.avail_in = static_cast<uInt>(compressed.size());
    std::string out;
    while (true) {
        const std::size_t before = out.size();
        out.resize(before + std::min(piece_size, limit + 1 - before));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream.avail_out = static_cast<uInt>(out.size() - before);
        const int outcome = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
        if (out.size() > limit) throw Corrupt{"gzip text is larger than allowed"};
        if (outcome == Z_STREAM_END) return out;
        if (outcome != Z_OK) throw Corrupt{"gzip text cannot be read"};
    }
}

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

}  // namespace mobilytics::gzip
