#include "platform/http/inflater.hpp"

#include <new>
#include <string>

#include "platform/problem/problem.hpp"

namespace mobilytics::http {

namespace {

constexpr std::size_t piece_bytes = 16 * 1024;
constexpr int gzip_only = 15 + 16;

// zlib reaches 1030 to 1; repetitive sensor batches reach 30 to 1.
constexpr std::size_t most_ratio = 250;
constexpr std::size_t ratio_counts_from = 256 * 1024;

[[noreturn]] void refuse_bytes() {
    throw Problem{Kind::malformed, "http.malformed_gzip", "The body is not gzip, or it is cut off."};
}

}  // namespace

Inflater::Inflater(std::size_t limit) : buffer_{std::make_unique<unsigned char[]>(piece_bytes)}, limit_{limit} {
    if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() { inflateEnd(&stream_); }

void Inflater::input(std::string_view compressed) {
    stream_.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<unsigned>(compressed.size());
    taken_ += compressed.size();
    begun_ = begun_ || !compressed.empty();
}

std::string_view Inflater::output() {
    while (stream_.avail_in > 0 || full_) {
        // RFC 1952: a file may be several members in a row.
        if (ended_ && inflateReset(&stream_) != Z_OK) refuse_bytes();
        ended_ = false;
        stream_.next_out = buffer_.get();
        stream_.avail_out = piece_bytes;
        int status = inflate(&stream_, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) refuse_bytes();
        ended_ = status == Z_STREAM_END;
        full_ = stream_.avail_out == 0 && !ended_;
        std::size_t length = piece_bytes - stream_.avail_out;
        made_ += length;
        check_size();
        if (length > 0) return {reinterpret_cast<const char*>(buffer_.get()), length};
        if (status == Z_BUF_ERROR) break;
    }
    return {};
}

void Inflater::check_size() const {
    if (made_ > limit_)
        throw Problem{Kind::too_large, "http.too_large",
                      "The body is larger than " + std::to_string(limit_) + " bytes when unpacked."};
    if (made_ > ratio_counts_from && made_ / most_ratio > taken_)
        throw Problem{Kind::too_large, "http.too_large", "The body unpacks to far more than its size."};
}

void Inflater::finish() const {
    if (!ended_ || !begun_) refuse_bytes();
}

}  // namespace mobilytics::http
