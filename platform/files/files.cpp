#include "platform/files/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace mobilytics::files {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file) {
    throw fs::filesystem_error{"cannot be written", file, std::error_code{errno, std::generic_category()}};
}

// Written and on the disk beside its place; gone with this object, unless it was moved there.
class Draft {
public:
    Draft(const fs::path& file, std::string_view bytes) {
        const auto folder = file.parent_path();
        if (!folder.empty()) fs::create_directories(folder);
        path_ = (folder / (std::string{draft_prefix} + "XXXXXX")).string();
        const int descriptor = ::mkostemp(path_.data(), O_CLOEXEC);
        if (descriptor < 0) fail(file);
        const bool written = write(descriptor, bytes) && ::fsync(descriptor) == 0;
        const int reason = errno;
        ::close(descriptor);
        if (written) return;
        ::unlink(path_.c_str());
        errno = reason;
        fail(file);
    }
    ~Draft() { ::unlink(path_.c_str()); }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    const char* path() const { return path_.c_str(); }

private:
    static bool write(int descriptor, std::string_view bytes) {
        while (!bytes.empty()) {
            const auto written = ::write(descriptor, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    std::string path_;
};

// The name itself is on the disk after this.
void keep_name(const fs::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail(folder);
    ::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace

bool put_new(const fs::path& file, std::string_view bytes) {
    const Draft draft{file, bytes};
    if (::link(draft.path(), file.c_str()) != 0) {
        if (errno == EEXIST) return false;
        fail(file);
    }
    keep_name(file);
    return true;
}

void put(const fs::path& file, std::string_view bytes) {
    const Draft draft{file, bytes};
    if (::rename(draft.path(), file.c_str()) != 0) fail(file);
    keep_name(file);
}

}  // namespace mobilytics::files
