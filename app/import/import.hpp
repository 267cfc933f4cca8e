#pragma once

#include <functional>
#include <map>
#include <string>

#include "app/modules.hpp"

// `mobilytics import positions|sightings|regions FILE`: brings files of others in, through the same judge and the same
// store as the ingest API. Safe to run twice: a batch is named by the file's content and the way it is read.
namespace mobilytics::import {

struct Wanted {
    std::string stream;  // "positions", "sightings" or "regions"
    std::string file;
    CompanyId company;
    std::map<std::string, std::string> columns;  // our field -> the file's column
    std::string device;                          // serial of the one device, or empty with a column "device"
    std::string create_devices_of_model;         // name of a model: unknown serials become devices of it
    std::string zone = "UTC";                    // of times that do not say
    std::string time_format = "auto";            // auto, unix, unix_ms, rfc3339 or a strftime pattern
    std::string speed_unit = "mps";              // mps, kmh, mph, knots
    std::string pseudonym_key;                   // sightings: the visitor column holds an address, made a pseudonym
    char separator = 0;
    bool has_header = true;
    std::string set_id;  // regions
    std::string set_name;
    std::string attribution;
    std::string error_file;  // empty: FILE.errors.csv
};

struct Outcome {
    std::int64_t read = 0;
    std::int64_t stored = 0;
    std::int64_t refused = 0;   // each has a line in the error file
    std::int64_t repeated = 0;  // stored by an earlier run
};

using Progress = std::function<void(std::int64_t read, std::int64_t of)>;

// Throws Problem with a sentence for the operator when the file or the mapping makes no sense.
Task<Outcome> run(app::Modules& modules, Wanted wanted, Progress progress);

// ---- pure parts, tested by themselves

// RFC 3339 text of a time in the file; empty when it is none.
std::string to_rfc3339(const std::string& text, const std::string& format, const std::string& zone);
double to_mps(double speed, const std::string& unit);

// What a device does before it sends: an address never leaves it. The same address gives the same pseudonym on one
// UTC day, and another on the next.
std::string pseudonym(const std::string& key, const std::string& address, const std::string& at_rfc3339);

}  // namespace mobilytics::import
