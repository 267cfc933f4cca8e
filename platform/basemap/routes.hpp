#pragma once

#include <memory>

#include "platform/basemap/archive.hpp"

namespace mobilytics::http {
class Router;
}

namespace mobilytics::basemap {

// GET /v1/basemap says what there is; GET /tiles/base/{z}/{x}/{y} gives a tile as it is stored, 204 where the file has
// none, 404 "basemap.none" without a file (null). Open to everyone: the map is the operator's public ground, not
// anybody's data.
void add_routes(http::Router& router, std::shared_ptr<const Archive> archive);

}  // namespace mobilytics::basemap
