#include "platform/geofiles/geofile.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>

#include "platform/geofiles/source.hpp"

namespace mobilytics::geofiles {

namespace {

// Beside the program's folder, or in it, as builds lay them out. Named whole: a search by name would begin with whoever
// calls dlopen, which under AddressSanitizer is not us.
std::filesystem::path library() {
    const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const auto beside = folder.parent_path() / "lib" / library_name;
    return std::filesystem::exists(beside) ? beside : folder / "lib" / library_name;
}

// GDAL and what it loads take as much memory as two thirds of the rest of an idle server, which never reads such a
// file. So it comes when the first file is opened, and stays.
OpenSource& open_source() {
    static OpenSource* const open = [] {
        void* loaded = ::dlopen(library().c_str(), RTLD_NOW | RTLD_LOCAL);
        void* symbol = loaded == nullptr ? nullptr : ::dlsym(loaded, open_name);
        if (symbol == nullptr) throw std::runtime_error{std::string{"files cannot be read: "} + ::dlerror()};
        return reinterpret_cast<OpenSource*>(symbol);
    }();
    return *open;
}

}  // namespace

GeoFile::GeoFile(const std::string& path, const Options& options) : source_{open_source()(path, options)} {}

GeoFile::~GeoFile() = default;

const std::vector<std::string>& GeoFile::columns() const { return source_->columns(); }

std::optional<std::size_t> GeoFile::column(std::string_view name) const {
    const auto found = std::ranges::find(columns(), name);
    if (found == columns().end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns().begin());
}

std::int64_t GeoFile::rows() const { return source_->rows(); }

std::optional<Row> GeoFile::next() { return source_->next(); }

}  // namespace mobilytics::geofiles
