#include "platform/http/router.hpp"
#include "src/auth/notices.hpp"

// URLs of what one is told by mail.
namespace mobilytics::auth {

namespace {

struct NotificationsOut {
    bool webhook_disabled = true;
    bool api_key_ending = true;
    bool member_joined = true;
    bool alert_fired = true;

    static constexpr json::Field about[] = {
        {.name = "webhook_disabled",
         .description = "A letter when a webhook is disabled because nothing gets through; who holds webhooks.manage."},
        {.name = "api_key_ending",
         .description = "A letter seven days before an API key ends; who holds api_keys.manage."},
        {.name = "member_joined", .description = "A letter when somebody joins; who holds members.manage."},
        {.name = "alert_fired",
         .description = "A letter when the product finds something wrong with itself; staff who hold jobs.read."},
    };
};

struct NotificationsPatchIn {
    std::optional<bool> webhook_disabled;
    std::optional<bool> api_key_ending;
    std::optional<bool> member_joined;
    std::optional<bool> alert_fired;
};

NotificationsOut to_out(const Wishes& wishes) {
    return {wishes.webhook_disabled, wishes.api_key_ending, wishes.member_joined, wishes.alert_fired};
}

}  // namespace

void add_routes(http::Router& router, Notices& notices) {
    auto group = router.group("auth");
    group.get("/v1/account/notifications",
              {.id = "account.notifications",
               .summary = "What one is told by mail",
               .description = "In all of one's companies. Letters that guard the account are always sent."},
              [&notices](Person actor) -> Task<NotificationsOut> {
                  auto wishes = co_await notices.wishes(actor);
                  co_return to_out(wishes);
              });
    group.patch("/v1/account/notifications",
                {.id = "account.change_notifications", .summary = "Choose what one is told by mail"},
                [&notices](Person actor, http::Body<NotificationsPatchIn> body) -> Task<NotificationsOut> {
                    WishesPatch patch{body->webhook_disabled, body->api_key_ending, body->member_joined,
                                      body->alert_fired};
                    auto wishes = co_await notices.change(actor, patch);
                    co_return to_out(wishes);
                });
}

}  // namespace mobilytics::auth
