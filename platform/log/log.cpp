#include "platform/log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <span>
#include <utility>

#include "platform/clock/clock.hpp"
#include "platform/json/escape.hpp"

namespace mobilytics::log {

namespace {

struct Writer {
    std::shared_ptr<spdlog::logger> logger;
    Form form = Form::text;
};

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        case Level::off:
            return spdlog::level::off;
    }
    return spdlog::level::off;
}

std::string_view word(Level level) {
    constexpr std::string_view words[] = {"debug", "info", "warn", "error", "off"};
    return words[static_cast<int>(level)];
}

Writer make_writer(Options options) {
    Writer writer;
    writer.form = options.form;
    if (writer.form == Form::automatic) writer.form = isatty(STDERR_FILENO) != 0 ? Form::text : Form::json;
    writer.logger = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    writer.logger->set_pattern("%v");
    writer.logger->set_level(level_of(options.level));
    writer.logger->flush_on(spdlog::level::warn);
    return writer;
}

// Replaced as a whole by start(); the old one stays alive for threads that are writing to it.
std::atomic<std::shared_ptr<const Writer>>& current() {
    static std::atomic<std::shared_ptr<const Writer>> writer{std::make_shared<const Writer>(make_writer({}))};
    return writer;
}

// Read on every line, so it does not go through the shared pointer.
std::atomic<Level> lowest{Level::info};

void append_number(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char text[32];
    auto [end, error] = std::to_chars(text, text + sizeof text, number);
    if (error == std::errc{}) out.append(text, end);
}

void append_value(std::string& out, const Field::Value& value, Form as) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        bool plain =
            as == Form::text && !text->empty() && text->find_first_of(" \"\\\n\t\r=") == std::string_view::npos;
        if (plain)
            out += *text;
        else
            json::append_quoted(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        out += std::to_string(*number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        append_number(out, *real);
    } else {
        out += std::get<bool>(value) ? "true" : "false";
    }
}

std::shared_ptr<const Work>& work_of_thread() {
    thread_local std::shared_ptr<const Work> work;
    return work;
}

void append_field(std::string& out, const Field& field, Form as) {
    if (as == Form::text) {
        out.append(" ").append(field.name()).append("=");
    } else {
        out += ',';
        json::append_quoted(out, field.name());
        out += ':';
    }
    append_value(out, field.value(), as);
}

void append_work(std::string& out, std::span<const Field> own, Form as) {
    if (!doing()) return;
    for (const auto& [name, text] : *doing()) {
        const bool is_said = std::ranges::any_of(own, [&](const Field& field) { return field.name() == name; });
        if (!is_said) append_field(out, Field{name, text}, as);
    }
}

void write(Level level, std::string_view message, Fields fields) {
    if (!enabled(level)) return;
    auto writer = current().load();
    auto text = line(writer->form, level, clock::to_rfc3339(clock::SystemClock{}.now()), message, fields);
    writer->logger->log(level_of(level), spdlog::string_view_t{text.data(), text.size()});
}

}  // namespace

void start(Options options) {
    current().store(std::make_shared<const Writer>(make_writer(options)));
    lowest.store(options.level);
}

bool enabled(Level level) { return level >= lowest.load(std::memory_order_relaxed); }

Doing::Doing(std::shared_ptr<const Work> work) : before_{std::exchange(work_of_thread(), std::move(work))} {}

Doing::~Doing() { work_of_thread() = std::move(before_); }

const std::shared_ptr<const Work>& doing() { return work_of_thread(); }

void debug(std::string_view message, Fields fields) { write(Level::debug, message, fields); }
void info(std::string_view message, Fields fields) { write(Level::info, message, fields); }
void warn(std::string_view message, Fields fields) { write(Level::warn, message, fields); }
void error(std::string_view message, Fields fields) { write(Level::error, message, fields); }

void flush() { current().load()->logger->flush(); }

void lines(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.empty()) return;
    current().load()->logger->log(spdlog::level::info, spdlog::string_view_t{text.data(), text.size()});
}

Form form() { return current().load()->form; }

std::string line(Form form_of_line, Level level, std::string_view at, std::string_view message, Fields fields) {
    std::string out;
    out.reserve(160);
    if (form_of_line == Form::text) {
        out.append(at)
            .append(" ")
            .append(word(level))
            .append(level == Level::warn || level == Level::info ? "  " : " ");
        out.append(message);
        for (const auto& field : fields) append_field(out, field, form_of_line);
        append_work(out, {fields.begin(), fields.size()}, form_of_line);
        return out;
    }
    out += "{\"at\":";
    json::append_quoted(out, at);
    out.append(",\"level\":\"").append(word(level)).append("\",\"message\":");
    json::append_quoted(out, message);
    for (const auto& field : fields) append_field(out, field, form_of_line);
    append_work(out, {fields.begin(), fields.size()}, form_of_line);
    out += '}';
    return out;
}

}  // namespace mobilytics::log
