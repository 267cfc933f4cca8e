#include <libpq-fe.h>

#include <chrono>
#include <cstring>
#include <format>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// The limit of ingest: COPY BINARY of rows that the product stored, on one connection, with nothing around it.
//
//   raw_copy OWNER_CONNINFO INGEST_CONNINFO ROWS
//
// Reads up to ROWS rows of each raw stream, then takes lines from standard input: "N" sends all of them, N a
// transaction, and answers with a line of JSON; the end of input ends it.
namespace {

using Clock = std::chrono::steady_clock;

struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Result = std::unique_ptr<PGresult, Finish>;

struct Stream {
    const char* name;
    const char* columns;
    std::vector<std::string> tuples = {};
};

void require(bool good, PGconn* connection, std::string_view what) {
    if (!good) throw std::runtime_error{std::format("{}: {}", what, PQerrorMessage(connection))};
}

Connection connect(const char* conninfo) {
    Connection connection{PQconnectdb(conninfo)};
    require(PQstatus(connection.get()) == CONNECTION_OK, connection.get(), "connect");
    return connection;
}

void run(PGconn* connection, const std::string& statement, ExecStatusType wanted) {
    Result result{PQexec(connection, statement.c_str())};
    require(PQresultStatus(result.get()) == wanted, connection, statement);
}

constexpr std::string_view header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::string_view trailer{"\377\377", 2};

void read(PGconn* owner, Stream& stream, std::size_t most) {
    run(owner,
        std::format("copy (select {} from measurements.{} limit {}) to stdout (format binary)", stream.columns,
                    stream.name, most),
        PGRES_COPY_OUT);
    char* bytes = nullptr;
    for (int length = 0; (length = PQgetCopyData(owner, &bytes, 0)) > 0; PQfreemem(bytes)) {
        std::string_view tuple{bytes, static_cast<std::size_t>(length)};
        if (tuple.starts_with(header)) tuple.remove_prefix(header.size());
        if (!tuple.empty() && tuple != trailer) stream.tuples.emplace_back(tuple);
    }
    Result end{PQgetResult(owner)};
    require(PQresultStatus(end.get()) == PGRES_COMMAND_OK, owner, "copy to stdout");
    while (Result more{PQgetResult(owner)}) {
    }
}

void copy(PGconn* ingest, const Stream& stream, std::string_view tuples) {
    run(ingest, std::format("copy measurements.{} ({}) from stdin (format binary)", stream.name, stream.columns),
        PGRES_COPY_IN);
    for (const auto part : {header, tuples, trailer})
        require(PQputCopyData(ingest, part.data(), static_cast<int>(part.size())) == 1, ingest, "copy");
    require(PQputCopyEnd(ingest, nullptr) == 1, ingest, "copy");
    Result end{PQgetResult(ingest)};
    require(PQresultStatus(end.get()) == PGRES_COMMAND_OK, ingest, "copy");
    while (Result more{PQgetResult(ingest)}) {
    }
}

// Transactions of `rows` rows in which the streams are mixed as they are altogether.
std::vector<std::vector<std::string>> transactions(const std::vector<Stream>& streams, std::size_t rows) {
    std::size_t all = 0;
    for (const auto& stream : streams) all += stream.tuples.size();
    const std::size_t count = std::max<std::size_t>(all / rows, 1);
    std::vector<std::vector<std::string>> made(count, std::vector<std::string>(streams.size()));
    for (std::size_t s = 0; s < streams.size(); ++s)
        for (std::size_t i = 0; i < streams[s].tuples.size(); ++i)
            made[i * count / streams[s].tuples.size()][s] += streams[s].tuples[i];
    return made;
}

void measure(PGconn* ingest, const std::vector<Stream>& streams, std::size_t rows) {
    const auto work = transactions(streams, rows);
    std::size_t all = 0;
    for (const auto& stream : streams) all += stream.tuples.size();
    const auto start = Clock::now();
    for (const auto& parts : work) {
        run(ingest, "begin", PGRES_COMMAND_OK);
        for (std::size_t s = 0; s < streams.size(); ++s)
            if (!parts[s].empty()) copy(ingest, streams[s], parts[s]);
        run(ingest, "commit", PGRES_COMMAND_OK);
    }
    const std::chrono::duration<double> took = Clock::now() - start;
    std::cout << std::format(R"({{"rows":{},"transactions":{},"seconds":{:.6f}}})", all, work.size(), took.count())
              << std::endl;
}

}  // namespace

int main(int count, char** words) {
    try {
        if (count != 4) throw std::runtime_error{"usage: raw_copy OWNER_CONNINFO INGEST_CONNINFO ROWS"};
        std::vector<Stream> streams{
            {"sightings", "company_id, device_id, at, visitor, rssi_dbm, randomized"},
            {"positions", "company_id, device_id, at, lat, lon, speed_mps, heading_deg, accuracy_m"},
            {"heartbeats", "company_id, device_id, at, firmware, battery, temperature, queue_depth"}};
        {
            const auto owner = connect(words[1]);
            for (auto& stream : streams) read(owner.get(), stream, std::stoul(words[3]));
        }
        const auto ingest = connect(words[2]);
        std::cout << "ready" << std::endl;
        for (std::string line; std::getline(std::cin, line);) measure(ingest.get(), streams, std::stoul(line));
    } catch (const std::exception& failure) {
        std::cerr << "raw_copy: " << failure.what() << '\n';
        return 1;
    }
}
