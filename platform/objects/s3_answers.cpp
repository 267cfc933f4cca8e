#include "platform/objects/s3_answers.hpp"

#include <optional>

namespace mobilytics::objects {

namespace {

// The text of the next such element, taken off the front.
std::optional<std::string> take(std::string_view& xml, std::string_view name) {
    const auto open = "<" + std::string{name} + ">";
    const auto close = "</" + std::string{name} + ">";
    const auto from = xml.find(open);
    const auto to = xml.find(close, from);
    if (from == std::string_view::npos || to == std::string_view::npos) return std::nullopt;
    std::string text{xml.substr(from + open.size(), to - from - open.size())};
    xml.remove_prefix(to + close.size());
    return text;
}

}  // namespace

ListPage read_list(std::string_view xml) {
    ListPage page;
    auto whole = xml;
    page.next = take(whole, "NextContinuationToken").value_or("");
    for (auto rest = xml; auto key = take(rest, "Key");) page.names.push_back(std::move(*key));
    return page;
}

std::string read_error(std::string_view xml) { return take(xml, "Code").value_or(""); }

}  // namespace mobilytics::objects
