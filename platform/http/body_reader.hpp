#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/inflater.hpp"
#include "platform/http/request.hpp"

namespace mobilytics::http {

class Connection;

// The body of the request that a connection is at: limited, unpacked, read no sooner than somebody asks for
// it.
class BodyReader final : public BodySource {
public:
    explicit BodyReader(Connection& connection) : connection_{connection} {}

    struct Limits {
        std::size_t sent;
        std::size_t unpacked;
    };
    // `length` when the head told it. Throws nothing; refusals come with the reading.
    void begin(Limits limits, std::optional<std::uint64_t> length, bool gzip, bool expects_continue, bool streamed);

    Task<std::string_view> next() override;
    Task<std::string_view> whole() override;

    // Whether the connection can go on after the answer: the body was read, or little of it is left. Takes
    // what has come in already, but does not wait.
    bool can_skip_rest();
    // Waits for that little and drops it, after the answer. False when it does not come.
    Task<bool> skip_rest();

private:
    Task<std::string_view> next_sent();
    Task<std::string_view> whole_of_known_length();
    void expect_bytes();
    void count(std::size_t bytes);
    [[noreturn]] void lost() const;

    Connection& connection_;
    Limits limits_{};
    std::optional<std::uint64_t> length_;
    std::optional<Inflater> inflater_;
    std::string text_;
    std::string_view whole_;
    std::optional<std::chrono::steady_clock::time_point> until_;
    std::size_t sent_ = 0;
    bool expects_continue_ = false;
    bool streamed_ = false;
    bool finished_ = false;
};

}  // namespace mobilytics::http
