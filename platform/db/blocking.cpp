#include "platform/db/blocking.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <format>
#include <stdexcept>

#include "platform/db/result.hpp"

namespace mobilytics::db {

namespace {

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};

void drop_notice(void*, const PGresult*) {}

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text ? text : "";
}

}  // namespace

void Blocking::Close::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Blocking::Blocking(const std::string& conninfo) : pg_{PQconnectdb(conninfo.c_str())} {
    if (PQstatus(pg_.get()) != CONNECTION_OK) throw std::runtime_error{PQerrorMessage(pg_.get())};
    PQsetNoticeReceiver(pg_.get(), drop_notice, nullptr);
}

std::vector<Blocking::Row> Blocking::run(const std::string& statement, const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    for (const auto& parameter : parameters) values.push_back(parameter.c_str());
    return rows_of(PQexecParams(pg_.get(), statement.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                                nullptr, nullptr, 0));
}

std::optional<std::string> Blocking::value(const std::string& statement, const std::vector<std::string>& parameters) {
    auto rows = run(statement, parameters);
    if (rows.empty() || rows.front().empty()) return std::nullopt;
    return rows.front().front();
}

void Blocking::script(const std::string& text) { rows_of(PQexec(pg_.get(), text.c_str())); }

std::string Blocking::quoted_name(std::string_view name) {
    std::string quoted = "\"";
    for (char c : name) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + '"';
}

std::vector<Blocking::Row> Blocking::rows_of(pg_result* taken) {
    std::unique_ptr<PGresult, Clear> result{taken};
    auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        std::string sqlstate = field(result.get(), PG_DIAG_SQLSTATE);
        if (sqlstate.empty()) throw std::runtime_error{PQerrorMessage(pg_.get())};
        throw DatabaseError{sqlstate, field(result.get(), PG_DIAG_MESSAGE_PRIMARY) + " (" + sqlstate + ")",
                            field(result.get(), PG_DIAG_CONSTRAINT_NAME), field(result.get(), PG_DIAG_MESSAGE_DETAIL)};
    }
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (int r = 0; r < PQntuples(result.get()); ++r)
        for (int c = 0; c < PQnfields(result.get()); ++c) {
            auto& row = rows[static_cast<std::size_t>(r)];
            row.push_back(PQgetisnull(result.get(), r, c) ? std::nullopt
                                                          : std::optional<std::string>{PQgetvalue(result.get(), r, c)});
        }
    return rows;
}

}  // namespace mobilytics::db
