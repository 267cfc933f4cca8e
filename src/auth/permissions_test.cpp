#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "platform/http/request.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/principal.hpp"

// The role table, written a second time from the product's point of view: what each kind of user works with.
namespace mobilytics::auth {

namespace {

std::set<std::string> held_by(Role role) {
    std::set<std::string> held;
    for (Permission permission : all_permissions())
        if (allows(role, permission)) held.emplace(to_string(permission));
    return held;
}

using Names = std::set<std::string>;

TEST(Permissions, an_owner_may_everything) { EXPECT_EQ(held_by(Role::owner).size(), all_permissions().size()); }

TEST(Permissions, a_manager_runs_the_fleet_but_not_the_company) {
    Names withheld;
    for (Permission permission : all_permissions())
        if (!allows(Role::manager, permission)) withheld.emplace(to_string(permission));
    EXPECT_EQ(withheld, (Names{"company.edit", "members.manage", "api_keys.manage"}));
}

TEST(Permissions, an_analyst_reads_and_changes_nothing) {
    EXPECT_EQ(held_by(Role::analyst), (Names{"company.read", "assets.read", "devices.read", "campaigns.read",
                                             "analytics.read", "webhooks.read"}));
}

TEST(Permissions, a_viewer_sees_campaigns_and_their_numbers) {
    EXPECT_EQ(held_by(Role::viewer), (Names{"company.read", "assets.read", "campaigns.read", "analytics.read"}));
}

TEST(Permissions, an_installer_works_on_vehicles_and_devices_and_sees_no_campaign) {
    EXPECT_EQ(held_by(Role::installer),
              (Names{"company.read", "assets.read", "assets.edit", "devices.read", "devices.edit"}));
}

TEST(Permissions, billing_sees_what_it_pays_for_and_no_numbers) {
    EXPECT_EQ(held_by(Role::billing), (Names{"company.read", "campaigns.read"}));
}

TEST(Permissions, are_each_explained_in_a_sentence_of_their_own) {
    Names sentences;
    for (Permission permission : all_permissions()) {
        std::string sentence{sentence_of(permission)};
        EXPECT_TRUE(sentence.ends_with('.')) << sentence;
        EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
    }
}

TEST(Permissions, names_are_room_dot_verb_and_unique) {
    Names names;
    for (Permission permission : all_permissions()) {
        std::string name{to_string(permission)};
        EXPECT_EQ(std::ranges::count(name, '.'), 1) << name;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
}

TEST(Permissions, roles_are_known_by_the_names_the_database_holds) {
    for (Role role : all_roles()) EXPECT_EQ(role_from(to_string(role)), role);
    EXPECT_EQ(role_from("staff"), std::nullopt);
    EXPECT_EQ(role_from(""), std::nullopt);
    EXPECT_EQ(role_from("Owner"), std::nullopt);
}

// ---- staff

std::set<std::string> held_by(StaffRole role) {
    std::set<std::string> held;
    for (StaffPermission permission : all_staff_permissions())
        if (allows(role, permission)) held.emplace(to_string(permission));
    return held;
}

TEST(StaffPermissions, an_admin_may_everything) {
    EXPECT_EQ(held_by(StaffRole::admin).size(), all_staff_permissions().size());
}

TEST(StaffPermissions, support_looks_after_companies_and_people_and_not_after_staff_and_jobs) {
    Names withheld;
    for (StaffPermission permission : all_staff_permissions())
        if (!allows(StaffRole::support, permission)) withheld.emplace(to_string(permission));
    EXPECT_EQ(withheld, (Names{"companies.suspend", "device_models.edit", "jobs.manage", "staff.manage"}));
}

TEST(StaffPermissions, fulfilment_works_with_devices_and_sees_no_people) {
    EXPECT_EQ(held_by(StaffRole::fulfilment),
              (Names{"roles.read", "companies.read", "device_models.read", "device_models.edit", "staff_keys.own"}));
}

TEST(StaffPermissions, finance_keeps_companies_out_and_sees_no_people) {
    EXPECT_EQ(held_by(StaffRole::finance), (Names{"roles.read", "companies.read", "companies.edit", "companies.suspend",
                                                  "device_models.read", "staff_keys.own"}));
}

TEST(StaffPermissions, are_each_explained_in_a_sentence_and_named_room_dot_verb) {
    Names sentences, names;
    for (StaffPermission permission : all_staff_permissions()) {
        const std::string sentence{sentence_of(permission)}, name{to_string(permission)};
        EXPECT_TRUE(sentence.ends_with('.')) << sentence;
        EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
        EXPECT_EQ(std::ranges::count(name, '.'), 1) << name;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
}

TEST(StaffPermissions, roles_are_known_by_the_names_the_database_holds) {
    for (StaffRole role : all_staff_roles()) EXPECT_EQ(staff_role_from(to_string(role)), role);
    for (const char* other : {"owner", "", "Admin", "staff"}) EXPECT_EQ(staff_role_from(other), std::nullopt) << other;
}

// What the trail will say of an event, and the log of its request: the same ids lead from one to the other.
TEST(Actors, carry_the_ids_of_their_request) {
    http::Request request;
    request.method = http::Method::post;
    request.id = "request-1";
    request.trace.trace_id = "0af7651916cd43dd8448eb211c80319c";
    request.peer = "203.0.113.7";
    const auto user = UserId::make();
    request.set_principal(
        std::make_shared<const Principal>(Principal{.user = user, .company = CompanyId::make(), .role = Role::owner}));
    const auto by = Company::with(Permission::campaigns_edit, request).who();
    EXPECT_EQ(by.id, user.text());
    EXPECT_EQ(by.request_id, "request-1");
    EXPECT_EQ(by.trace_id, "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(by.address, "203.0.113.7");
    EXPECT_EQ(anyone(request).trace_id, by.trace_id);
}

}  // namespace

}  // namespace mobilytics::auth
