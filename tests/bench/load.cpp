#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <format>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Sends requests over keep-alive connections and prints what came back as one line of JSON.
//
//   load port=8080 file=requests.tsv connections=16 seconds=5|requests=1000 [rate=200] [first=0] [header="Name: value"]
//
// Each line of the file is METHOD <tab> TARGET <tab> BEARER (may be empty) <tab> BODY (may be empty); the lines are
// sent in turn, over and over. Sixteen percent signs in a body become the running number, from `first` on: ids of
// batches. Without a rate a connection sends again as soon as it was answered (closed loop). With one, request i is due
// at i/rate and its latency counts from then, so that a slow answer is not hidden by what was therefore not sent (open
// loop).
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::string_view placeholder = "%%%%%%%%%%%%%%%%";

struct Request {
    std::string before;  // head and body up to the number
    std::string after;
    bool numbered = false;
};

struct Wanted {
    std::uint16_t port = 0;
    std::string file;
    std::string headers;
    int connections = 1;
    double seconds = 0;
    std::uint64_t requests = 0;
    double rate = 0;
    std::uint64_t first = 0;
};

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error{why}; }

Request read_line(const std::string& line, const Wanted& wanted) {
    std::vector<std::string_view> parts;
    std::string_view rest{line};
    for (int part = 0; part < 3; ++part) {
        const auto tab = rest.find('\t');
        if (tab == std::string_view::npos) refuse("a line of the requests' file has no four parts");
        parts.push_back(rest.substr(0, tab));
        rest.remove_prefix(tab + 1);
    }
    auto head = std::format("{} {} HTTP/1.1\r\nHost: localhost:{}\r\n", parts[0], parts[1], wanted.port);
    head += wanted.headers;
    if (!parts[2].empty()) head += std::format("Authorization: Bearer {}\r\n", parts[2]);
    if (!rest.empty()) head += std::format("Content-Type: application/json\r\nContent-Length: {}\r\n", rest.size());
    head += "\r\n";
    const auto at = rest.find(placeholder);
    if (at == std::string_view::npos) return {head + std::string{rest}, "", false};
    return {head + std::string{rest.substr(0, at)}, std::string{rest.substr(at + placeholder.size())}, true};
}

// What is sent next, and what came of it.
class Run {
public:
    Run(Wanted wanted, std::vector<Request> requests) : wanted_{std::move(wanted)}, requests_{std::move(requests)} {
        latencies_us.reserve(1U << 20U);
        start = Clock::now();
    }

    struct Turn {
        const Request* request;
        std::string number;
        std::optional<Clock::time_point> due;
    };

    std::optional<Turn> next() {
        if (wanted_.requests != 0 && sent_ == wanted_.requests) return std::nullopt;
        Turn turn{&requests_[sent_ % requests_.size()], std::format("{:016}", wanted_.first + sent_), std::nullopt};
        const auto end = start + std::chrono::duration<double>{wanted_.seconds};
        if (wanted_.rate > 0) {
            const std::chrono::duration<double> after{static_cast<double>(sent_) / wanted_.rate};
            turn.due = start + std::chrono::duration_cast<Clock::duration>(after);
        }
        if (wanted_.seconds > 0 && turn.due.value_or(Clock::now()) >= end) return std::nullopt;
        ++sent_;
        return turn;
    }

    void answered(int status, std::size_t bytes, Clock::duration took) {
        ++statuses[status];
        bytes_in += bytes;
        last_answer = Clock::now();
        latencies_us.push_back(std::chrono::duration<double, std::micro>{took}.count());
    }

    std::string report() {
        std::ranges::sort(latencies_us);
        const auto at = [&](double share) {
            if (latencies_us.empty()) return 0.0;
            return latencies_us[static_cast<std::size_t>(share * static_cast<double>(latencies_us.size() - 1))];
        };
        std::string by_status;
        for (const auto& [status, count] : statuses)
            by_status += std::format("{}\"{}\":{}", by_status.empty() ? "" : ",", status, count);
        return std::format(R"({{"answers":{},"seconds":{:.6f},"statuses":{{{}}},"bytes_in":{},)"
                           R"("latency_us":{{"p50":{:.0f},"p90":{:.0f},"p99":{:.0f},"most":{:.0f}}}}})",
                           latencies_us.size(), std::chrono::duration<double>{last_answer - start}.count(), by_status,
                           bytes_in, at(0.5), at(0.9), at(0.99), at(1));
    }

