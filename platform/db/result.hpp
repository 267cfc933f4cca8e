#pragma once

#include <boost/pfr/core.hpp>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/db/wire.hpp"

namespace mobilytics::db {

// What PostgreSQL refused. Rooms branch on sqlstate and constraint ("23P01", "one_asset_per_device");
// whatever they do not catch becomes 500 at the HTTP edge (retryable() and 57014/53300: 503). A lost
// connection is not one of these but Problem unavailable "database.unavailable".
class DatabaseError : public std::exception {
public:
    DatabaseError(std::string sqlstate, std::string message, std::string constraint, std::string detail);
    const std::string& sqlstate() const { return sqlstate_; }
    const std::string& constraint() const { return constraint_; }
    const std::string& detail() const { return detail_; }
    const char* what() const noexcept override { return message_.c_str(); }

    // Serialization failure or deadlock: the same transaction may succeed when run again from its start.
    bool retryable() const { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }

private:
    std::string sqlstate_, message_, constraint_, detail_;
};

// One column of one row as it came over the wire; no bytes means NULL. The type is 0 inside COPY.
struct Cell {
    std::optional<std::string_view> bytes;
    std::uint32_t type = oid::untyped;
    std::string_view column;
};

namespace row {

[[noreturn]] void unexpected_null(const Cell& cell);
[[noreturn]] void wrong_width(std::size_t columns, std::size_t members);
[[noreturn]] void not_one_row(std::size_t rows);

template <class T>
T read(const Cell& cell) {
    if constexpr (is_optional<T>::value) {
        if (!cell.bytes) return std::nullopt;
        return Wire<typename T::value_type>::read(*cell.bytes, cell.type);
    } else {
        if (!cell.bytes) unexpected_null(cell);
        return Wire<T>::read(*cell.bytes, cell.type);
    }
}

template <class Row>
constexpr std::size_t width() {
    if constexpr (OnWire<Row>)
        return 1;
    else
        return boost::pfr::tuple_size_v<Row>;
}

// `cell_at(column)` gives the cells of the row; members are filled in their order.
template <class Row, class CellAt>
Row make(CellAt cell_at) {
    if constexpr (OnWire<Row>) {
        return read<Row>(cell_at(0));
    } else {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return Row{read<boost::pfr::tuple_element_t<I, Row>>(cell_at(I))...};
        }(std::make_index_sequence<boost::pfr::tuple_size_v<Row>>{});
    }
}

}  // namespace row

// Rows in binary form. A Row type is an aggregate whose members are read column by column in order
// (Boost.PFR), or one scalar. NULL into a member that is not std::optional throws, as does a column of
// another type.
class Result {
public:
    std::size_t rows() const;
    std::int64_t affected() const;

    template <class Row>
    std::vector<Row> all() const {
        std::vector<Row> found;
        std::size_t count = rows();
        found.reserve(count);
        for (std::size_t i = 0; i < count; ++i) found.push_back(at<Row>(i));
        return found;
    }

    template <class Row>
    std::optional<Row> first() const {
        if (rows() == 0) return std::nullopt;
        return at<Row>(0);
    }

    // Exactly one row, else std::logic_error.
    template <class Row>
    Row only() const {
        if (rows() != 1) row::not_one_row(rows());
        return at<Row>(0);
    }

    template <class Row>
    Row at(std::size_t index) const {
        if (columns() != row::width<Row>()) row::wrong_width(columns(), row::width<Row>());
        return row::make<Row>([&](std::size_t column) { return cell(index, column); });
    }

    std::size_t columns() const;
    Cell cell(std::size_t row, std::size_t column) const;
    std::string_view command() const;  // "COMMIT", "INSERT 0 3"

private:
    struct Holder;
    std::shared_ptr<const Holder> holder_;
    friend class Connection;
};

// One tuple of COPY ... TO STDOUT (FORMAT binary). Its columns carry no type, so Row must match exactly.
class CopyTuple {
public:
    explicit CopyTuple(std::string_view bytes);

    template <class Row>
    Row as() const {
        if (cells_.size() != row::width<Row>()) row::wrong_width(cells_.size(), row::width<Row>());
        return row::make<Row>([&](std::size_t column) { return cells_[column]; });
    }

private:
    std::vector<Cell> cells_;
};

}  // namespace mobilytics::db
