#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "platform/http/parameters.hpp"
#include "platform/http/response.hpp"

namespace mobilytics::http {

// How many rows to ask the store for: one more than the page holds says that there is a next page.
inline int rows_wanted(const Paging& paging) { return paging.limit + 1; }

// The page of up to rows_wanted() rows: `print` makes an item of a row, `cursor_of` the cursor that goes on after it.
template <class Row, class Print, class CursorOf>
auto page_of(const Paging& paging, std::vector<Row> rows, Print print, CursorOf cursor_of) {
    using Item = decltype(print(std::move(rows.front())));
    Page<Item> page;
    const auto limit = static_cast<std::size_t>(paging.limit);
    if (rows.size() > limit) {
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
        page.next_cursor = cursor_of(std::as_const(rows.back()));
    }
    page.items.reserve(rows.size());
    for (Row& row : rows) page.items.push_back(print(std::move(row)));
    return page;
}

}  // namespace mobilytics::http
