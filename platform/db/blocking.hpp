#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace mobilytics::db {

// A plain, blocking connection with text values, for setting databases up: never for requests. Every refusal
// throws DatabaseError, a lost or impossible connection std::runtime_error.
class Blocking {
public:
    explicit Blocking(const std::string& conninfo);

    using Row = std::vector<std::optional<std::string>>;

    // One statement with text parameters.
    std::vector<Row> run(const std::string& statement, const std::vector<std::string>& parameters = {});
    // The only value of the only row, if there is one.
    std::optional<std::string> value(const std::string& statement, const std::vector<std::string>& parameters = {});

    // Several statements in one text.
    void script(const std::string& text);

    static std::string quoted_name(std::string_view name);

private:
    struct Close {
        void operator()(pg_conn* connection) const noexcept;
    };
    std::vector<Row> rows_of(pg_result* result);
    std::unique_ptr<pg_conn, Close> pg_;
};

}  // namespace mobilytics::db
