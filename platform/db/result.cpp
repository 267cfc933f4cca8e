#include "platform/db/result.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <format>
#include <stdexcept>

#include "platform/db/result_holder.hpp"

namespace mobilytics::db {

DatabaseError::DatabaseError(std::string sqlstate, std::string message, std::string constraint, std::string detail)
    : sqlstate_{std::move(sqlstate)},
      message_{std::move(message)},
      constraint_{std::move(constraint)},
      detail_{std::move(detail)} {}

namespace row {

void unexpected_null(const Cell& cell) {
    throw std::logic_error{std::format("column '{}' is NULL but its member is not optional", cell.column)};
}

void wrong_width(std::size_t columns, std::size_t members) {
    throw std::logic_error{std::format("{} columns were read into {} members", columns, members)};
}

void not_one_row(std::size_t rows) {
    throw std::logic_error{std::format("a statement that gives one row gave {}", rows)};
}

}  // namespace row

std::size_t Result::rows() const { return static_cast<std::size_t>(PQntuples(holder_->result)); }

std::size_t Result::columns() const { return static_cast<std::size_t>(PQnfields(holder_->result)); }

std::int64_t Result::affected() const {
    std::string_view text = PQcmdTuples(holder_->result);
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

std::string_view Result::command() const { return PQcmdStatus(holder_->result); }

Cell Result::cell(std::size_t row, std::size_t column) const {
    auto* result = holder_->result;
    int r = static_cast<int>(row), c = static_cast<int>(column);
    Cell cell{std::nullopt, PQftype(result, c), PQfname(result, c)};
    if (!PQgetisnull(result, r, c))
        cell.bytes = std::string_view{PQgetvalue(result, r, c), static_cast<std::size_t>(PQgetlength(result, r, c))};
    return cell;
}

CopyTuple::CopyTuple(std::string_view bytes) {
    auto count = wire::get<std::int16_t>(bytes);
    std::size_t at = 2;
    cells_.resize(static_cast<std::size_t>(count));
    for (Cell& cell : cells_) {
        auto length = wire::get<std::int32_t>(bytes, at);
        at += 4;
        if (length < 0) continue;
        cell.bytes = bytes.substr(at, static_cast<std::size_t>(length));
        at += static_cast<std::size_t>(length);
    }
}

}  // namespace mobilytics::db
