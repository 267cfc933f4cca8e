#include "platform/geofiles/geofile.hpp"

#include <dlfcn.h>

#include <algorithm>

#include "platform/geofiles/source.hpp"

namespace mobilytics::geofiles {

namespace {

// GDAL and what it loads take more memory than all the rest of an idle server, which never reads such a file. So it
// comes when the first file is opened, and stays.
OpenSource& open_source() {
    static OpenSource* const open = [] {
        void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
        void* symbol = library == nullptr ? nullptr : ::dlsym(library, open_name);
        if (symbol == nullptr)
            throw std::runtime_error{std::string{"the reader of such files is missing: "} + ::dlerror()};
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
