#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <format>
#include <fstream>
#include <iterator>

#include "platform/crypto/random.hpp"
#include "platform/objects/objects.hpp"

namespace mobilytics::objects {

namespace {

constexpr std::string_view unfinished = ".part-";

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) {
    throw ObjectsError{std::format("{} {}: {}", what, path.string(), std::strerror(errno))};
}

class File {
public:
    File(const std::filesystem::path& path, int flags) : fd_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {
        if (fd_ < 0) fail("cannot open", path);
    }
    ~File() { ::close(fd_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto written = ::write(fd_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }
    bool sync() { return ::fsync(fd_) == 0; }

private:
    int fd_;
};

class Folder final : public Objects {
public:
    explicit Folder(std::filesystem::path folder) : folder_{std::move(folder)} {}

    // Written beside its place and linked into it, which fails when the place is taken.
    bool put_new(std::string_view name, std::string_view bytes) override {
        const auto place = path_of(name);
        std::filesystem::create_directories(place.parent_path());
        const auto draft = place.parent_path() / (std::string{unfinished} + crypto::random_token(12));
        const Removed afterwards{draft};
        {
            File file{draft, O_WRONLY | O_CREAT | O_EXCL};
            if (!file.write(bytes) || !file.sync()) fail("cannot write", draft);
        }
        if (::link(draft.c_str(), place.c_str()) != 0) {
            if (errno == EEXIST) return false;
            fail("cannot write", place);
        }
        File{place.parent_path(), O_RDONLY | O_DIRECTORY}.sync();
        return true;
    }

    std::optional<std::string> get(std::string_view name) override {
        const auto place = path_of(name);
        std::ifstream in{place, std::ios::binary};
        if (!in) {
            if (!std::filesystem::exists(place)) return std::nullopt;
            fail("cannot read", place);
        }
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    }

    std::vector<std::string> list(std::string_view prefix) override {
        std::vector<std::string> names;
        if (!std::filesystem::exists(folder_)) return names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder_}) {
            auto name = entry.path().lexically_relative(folder_).generic_string();
            const bool is_draft = entry.path().filename().string().starts_with(unfinished);
            if (entry.is_regular_file() && !is_draft && name.starts_with(prefix)) names.push_back(std::move(name));
        }
        std::ranges::sort(names);
        return names;
    }

private:
    struct Removed {
        std::filesystem::path path;
        ~Removed() { ::unlink(path.c_str()); }
    };

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
