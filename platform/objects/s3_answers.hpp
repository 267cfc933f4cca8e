#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mobilytics::objects {

// One page of S3's ListObjectsV2.
struct ListPage {
    std::vector<std::string> names;
    std::string next;  // continuation token; empty: this was the last page
};

// Reads the answer's XML: the texts of Contents/Key and NextContinuationToken. Keys that we write need no escapes.
ListPage read_list(std::string_view xml);

// "AccessDenied", "NoSuchBucket"; empty when the answer says nothing.
std::string read_error(std::string_view xml);

}  // namespace mobilytics::objects
