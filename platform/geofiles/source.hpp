#pragma once

#include "platform/geofiles/geofile.hpp"

// Between geofile.cpp and the library that it loads.
namespace mobilytics::geofiles {

class Source {
public:
    virtual ~Source() = default;
    virtual const std::vector<std::string>& columns() const = 0;
    virtual std::int64_t rows() const = 0;
    virtual std::optional<Row> next() = 0;
};

// Throws Unreadable. The caller owns what comes back.
using OpenSource = Source*(const std::string& path, const Options& options);
inline constexpr auto library_name = "libgeofiles_gdal.so";
inline constexpr auto open_name = "mobilytics_open_geofile";

}  // namespace mobilytics::geofiles
