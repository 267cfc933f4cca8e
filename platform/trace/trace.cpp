#include "platform/trace/trace.hpp"

#include <algorithm>
#include <cstdint>
#include <random>

namespace mobilytics::trace {

namespace {

// version "-" trace-id "-" parent-id "-" flags
constexpr std::size_t trace_at = 3, parent_at = 36, flags_at = 53, whole = 55;

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// Ids need not be secret, only different; never all zero, which means "none".
void append_id(std::string& out, std::size_t digits) {
    static constexpr char alphabet[] = "0123456789abcdef";
    thread_local std::mt19937_64 random{std::random_device{}()};
    const std::size_t begin = out.size();
    do {
        out.resize(begin);
        for (std::size_t done = 0; done < digits; done += 16) {
            auto bits = random();
            for (int i = 0; i < 16; ++i, bits >>= 4U) out += alphabet[bits & 15U];
        }
    } while (is_zero(std::string_view{out}.substr(begin)));
}

}  // namespace

std::optional<Context> parse(std::string_view text) {
    if (text.size() < whole || text[2] != '-' || text[parent_at - 1] != '-' || text[flags_at - 1] != '-')
        return std::nullopt;
    const auto version = text.substr(0, 2), trace = text.substr(trace_at, 32), parent = text.substr(parent_at, 16),
               flags = text.substr(flags_at, 2);
    for (auto part : {version, trace, parent, flags})
        if (!is_hex(part)) return std::nullopt;
    if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
    // A later version may say more behind what is known; this one may not.
    if (text.size() > whole && (version == "00" || text[whole] != '-')) return std::nullopt;
    return Context{std::string{trace}, std::string{parent}, (digit(flags[1]) & 1) == 1};
}

Context begin() {
    Context context;
    context.trace_id.reserve(32);
    append_id(context.trace_id, 32);
    return context;
}

std::string traceparent_of(const Context& context) {
    std::string out = "00-" + context.trace_id + "-";
    append_id(out, 16);
    return out + (context.sampled ? "-01" : "-00");
}

}  // namespace mobilytics::trace