    Clock::time_point start, last_answer;
    std::vector<double> latencies_us;
    std::map<int, std::uint64_t> statuses;
    std::uint64_t bytes_in = 0;

private:
    Wanted wanted_;
    std::vector<Request> requests_;
    std::uint64_t sent_ = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::io_context& context, Run& run, const tcp::endpoint& server)
        : run_{run}, socket_{context}, timer_{context} {
        socket_.connect(server);
        socket_.set_option(tcp::no_delay{true});
    }

    void send_next() {
        auto turn = run_.next();
        if (!turn) return;
        turn_ = std::move(*turn);
        if (!turn_.due || *turn_.due <= Clock::now()) return send();
        timer_.expires_at(*turn_.due);
        timer_.async_wait([self = shared_from_this()](auto) { self->send(); });
    }

private:
    void send() {
        began_ = turn_.due.value_or(Clock::now());
        const std::string_view number = turn_.request->numbered ? std::string_view{turn_.number} : std::string_view{};
        const std::array<asio::const_buffer, 3> parts{asio::buffer(turn_.request->before), asio::buffer(number),
                                                      asio::buffer(turn_.request->after)};
        asio::async_write(socket_, parts, [self = shared_from_this()](const auto& error, std::size_t) {
            if (error) refuse("sending: " + error.message());
            self->filled_ = 0;
            self->receive();
        });
    }

    void receive() {
        if (buffer_.size() < filled_ + (16U << 10U)) buffer_.resize(2 * buffer_.size() + (64U << 10U));
        socket_.async_read_some(asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_),
                                [self = shared_from_this()](const auto& error, std::size_t bytes) {
                                    if (error) refuse("receiving: " + error.message());
                                    self->filled_ += bytes;
                                    self->read_answer();
                                });
    }

    void read_answer() {
        const std::string_view text{buffer_.data(), filled_};
        const auto end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) return receive();
        std::string head{text.substr(0, end + 2)};
        std::ranges::transform(head, head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        int status = 0;
        std::from_chars(head.data() + 9, head.data() + 12, status);
        std::size_t length = 0;
        if (const auto at = head.find("\r\ncontent-length: "); at != std::string::npos)
            std::from_chars(head.data() + at + 18, head.data() + head.size(), length);
        else if (status != 204 && status != 304)
            refuse("an answer without Content-Length:\n" + head);
        if (filled_ < end + 4 + length) return receive();
        if (status >= 400 && run_.statuses[status] == 0) std::cerr << text << '\n';
        run_.answered(status, filled_, Clock::now() - began_);
        send_next();
    }

    Run& run_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    Run::Turn turn_{};
    Clock::time_point began_;
    std::string buffer_;
    std::size_t filled_ = 0;
};

Wanted read_arguments(int count, char** words) {
    Wanted wanted;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        const auto equals = word.find('=');
        const auto name = word.substr(0, equals);
        const auto value = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (name == "port")
            wanted.port = static_cast<std::uint16_t>(std::stoi(value));
        else if (name == "file")
            wanted.file = value;
        else if (name == "header")
            wanted.headers += value + "\r\n";
        else if (name == "connections")
            wanted.connections = std::stoi(value);
        else if (name == "seconds")
            wanted.seconds = std::stod(value);
        else if (name == "requests")
            wanted.requests = std::stoull(value);
        else if (name == "rate")
            wanted.rate = std::stod(value);
        else if (name == "first")
            wanted.first = std::stoull(value);
        else
            refuse("unknown argument " + word);
    }
    if (wanted.seconds == 0 && wanted.requests == 0) refuse("say seconds=... or requests=...");
    return wanted;
}

std::vector<Request> read_requests(const Wanted& wanted) {
    std::ifstream file{wanted.file};
    std::vector<Request> requests;
    for (std::string line; std::getline(file, line);) requests.push_back(read_line(line, wanted));
    if (requests.empty()) refuse("no request in " + wanted.file);
    return requests;
}

}  // namespace

int main(int count, char** words) {
    try {
        const auto wanted = read_arguments(count, words);
        Run run{wanted, read_requests(wanted)};
        asio::io_context context{1};
        const tcp::endpoint server{asio::ip::address_v4::loopback(), wanted.port};
        std::vector<std::shared_ptr<Connection>> connections;
        for (int i = 0; i < wanted.connections; ++i)
            connections.push_back(std::make_shared<Connection>(context, run, server));
        run.start = Clock::now();
        for (auto& connection : connections) connection->send_next();
        context.run();
        std::cout << run.report() << std::endl;
    } catch (const std::exception& failure) {
        std::cerr << "load: " << failure.what() << '\n';
        return 1;
    }
}
