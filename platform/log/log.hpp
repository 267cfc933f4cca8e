#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// One JSON object per line on standard error, or a readable line when that is a terminal.
//
//   log::info("migrated", {{"from", 3}, {"to", 7}});
namespace mobilytics::log {

enum class Level { debug, info, warn, error, off };

enum class Form { automatic, json, text };  // automatic: text on a terminal

struct Options {
    Level level = Level::info;
    Form form = Form::automatic;
};

class Field {
public:
    using Value = std::variant<std::string_view, std::int64_t, double, bool>;

    Field(std::string_view name, std::string_view text) : name_{name}, value_{text} {}
    Field(std::string_view name, const std::string& text) : name_{name}, value_{std::string_view{text}} {}
    Field(std::string_view name, const char* text) : name_{name}, value_{std::string_view{text}} {}
    Field(std::string_view name, bool truth) : name_{name}, value_{truth} {}
    Field(std::string_view name, std::integral auto number) : name_{name}, value_{static_cast<std::int64_t>(number)} {}
    Field(std::string_view name, double number) : name_{name}, value_{number} {}

    std::string_view name() const { return name_; }
    const Value& value() const { return value_; }

private:
    std::string_view name_;
    Value value_;
};

using Fields = std::initializer_list<Field>;

// Fields that say for what a thread works, so that whoever writes a line need not know. They stand behind the line's
// own, of which one with the same name counts.
using Work = std::vector<std::pair<std::string, std::string>>;

// While it lives, the lines of this thread have these fields. No co_await in the meantime: for a coroutine there is
// async::attributed.
class Doing {
public:
    explicit Doing(std::shared_ptr<const Work> work);
    ~Doing();
    Doing(const Doing&) = delete;
    Doing& operator=(const Doing&) = delete;

private:
    std::shared_ptr<const Work> before_;
};

// What this thread works for; null for nothing in particular.
const std::shared_ptr<const Work>& doing();

// Before the first line; without it, level info and automatic form.
void start(Options options);
bool enabled(Level level);

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

// Writes out what the C library still holds.
void flush();

// Writes lines that were made before by line() with form(), each ended by a newline: for those who collect
// many.
void lines(std::string_view text);
Form form();

// The line as it is written, for tests and for those who collect lines themselves. `at` is RFC 3339.
std::string line(Form form_of_line, Level level, std::string_view at, std::string_view message, Fields fields);

}  // namespace mobilytics::log
