// Any bytes to a real server over a socket: parser, limits, body framing, gzip, routing, binding, JSON.
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "platform/http/router.hpp"
#include "platform/http/testing/loopback.hpp"
#include "platform/log/log.hpp"
#include "tests/fuzz/holds.hpp"

// Named, since clang reflects no type of an unnamed namespace.
namespace mobilytics::fuzz {

enum class Colour { red, green };

struct Inner {
    Colour colour;
    std::optional<double> size;
};

struct Thing {
    std::string name;
    std::vector<Inner> parts;
    std::optional<clock::Instant> at;
    std::int64_t many;
    static constexpr json::Field about[] = {{.name = "name", .min_length = 1, .max_length = 20},
                                            {.name = "many", .minimum = 0, .maximum = 100}};
};

struct Filter {
    std::optional<Colour> colour;
    std::vector<int> numbers;
};

// Answers say sizes and never repeat what was sent, so that what looks like an answer is one.
struct Size {
    std::size_t size;
};

// Long enough to be worth compressing.
struct Long {
    std::string text;
};

class World {
public:
    World() {
        log::start({.level = log::Level::off, .form = log::Form::json});
        auto group = loopback_.router.group("fuzz");
        group.get("/v1/ok", {.id = "fuzz.ok"}, [this]() -> Task<Size> { co_return said(0); });
        group.get("/v1/long", {.id = "fuzz.long"}, [this]() -> Task<http::Tagged<Long>> {
            said(0);
            co_return http::Tagged<Long>{{std::string(5000, 'x')}, "7"};
        });
        group.get("/v1/things/{n}/{y}.txt", {.id = "fuzz.path"},
                  [this](int, std::uint32_t) -> Task<Size> { co_return said(0); });
        group.get("/v1/query", {.id = "fuzz.query"}, [this](http::Query<Filter> filter, http::Paging) -> Task<Size> {
            co_return said(filter->numbers.size());
        });
        group.put("/v1/json", {.id = "fuzz.json"},
                  [this](http::Body<Thing> thing) -> Task<Size> { co_return said(thing->parts.size()); });
        http::RouteOptions bytes{
            .id = "fuzz.raw", .body_limit = 2000, .decoded_limit = 100000, .body_types = {"application/octet-stream"}};
        group.post("/v1/raw", bytes, [this](http::RawBody body) -> Task<Size> { co_return said(body.text.size()); });
        bytes.id = "fuzz.pieces";
        group.post("/v1/pieces", bytes, [this](http::BodyStream body) -> Task<Size> {
            std::size_t size = 0;
            for (auto piece = co_await body.next(); !piece.empty(); piece = co_await body.next()) size += piece.size();
            co_return said(size);
        });
        loopback_.start();
    }

    std::uint16_t port() const { return loopback_.port(); }
    int handled() const { return handled_.load(); }

private:
    Size said(std::size_t size) {
        handled_.fetch_add(1);
        return {size};
    }

    http::testing::Loopback loopback_;
    std::atomic<int> handled_{0};
};

bool may_be_answered(int status) {
    constexpr std::array known{100, 200, 304, 400, 404, 405, 413, 414, 415, 417, 422, 431, 501, 505};
    return std::ranges::contains(known, status);
}

// How many answers come from a handler; every answer must have a status that this server gives for a reason.
int successes(std::string_view answers) {
    constexpr std::string_view version = "HTTP/1.1 ";
    constexpr std::string_view length = "\r\nContent-Length: ";
    int many = 0;
    while (!answers.empty()) {
        const auto end = answers.find("\r\n\r\n");
        holds(answers.starts_with(version) && end != std::string_view::npos, "an answer begins with a whole head");
        const auto head = answers.substr(0, end + 2);
        const int status = std::atoi(std::string{head.substr(version.size(), 3)}.c_str());
        holds(may_be_answered(status), "status " + std::to_string(status));
        // 304 says that what the handler answered is known already.
        many += status == 200 || status == 304 ? 1 : 0;
        answers.remove_prefix(end + 4);
        const auto told = head.find(length);
        // The answer to HEAD tells the length of a body that does not come; no body of ours looks like a head.
        if (told == std::string_view::npos || answers.empty() || answers.starts_with(version)) continue;
        const auto size = std::strtoul(std::string{head.substr(told + length.size(), 10)}.c_str(), nullptr, 10);
        holds(size <= answers.size(), "a body is as long as its head says");
        answers.remove_prefix(size);
    }
    return many;
}

}  // namespace mobilytics::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace mobilytics;
    using namespace mobilytics::fuzz;
    // Never destroyed: libFuzzer leaves by _Exit with the server's threads at work.
    static World& world = *new World;
    const int before = world.handled();
    http::testing::Client client{world.port()};
    client.send(text_of(data, size));
    client.end_output();
    const auto answers = client.rest();
    holds(successes(answers) == world.handled() - before, "as many answers as handlers ran");
    // Not after each: it takes as long as the input itself.
    static unsigned inputs = 0;
    if (++inputs % 16 != 0) return 0;
    http::testing::Client next{world.port()};
    holds(next.ask(http::testing::request("GET", "/v1/ok")).status == 200, "the server goes on serving");
    return 0;
}
