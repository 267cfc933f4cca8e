#include "platform/config/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <toml++/toml.hpp>

namespace mobilytics::config {

namespace {

constexpr std::string_view prefix = "MOBILYTICS_";

// "database.app_url" -> "MOBILYTICS_DATABASE_APP_URL"
std::string variable_of(std::string_view key) {
    std::string name{prefix};
    for (char c : key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    return name;
}

// Single-character edits from one word to the other.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            auto above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (left[i] == right[j] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

std::string text_of(const toml::node& node, const std::string& key, const std::string& origin) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
    if (node.is_floating_point() || node.is_date_time()) {
        std::ostringstream text;
        if (const auto* real = node.as_floating_point()) text << real->get();
        if (const auto* time = node.as_date_time()) text << time->get();
        return text.str();
    }
    throw ConfigError{key + " in " + origin + " must be one value."};
}

std::string secret_of(const std::string& file, const std::string& key) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw ConfigError{key + ": the file " + file + " cannot be read."};
    std::string secret = text.str();
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    return secret;
}

void read_table(Keys& keys, const toml::table& table, const std::string& above, const std::string& origin) {
    for (const auto& [name, node] : table) {
        std::string key = above + std::string{name.str()};
        if (const auto* inner = node.as_table())
            read_table(keys, *inner, key + ".", origin);
        else
            keys.set(key, text_of(node, key, origin), origin);
    }
}

}  // namespace

void Keys::insert(Binding binding) {
    binding.variable = variable_of(binding.key);
    for (const auto& known : bindings_)
        if (known.variable == binding.variable) throw std::logic_error("two settings are called " + binding.key);
    bindings_.push_back(std::move(binding));
}

std::string Keys::nearest(std::string_view name, std::string Binding::* part) const {
    auto found =
        std::ranges::min_element(bindings_, {}, [&](const Binding& known) { return distance(name, known.*part); });
    return found == bindings_.end() ? "" : " Did you mean " + *found.*part + "?";
}

// The secret whose name with the ending is this one; none where it names a setting of its own.
Keys::Binding* Keys::secret_in_file(std::string_view name, std::string Binding::* part, std::string_view ending) {
    if (!name.ends_with(ending) || std::ranges::contains(bindings_, name, part)) return nullptr;
    const auto found = std::ranges::find(bindings_, name.substr(0, name.size() - ending.size()), part);
    return found != bindings_.end() && found->secret ? &*found : nullptr;
}

void Keys::set(std::string_view key, std::string_view value, const std::string& origin) {
    if (const auto* secret = secret_in_file(key, &Binding::key, "_file"))
        return set(secret->key, secret_of(std::string{value}, std::string{key}), std::string{value});
    auto found = std::ranges::find(bindings_, key, &Binding::key);
    if (found == bindings_.end())
        throw ConfigError{std::string{key} + " (" + origin + ") is not a setting." + nearest(key, &Binding::key)};
    auto wrong = found->read(value);
    if (!wrong.empty()) throw ConfigError{found->key + " (" + origin + ") " + wrong + "."};
    found->origin = origin;
}

void Keys::read_text(std::string_view toml, const std::string& origin) {
    try {
        read_table(*this, toml::parse(toml), "", origin);
    } catch (const toml::parse_error& error) {
        throw ConfigError{origin + " line " + std::to_string(error.source().begin.line) + ": " +
                          std::string{error.description()} + "."};
    }
}

void Keys::read_file(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw ConfigError{"The configuration file " + file.string() + " cannot be read."};
    read_text(text.str(), file.string());
}

void Keys::read_environment(std::span<const std::string> variables, std::span<const std::string_view> others) {
    for (const auto& line : variables) {
        auto equals = line.find('=');
        if (!line.starts_with(prefix) || equals == std::string::npos) continue;
        std::string_view name = std::string_view{line}.substr(0, equals);
        if (std::ranges::contains(others, name)) continue;
        if (const auto* secret = secret_in_file(name, &Binding::variable, "_FILE")) {
            set(secret->key + "_file", std::string_view{line}.substr(equals + 1), "environment");
            continue;
        }
        auto found = std::ranges::find(bindings_, name, &Binding::variable);
        if (found == bindings_.end())
            throw ConfigError{std::string{name} + " (environment) is not a setting." +
                              nearest(name, &Binding::variable)};
        set(found->key, std::string_view{line}.substr(equals + 1), "environment");
    }
}

std::vector<Entry> Keys::all() const {
    std::vector<Entry> entries;
    for (const auto& binding : bindings_) {
        auto value = binding.print();
        if (binding.secret && !value.empty()) value = "(hidden)";
        entries.push_back({binding.key, binding.variable, binding.description, std::move(value), binding.origin});
    }
    std::ranges::sort(entries, {}, &Entry::key);
    return entries;
}

bool Keys::has_secret_of(std::string_view origin) const {
    return std::ranges::any_of(bindings_,
                               [&](const Binding& binding) { return binding.secret && binding.origin == origin; });
}

std::vector<std::string> environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
    return variables;
}

}  // namespace mobilytics::config
