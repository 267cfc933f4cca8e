#include "platform/http/inbox.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace mobilytics::http {

namespace {

constexpr std::size_t first_capacity = 4 * 1024;
constexpr std::size_t most_capacity = 64 * 1024;

}  // namespace

void Inbox::begin_request(std::size_t max_header_bytes, std::size_t max_target_bytes) {
    head_.clear();
    parser_.emplace(head_, max_header_bytes, max_target_bytes);
}

boost::system::error_code Inbox::step() {
    boost::system::error_code error;
    parser_->piece = {};
    begin_ += parser_->put(boost::asio::const_buffer{bytes_.get() + begin_, end_ - begin_}, error);
    return error;
}

Task<bool> Inbox::fill() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == capacity_ && begin_ > 0) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == capacity_) {
        if (capacity_ >= most_capacity) co_return false;
        auto wider = capacity_ == 0 ? first_capacity : capacity_ * 2;
        auto bytes = std::make_unique_for_overwrite<char[]>(wider);
        if (end_ > 0) std::memcpy(bytes.get(), bytes_.get(), end_);
        bytes_ = std::move(bytes);
        capacity_ = wider;
    }
    auto length = co_await wire_.read_some(bytes_.get() + end_, capacity_ - end_);
    end_ += length;
    co_return length > 0;
}

bool Inbox::is_full() const { return begin_ == 0 && end_ == most_capacity; }

Task<std::size_t> Inbox::fill_body(char* into, std::size_t size) {
    auto length = co_await wire_.read_some(into, size);
    if (length > 0) {
        boost::system::error_code error;
        parser_->put(boost::asio::const_buffer{into, length}, error);
    }
    co_return length;
}

Task<bool> Inbox::fill_and_drop() {
    begin_ = end_ = 0;
    co_return co_await fill();
}

void Inbox::shrink() {
    if (capacity_ <= first_capacity * 2 || has_bytes()) return;
    bytes_.reset();
    capacity_ = begin_ = end_ = 0;
}

}  // namespace mobilytics::http
