#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Bytes under names, written once: a folder of this machine, or a bucket that speaks S3. Every call blocks; what cannot
// be reached or written throws ObjectsError.
namespace mobilytics::objects {

class ObjectsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Names are like paths: parts of letters, digits, '.', '_' and '-', joined by '/'.
class Objects {
public:
    virtual ~Objects() = default;

    // Never replaces: false when something has that name already. Durable when it returns.
    virtual bool put_new(std::string_view name, std::string_view bytes) = 0;
    virtual std::optional<std::string> get(std::string_view name) = 0;

    // All names that begin with the prefix, ascending.
    virtual std::vector<std::string> list(std::string_view prefix) = 0;
};

std::unique_ptr<Objects> in_folder(std::filesystem::path folder);

struct Bucket {
    std::string endpoint;  // "https://s3.ca-central-1.amazonaws.com"; addressed by path, not by host name
    std::string region;
    std::string name;
    std::string prefix;  // before every name; may be empty
    std::string access_key;
    std::string secret_key;
};

std::unique_ptr<Objects> in_bucket(Bucket bucket);

// std::invalid_argument for a name of another form: names become paths.
void check_name(std::string_view name);

}  // namespace mobilytics::objects
