#pragma once

#include <unistd.h>

#include <cstdio>
#include <format>
#include <mutex>
#include <string>
#include <string_view>

namespace mobilytics::app {

// A line that fills up on a terminal; silent anywhere else. Any thread.
class Progress {
public:
    void show(std::string_view what, double share) {
        if (!is_terminal_) return;
        const std::scoped_lock lock{mutex_};
        const auto done = static_cast<std::size_t>(share * width);
        const auto bar = std::string(std::min(done, width), '#') + std::string(width - std::min(done, width), '.');
        std::fputs(std::format("\r{} [{}] {:3.0f} %\x1b[K", what, bar, share * 100).c_str(), stderr);
        std::fflush(stderr);
    }

    void end() {
        if (is_terminal_) std::fputs("\r\x1b[K", stderr);
    }

private:
    static constexpr std::size_t width = 30;
    bool is_terminal_ = isatty(STDERR_FILENO) == 1;
    std::mutex mutex_;
};

}  // namespace mobilytics::app
