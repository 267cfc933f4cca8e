#pragma once

#include <format>
#include <string>

#include "src/auth/world_test.hpp"

// The two companies, and staff of every role beside sam, who is an admin: sue (support), fay (fulfilment) and fin
// (finance).
namespace mobilytics::auth {

class StaffWorldTest : public WorldTest {
protected:
    static constexpr const char* reason = R"({"reason":"asked for by her"})";

    StaffWorldTest() {
        add_person("sue", "support");
        add_person("fay", "fulfilment");
        add_person("fin", "finance");
    }

    std::string path_of(const std::string& who) { return "/v1/people/" + people.at(who).text(); }

    std::string staff_body(const std::string& who, std::string_view role) {
        return std::format(R"({{"user_id":"{}","role":"{}"}})", people.at(who).text(), role);
    }

    // An app that nobody holds, and two recovery codes.
    void add_app(const std::string& who) {
        sql(
            std::format("insert into auth.second_factors (user_id, secret_sealed, created_at, confirmed_at) "
                        "values ('{}', 'x', '2026-01-01', '2026-01-01')",
                        hex(people.at(who))));
    }

    void add_recovery_codes(const std::string& who) {
        sql(
            std::format("insert into auth.recovery_codes select '{}', sha256(n::text::bytea) "
                        "from generate_series(1, 2) n",
                        hex(people.at(who))));
    }

    void verify(const std::string& who) {
        sql(std::format("update auth.users set email_verified_at = '2026-01-01' where user_id = '{}'",
                        hex(people.at(who))));
    }

    struct MadeKey {
        ApiKeyId id;
        std::string secret;
    };
    MadeKey make_staff_key(const std::string& who) {
        const auto secret = run(keys.create_for_staff(Staff{.user = people.at(who)}, "backup of " + who)).secret;
        return {ApiKeyId{read_credential(staff_key_prefix, secret).value().id}, secret};
    }

    // "success tom, refused max": of one action, oldest first.
    std::string events(const std::string& action) {
        return sql_value(std::format("select coalesce(string_agg(outcome || ' ' || resource_label, ', ' "
                                     "order by company_id, sequence), '') from trail.events where action = '{}'",
                                     action))
            .value();
    }
};

}  // namespace mobilytics::auth
