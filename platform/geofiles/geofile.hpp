#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// Reads tables with or without a geometry (CSV, GeoJSON, Shapefile, GPX) by GDAL: one row at a time, every value as
// text, coordinates in WGS 84.
namespace mobilytics::geofiles {

class Unreadable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Options {
    char separator = 0;      // CSV only; 0: found out
    bool has_header = true;  // CSV only; without one the columns are field_1, field_2, ...
};

struct Row {
    std::int64_t line = 0;                           // of the file for CSV, else the feature's number; from 1
    std::vector<std::optional<std::string>> values;  // in the order of the columns; empty text is no value
    std::optional<double> lon;                       // of a point
    std::optional<double> lat;
    std::string multi_polygon_wkb;  // of a polygon or multi-polygon, little-endian; else empty
};

class Source;

class GeoFile {
public:
    // Throws Unreadable, saying what is wrong with the file.
    GeoFile(const std::string& path, const Options& options);
    ~GeoFile();
    GeoFile(const GeoFile&) = delete;
    GeoFile& operator=(const GeoFile&) = delete;

    const std::vector<std::string>& columns() const;
    std::optional<std::size_t> column(std::string_view name) const;
    std::int64_t rows() const;  // an estimate where counting would be slow

    // Nothing at the end.
    std::optional<Row> next();

private:
    std::unique_ptr<Source> source_;
};

}  // namespace mobilytics::geofiles
