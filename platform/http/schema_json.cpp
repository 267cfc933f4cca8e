#include "platform/http/schema_json.hpp"

#include <stdexcept>

#include "platform/json/escape.hpp"

namespace mobilytics::http {

namespace {

using json::Schema;
using json::text_literal;

std::string number(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string_view type_word(const Schema& schema) {
    switch (schema.kind) {
        case Schema::Kind::any:
            return "";
        case Schema::Kind::boolean:
            return "boolean";
        case Schema::Kind::integer:
            return "integer";
        case Schema::Kind::number:
            return "number";
        case Schema::Kind::string:
            return "string";
        case Schema::Kind::array:
            return "array";
        case Schema::Kind::object:
        case Schema::Kind::map:
            return "object";
    }
    return "";
}

void add(std::string& out, std::string_view key, const std::string& value) {
    if (!out.empty()) out += ',';
    out += text_literal(key) + ":" + value;
}

// What the author said about the field, and what the type says by itself.
std::string limits(const Schema& schema, const json::Field& about) {
    bool list = schema.kind == Schema::Kind::array;
    std::string out;
    auto format = about.format.empty() ? std::string_view{schema.format} : about.format;
    auto pattern = about.pattern.empty() ? std::string_view{schema.pattern} : about.pattern;
    auto minimum = about.minimum ? about.minimum : schema.minimum;
    auto maximum = about.maximum ? about.maximum : schema.maximum;
    auto shortest = about.min_length ? about.min_length : schema.min_length;
    auto longest = about.max_length ? about.max_length : schema.max_length;
    if (!format.empty()) add(out, "format", text_literal(format));
    if (!pattern.empty()) add(out, "pattern", text_literal(pattern));
    if (minimum) add(out, "minimum", number(*minimum));
    if (maximum) add(out, "maximum", number(*maximum));
    if (shortest) add(out, list ? "minItems" : "minLength", std::to_string(*shortest));
    if (longest) add(out, list ? "maxItems" : "maxLength", std::to_string(*longest));
    return out;
}

bool has_optional(const Schema& schema) {
    if (schema.items) return has_optional(*schema.items);
    for (const auto& property : schema.properties)
        if (!property.required || has_optional(*property.schema)) return true;
    return false;
}

}  // namespace

void Components::note(const Schema& schema, Direction direction) {
    if (schema.component) return note(*schema.component, direction);
    if (schema.items) return note(*schema.items, direction);
    if (schema.type_name.empty()) return;
    auto [place, added] = noted_.emplace(std::pair{schema.type_name, direction}, &schema);
    if (!added) {
        if (place->second != &schema)
            throw std::logic_error("two types of the API are called " + schema.type_name + "; rename one");
        return;
    }
    full_names_[std::string{last_part(schema.type_name)}][schema.type_name] = 1;
    for (const auto& property : schema.properties) note(*property.schema, direction);
}

std::string Components::short_name(const Schema& schema) const {
    std::string name{last_part(schema.type_name)};
    auto known = full_names_.find(name);
    bool alone = name != "Problem" && known != full_names_.end() && known->second.size() == 1;
    return alone ? name : schema.type_name;
}

std::string Components::name_of(const Schema& schema, Direction direction) const {
    bool both = noted_.contains({schema.type_name, Direction::request}) &&
                noted_.contains({schema.type_name, Direction::answer});
    bool differs = direction == Direction::request && both && has_optional(schema);
    return short_name(schema) + (differs ? "Input" : "");
}

std::string Components::schema(const Schema& schema, Direction direction, const json::Field& about) const {
    std::string out;
    if (!about.description.empty()) add(out, "description", text_literal(about.description));
    if (!schema.type_name.empty()) {
        auto reference = R"({"$ref":"#/components/schemas/)" + name_of(schema, direction) + R"("})";
        if (schema.nullable)
            add(out, "anyOf", "[" + reference + R"(,{"type":"null"}])");
        else if (out.empty())
            return reference;
        else
            add(out, "allOf", "[" + reference + "]");
        return "{" + out + "}";
    }
    auto word = type_word(schema);
    if (!word.empty())
        add(out, "type", schema.nullable ? "[" + text_literal(word) + R"(,"null"])" : text_literal(word));
    auto extra = limits(schema, about);
    if (!extra.empty()) out += "," + extra;
    if (schema.kind == Schema::Kind::array) add(out, "items", this->schema(*schema.items, direction, {}));
    if (schema.kind == Schema::Kind::map) add(out, "additionalProperties", this->schema(*schema.items, direction, {}));
    return "{" + out + "}";
}

std::string Components::object_of(const Schema& schema, Direction direction) const {
    std::string properties;
    std::string required;
    for (const auto& property : schema.properties) {
        properties += (properties.empty() ? "" : ",") + text_literal(property.name) + ":" +
                      this->schema(*property.schema, direction, property.about);
        if (property.required || direction == Direction::answer)
            required += (required.empty() ? "" : ",") + text_literal(property.name);
    }
    std::string out = R"({"type":"object","properties":{)" + properties + "}";
    if (!required.empty()) out += R"(,"required":[)" + required + "]";
    return out + R"(,"additionalProperties":false})";
}

std::string Components::body_of(const Schema& schema, Direction direction) const {
    if (schema.kind == Schema::Kind::object) return object_of(schema, direction);
    std::string values;
    for (const auto& value : schema.values) values += (values.empty() ? "" : ",") + text_literal(value);
    return R"({"type":"string","enum":[)" + values + "]}";
}

std::map<std::string, std::string> Components::print() const {
    std::map<std::string, std::string> texts;
    for (const auto& [key, schema] : noted_) texts.emplace(name_of(*schema, key.second), body_of(*schema, key.second));
    return texts;
}

}  // namespace mobilytics::http
