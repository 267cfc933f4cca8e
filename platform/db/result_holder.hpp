#pragma once

#include <libpq-fe.h>

#include "platform/db/result.hpp"

namespace mobilytics::db {

struct Result::Holder {
    PGresult* result;

    explicit Holder(PGresult* owned) : result{owned} {}
    ~Holder() { PQclear(result); }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
};

}  // namespace mobilytics::db
