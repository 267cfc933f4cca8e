#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/json/schema.hpp"

// Schemas as JSON Schema 2020-12 (the dialect of OpenAPI 3.1), objects and enums collected as components.
namespace mobilytics::http {

// An optional field may be left out of a request, but an answer always has it (as null).
enum class Direction { request, answer };

class Components {
public:
    // First every schema of the document is noted, so that names can be chosen, then they are printed.
    void note(const json::Schema& schema, Direction direction);

    // The schema as it stands where it is used: a reference for objects and enums.
    std::string schema(const json::Schema& schema, Direction direction, const json::Field& about) const;

    // Name and text of each component, by name.
    std::map<std::string, std::string> print() const;

private:
    // A type used both ways has two shapes only when it has optional fields in it.
    std::string name_of(const json::Schema& schema, Direction direction) const;
    std::string short_name(const json::Schema& schema) const;
    std::string body_of(const json::Schema& schema, Direction direction) const;
    std::string object_of(const json::Schema& schema, Direction direction) const;

    std::map<std::pair<std::string, Direction>, const json::Schema*> noted_;  // by full type name
    std::map<std::string, std::map<std::string, int>> full_names_;            // short name -> full names
};

}  // namespace mobilytics::http
