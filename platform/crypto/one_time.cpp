#include "platform/crypto/one_time.hpp"

#include <liboath/oath.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <format>
#include <memory>
#include <span>
#include <stdexcept>

#include "platform/crypto/random.hpp"

namespace mobilytics::crypto {

namespace {

constexpr std::size_t secret_size = 20;
constexpr unsigned digits = 6;
// Steps before and after the present one.
constexpr std::size_t tolerance = 1;

std::time_t seconds_of(clock::Instant now) {
    return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

// The library's own start, before its first computation.
void start() {
    static const int started = oath_init();
    if (started < 0) throw std::runtime_error{"liboath does not start"};
}

[[noreturn]] void fail(int code) { throw std::runtime_error{std::format("liboath: {}", oath_strerror(code))}; }

}  // namespace

std::string new_one_time_secret() {
    std::array<std::uint8_t, secret_size> bytes{};
    fill_random(bytes);
    return {bytes.begin(), bytes.end()};
}

std::optional<std::int64_t> one_time_step(std::string_view secret, clock::Instant now, const std::string& code) {
    if (code.size() < 6 || code.size() > 8 || code.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    start();
    int position = 0;
    std::uint64_t step = 0;
    const int found =
        oath_totp_validate3(secret.data(), secret.size(), seconds_of(now), OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                            OATH_TOTP_DEFAULT_START_TIME, tolerance, &position, &step, code.c_str());
    if (found == OATH_INVALID_OTP) return std::nullopt;
    if (found < 0) fail(found);
    return static_cast<std::int64_t>(step);
}

std::string one_time_code(std::string_view secret, clock::Instant now) {
    start();
    std::array<char, digits + 1> code{};
    const int made = oath_totp_generate(secret.data(), secret.size(), seconds_of(now), OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                                        OATH_TOTP_DEFAULT_START_TIME, digits, code.data());
    if (made < 0) fail(made);
    return code.data();
}

std::string base32(std::string_view bytes) {
    char* text = nullptr;
    std::size_t length = 0;
    const int made = oath_base32_encode(bytes.data(), bytes.size(), &text, &length);
    if (made < 0) fail(made);
    const std::unique_ptr<char, decltype(&std::free)> owned{text, &std::free};
    std::string printed{text, length};
    printed.erase(printed.find_last_not_of('=') + 1);
    return printed;
}

}  // namespace mobilytics::crypto
