#include <algorithm>
#include <format>
#include <fstream>
#include <iterator>

#include "platform/files/files.hpp"
#include "platform/objects/objects.hpp"

namespace mobilytics::objects {

namespace {

class Folder final : public Objects {
public:
    explicit Folder(std::filesystem::path folder) : folder_{std::move(folder)} {}

    bool put_new(std::string_view name, std::string_view bytes) override {
        try {
            return files::put_new(path_of(name), bytes);
        } catch (const std::filesystem::filesystem_error& error) {
            throw ObjectsError{error.what()};
        }
    }

    std::optional<std::string> get(std::string_view name) override {
        const auto place = path_of(name);
        std::ifstream in{place, std::ios::binary};
        if (!in) {
            if (!std::filesystem::exists(place)) return std::nullopt;
            throw ObjectsError{std::format("{} cannot be read", place.string())};
        }
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    }

    std::vector<std::string> list(std::string_view prefix) override {
        std::vector<std::string> names;
        if (!std::filesystem::exists(folder_)) return names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder_}) {
            auto name = entry.path().lexically_relative(folder_).generic_string();
            const bool is_draft = entry.path().filename().string().starts_with(files::draft_prefix);
            if (entry.is_regular_file() && !is_draft && name.starts_with(prefix)) names.push_back(std::move(name));
        }
        std::ranges::sort(names);
        return names;
    }

private:
    std::filesystem::path path_of(std::string_view name) const {
        check_name(name);
        return folder_ / name;
    }

    std::filesystem::path folder_;
};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

bool is_part(std::string_view part) {
    return !part.empty() && part.front() != '.' && std::ranges::all_of(part, is_name_character);
}

}  // namespace

void check_name(std::string_view name) {
    for (std::string_view rest = name;;) {
        const auto slash = rest.find('/');
        if (!is_part(rest.substr(0, slash))) throw std::invalid_argument{std::format("no name of an object: {}", name)};
        if (slash == std::string_view::npos) return;
        rest.remove_prefix(slash + 1);
    }
}

std::unique_ptr<Objects> in_folder(std::filesystem::path folder) { return std::make_unique<Folder>(std::move(folder)); }

}  // namespace mobilytics::objects
