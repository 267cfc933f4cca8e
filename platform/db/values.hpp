#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/db/wire.hpp"

// Parameters of a statement and tuples for COPY, in PostgreSQL's binary form (wire.hpp has the types). The
// OID is chosen by the C++ type (std::int64_t is always int8), so that a parameter can never be bound
// narrower than its column and lose an index.
namespace mobilytics::db {

namespace wire {

// String literals are text.
template <class T>
using bound_type = std::conditional_t<std::is_array_v<T> || std::is_pointer_v<T>, std::string_view, T>;

}  // namespace wire

class Parameters {
public:
    template <class T>
    void add(const T& value) {
        using Bound = wire::bound_type<T>;
        oids_.push_back(Wire<Bound>::oid);
        std::size_t start = bytes_.size();
        if constexpr (is_optional<T>::value) {
            if (!value) return slices_.push_back({start, -1});
            Wire<typename T::value_type>::write(bytes_, *value);
        } else {
            Wire<Bound>::write(bytes_, value);
        }
        slices_.push_back({start, static_cast<std::ptrdiff_t>(bytes_.size() - start)});
    }

    std::size_t size() const { return oids_.size(); }
    std::span<const std::uint32_t> oids() const { return oids_; }

    std::optional<std::span<const char>> value(std::size_t index) const {
        auto [start, length] = slices_[index];
        if (length < 0) return std::nullopt;
        return std::span{bytes_.data() + start, static_cast<std::size_t>(length)};
    }

private:
    std::vector<std::uint32_t> oids_;
    std::vector<std::pair<std::size_t, std::ptrdiff_t>> slices_;  // offset and length, -1 for NULL
    std::string bytes_;
};

// Tuples for COPY ... FROM STDIN (FORMAT binary), in the order of the statement's column list. The stream's
// header and trailer are added when they are sent, so batches can be appended to each other.
class CopyRows {
public:
    template <class... T>
    void add(const T&... columns) {
        wire::put(bytes_, static_cast<std::int16_t>(sizeof...(T)));
        (add_column(columns), ...);
        ++rows_;
    }

    std::size_t rows() const { return rows_; }
    std::string_view bytes() const { return bytes_; }

    void append(const CopyRows& other) {
        bytes_ += other.bytes_;
        rows_ += other.rows_;
    }

    void clear() {
        bytes_.clear();
        rows_ = 0;
    }

private:
    template <class T>
    void add_column(const T& value) {
        if constexpr (is_optional<T>::value) {
            if (!value) return wire::put<std::int32_t>(bytes_, -1);
            wire::put_sized(bytes_, [&] { Wire<typename T::value_type>::write(bytes_, *value); });
        } else {
            wire::put_sized(bytes_, [&] { Wire<wire::bound_type<T>>::write(bytes_, value); });
        }
    }

    std::string bytes_;
    std::size_t rows_ = 0;
};

}  // namespace mobilytics::db
