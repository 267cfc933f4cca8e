#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace mobilytics::http {

// Undoes Content-Encoding: gzip piece by piece. What comes out is limited, and so is the ratio, since a few
// bytes can stand for gigabytes.
class Inflater {
public:
    explicit Inflater(std::size_t limit);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    // Compressed bytes to work on; they must stay until output() returned an empty piece.
    void input(std::string_view compressed);

    // The next piece, empty when more input is needed. Throws Problem malformed or too_large.
    std::string_view output();

    // Throws Problem malformed unless the compressed text ended properly.
    void finish() const;

private:
    void check_size() const;

    z_stream stream_{};
    std::unique_ptr<unsigned char[]> buffer_;
    std::size_t limit_;
    std::size_t taken_ = 0;
    std::size_t made_ = 0;
    bool ended_ = false;
    bool full_ = false;
    bool begun_ = false;
};

}  // namespace mobilytics::http
