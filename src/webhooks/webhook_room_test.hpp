#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <deque>
#include <format>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "platform/jobs/jobs.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/world_test.hpp"
#include "src/webhooks/webhooks.hpp"

// What the tests of this room share: endpoints of Maple and Oak, a receiver that answers as it is told, and a runner.
namespace mobilytics::webhooks {

class WebhookRoomTest : public auth::WorldTest {
protected:
    WebhookRoomTest() {
        trail.subscribe([this](db::Session& session, const trail::Recorded& event) -> Task<void> {
            co_await webhooks.tell(session, event);
        });
        add_routes(router, webhooks);
    }
    ~WebhookRoomTest() override { runner_.reset(); }

    test::Answer ask(const std::string& who, std::string target, std::string body = "") {
        return call(std::move(target), std::move(body), as(who));
    }

    std::string outcome(const std::string& who, std::string target, std::string body = "") {
        const auto answer = ask(who, std::move(target), std::move(body));
        return std::to_string(answer.status) + (answer.status < 400 ? "" : " " + answer.at("/code"));
    }

    struct Added {
        std::string id;
        std::string path;
        std::string secret;
    };
    // `rest` continues the body.
    Added added(const std::string& who = "ada", const std::string& rest = "") {
        const auto answer =
            ask(who, "POST /v1/webhooks", std::format(R"({{"url":"https://hooks.example.com/{}"{}}})", who, rest));
        EXPECT_EQ(answer.status, 201) << answer.body;
        return {answer.at("/webhook/id"), "/v1/webhooks/" + answer.at("/webhook/id"), answer.at("/secret")};
    }

    // Something happened in another room.
    trail::Entry something(std::string action = "campaign.launched") {
        return {.action = std::move(action), .resource_id = "cmp_1", .resource_label = "Spring"};
    }
    void happen(CompanyId company, trail::Entry entry) {
        run(database().transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
            co_await trail.record(session, company, {.kind = "person", .id = "usr_1"}, entry);
        }));
    }
    void happen(std::string action = "campaign.launched") { happen(maple, something(std::move(action))); }

    // What the receiver answers next, in order; then always 200.
    void will_answer(std::vector<outbound::Sent> answers) {
        std::lock_guard lock{mutex_};
        answers_.assign(answers.begin(), answers.end());
    }
    std::vector<outbound::Post> posts() {
        std::lock_guard lock{mutex_};
        return posts_;
    }

    // Everything that is due is done: the runner works until nothing is.
    void work() {
        if (!runner_) {
            runner_ = std::make_unique<jobs::Runner>(runtime(), database(), clock(), queue,
                                                     jobs::RunnerOptions{.poll = std::chrono::milliseconds{50}});
            add_jobs(*runner_, webhooks);
            runner_->start();
        }
        runner_->wake();
        until([&] {
            return sql_value(std::format("select count(*) from jobs.jobs where kind = 'webhooks.deliver' and "
                                         "(state <> 'ready' or run_at <= '{}')",
                                         clock::to_rfc3339(clock().now()))) == "0";
        });
    }
    void pass(std::chrono::milliseconds time) {
        clock().set(clock().now() + time);
        work();
    }

    void until(const std::function<bool()>& true_now) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{2};
        while (!true_now()) {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"it never came true"};
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
    }

    // "campaign.launched succeeded 1 200", one delivery a line, oldest first.
    std::string deliveries(const std::string& endpoint_id = "") {
        return sql_value(
                   "select coalesce(string_agg(concat_ws(' ', type, state, attempts, last_status), E'\\n' order by "
                   "delivery_id), '') from webhooks.deliveries" +
                   (endpoint_id.empty()
                        ? ""
                        : " where endpoint_id = '" + ids::to_hex(EndpointId::parse(endpoint_id).value().uuid) + "'"))
            .value();
    }

    // Actions of the trail that begin with "webhook.", in order.
    std::string trail_of(CompanyId company) {
        return sql_value(
                   "select coalesce(string_agg(action, ' ' order by sequence), '') from trail.events "
                   "where action like 'webhook.%' and company_id = '" +
                   ids::to_hex(company.uuid) + "'")
            .value();
    }

    static std::string header_of(const outbound::Post& post, const std::string& name) {
        for (const std::string& line : post.headers)
            if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
        return "(absent)";
    }

    metrics::Registry registry;
    jobs::Queue queue;
    trail::Trail trail{clock()};
    // Taken by tests that need an answer to wait.
    std::function<Task<outbound::Sent>(outbound::Post)> receiver = [this](outbound::Post post) -> Task<outbound::Sent> {
        co_return next_answer(std::move(post));
    };
    Webhooks webhooks{database(),
                      clock(),
                      queue,
                      trail,
                      crypto::Sealer{std::string(32, 'k')},
                      {.post = [this](outbound::Post post) { return receiver(std::move(post)); },
                       .wrong_with = [](const std::string& url) { return outbound::wrong_with(url, {}); }},
                      Tally{registry}};

private:
    outbound::Sent next_answer(outbound::Post post) {
        std::lock_guard lock{mutex_};
        posts_.push_back(std::move(post));
        if (answers_.empty()) return {.status = 200, .body = "thanks"};
        auto next = std::move(answers_.front());
        answers_.pop_front();
        return next;
    }

    std::mutex mutex_;
    std::deque<outbound::Sent> answers_;
    std::vector<outbound::Post> posts_;
    std::unique_ptr<jobs::Runner> runner_;
};

}  // namespace mobilytics::webhooks
