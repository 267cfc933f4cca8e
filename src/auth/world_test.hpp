#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/crypto/password.hpp"
#include "platform/http/router.hpp"
#include "platform/testing/database.hpp"
#include "platform/testing/routes.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/accounts.hpp"
#include "src/auth/api_keys.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/invitations.hpp"
#include "src/auth/jobs.hpp"
#include "src/auth/memberships.hpp"
#include "src/auth/open_sessions.hpp"
#include "src/auth/passkeys.hpp"
#include "src/auth/people.hpp"
#include "src/auth/recoveries.hpp"
#include "src/auth/second_factor.hpp"
#include "src/auth/staff_members.hpp"
#include "src/auth/tokens.hpp"

// Two companies with people of every role, and a way to ask the real routes as any of them.
//
// Maple has ada (owner), max (manager), ann (analyst), vic (viewer), ivy (installer) and bo (billing); Oak has olga
// (owner). tom is manager of Maple and viewer of Oak; sam is staff. Everybody's password is the same.
namespace mobilytics::auth {

using Headers = std::map<std::string, std::string>;

// Keeps letters instead of sending them.
struct Postbox {
    std::mutex mutex;
    std::vector<mail::Message> letters;
};

class IntoPostbox : public mail::Transport {
public:
    explicit IntoPostbox(Postbox& box) : box_{box} {}
    void deliver(const mail::Letter& letter) override {
        std::lock_guard lock{box_.mutex};
        box_.letters.push_back(letter.message);
    }

private:
    Postbox& box_;
};

class WorldTest : public test::DatabaseTest {
protected:
    static constexpr std::string_view password = "correct horse battery";

    WorldTest() {
        add_company(maple, "Maple Fleet");
        add_company(oak, "Oak Outdoor");
        add_member("ada", maple, "owner");
        add_member("max", maple, "manager");
        add_member("ann", maple, "analyst");
        add_member("vic", maple, "viewer");
        add_member("ivy", maple, "installer");
        add_member("bo", maple, "billing");
        add_member("olga", oak, "owner");
        add_member("tom", maple, "manager");
        join("tom", oak, "viewer");
        add_person("sam", "admin");
        router.authenticate_with(authentication(auth, keys, tokens, nullptr));
        add_routes(router, auth);
        add_routes(router, keys);
        add_routes(router, tokens);
        add_routes(router, sessions);
        add_routes(router, second_factor);
        add_routes(router, passkeys);
        add_routes(router, accounts);
        add_routes(router, invitations);
        add_routes(router, memberships);
        add_routes(router, people_seen);
        add_routes(router, staff);
        add_routes(router, recoveries);
    }

    // Runs the jobs that wait, and gives the letters that were written since the last time.
    std::vector<mail::Message> letters_sent() {
        {
            jobs::Runner runner{runtime(), database(), clock(), queue};
            add_jobs(runner, letters);
            runner.start();
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{2};
            while (sql_value("select count(*) from jobs.jobs where state in ('ready', 'running')") != "0") {
                if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"the letters never went"};
                std::this_thread::sleep_for(std::chrono::milliseconds{5});
            }
        }
        std::lock_guard lock{postbox.mutex};
        return std::exchange(postbox.letters, {});
    }

    // The one letter that was written, which went to that person.
    mail::Message letter_to(const std::string& address) {
        auto sent = letters_sent();
        EXPECT_EQ(sent.size(), 1) << address;
        if (sent.size() != 1) return {};
        EXPECT_EQ(sent[0].to.address, address);
        return sent[0];
    }

    // What stands behind the # of a letter's link.
    static std::string token_in(const mail::Message& letter) {
        const auto begin = letter.text.find('#');
        if (begin == std::string::npos) return {};
        return letter.text.substr(begin + 1, letter.text.find('\n', begin) - begin - 1);
    }

    // Arranged behind the server's back.

    void add_company(CompanyId id, std::string_view name) {
        sql(
            std::format("insert into companies.companies (company_id, name, zone, country, created_at) "
                        "values ('{}', '{}', 'America/Toronto', 'CA', '2026-01-01')",
                        hex(id), name));
        names_[id] = name;
    }

    UserId add_person(const std::string& name, std::string_view staff_role = "") {
        static const std::string hash = crypto::hash_password(password);
        UserId id = UserId::make();
        people[name] = id;
        sql(
            std::format("insert into auth.users (user_id, email, name, password_hash, staff, staff_role, created_at) "
                        "values ('{}', '{}', '{}', '{}', '{}' <> '', nullif('{}', ''), '2026-01-01')",
                        hex(id), email_of(name), name, hash, staff_role, staff_role));
        return id;
    }

    void add_member(const std::string& name, CompanyId company, std::string_view role) {
        add_person(name);
        join(name, company, role);
    }

    void join(const std::string& name, CompanyId company, std::string_view role) {
        auto order = ++joined_;
        sql(
            std::format("insert into auth.memberships (company_id, user_id, role, created_at) "
                        "values ('{}', '{}', '{}', '2026-01-01'::timestamptz + interval '{} s')",
                        hex(company), hex(people.at(name)), role, order));
    }

    void suspend(CompanyId company) {
        sql(std::format("insert into auth.suspensions (company_id, since) values ('{}', '2026-01-01')", hex(company)));
    }

    static std::string email_of(const std::string& name) { return name + "@example.com"; }

    template <class Id>
    static std::string hex(const Id& id) {
        return ids::to_hex(id.uuid);
    }

    // Asking.

    test::Answer call(std::string target, std::string body = "", Headers headers = {}) {
        return run(test::Caller{router}.call(std::move(target), std::move(body), std::move(headers)));
    }

    static std::string credentials(const std::string& name, std::string_view secret = password) {
        return std::format(R"({{"email":"{}","password":"{}"}})", email_of(name), secret);
    }

    test::Answer sign_in(const std::string& name, std::string_view secret = password, Headers headers = {}) {
        return call("POST /v1/sessions", credentials(name, secret), std::move(headers));
    }

    static std::string cookie_of(const test::Answer& signed_in) {
        const std::string& line = signed_in.headers.at("Set-Cookie");
        return line.substr(0, line.find(';'));
    }

    static Headers headers_of(const test::Answer& signed_in) {
        return {{"Cookie", cookie_of(signed_in)}, {"X-Csrf-Token", signed_in.at("/csrf_token")}};
    }

    // "" is nobody, "key:ROLE" an API key of Maple with that role, anything else a person's session.
    Headers as(const std::string& who) {
        if (who.empty()) return {};
        auto known = headers_.find(who);
        if (known != headers_.end()) return known->second;
        Headers headers = who.starts_with("key:") ? bearer(make_key(who.substr(4))) : headers_of(sign_in(who));
        return headers_[who] = headers;
    }

    std::string make_key(const std::string& role) {
        auto made = call("POST /v1/api-keys", std::format(R"({{"name":"test","role":"{}"}})", role), as("ada"));
        return made.at("/secret");
    }

    static Headers bearer(const std::string& text) { return {{"Authorization", "Bearer " + text}}; }

    static Headers with(Headers headers, const std::string& name, const std::string& value) {
        headers[name] = value;
        return headers;
    }

    // All rows that a refused request must leave as they are; when somebody was last seen is not among them.
    std::string everything() {
        return sql_value(R"(
            select md5(
                (select coalesce(string_agg(t::text, ',' order by t::text), '') from auth.users t)
             || (select coalesce(string_agg(t::text, ',' order by t::text), '') from auth.memberships t)
             || (select coalesce(string_agg(t::text, ',' order by t::text), '') from auth.suspensions t)
             || (select coalesce(string_agg(t::text, ',' order by t::text), '') from auth.invitations t)
             || (select coalesce(string_agg(t::text, ',' order by t::text), '') from auth.mailed_tokens t)
             || (select coalesce(string_agg(concat(session_id, token_sha256, entered_company, expires_at), ','
                                            order by session_id), '') from auth.sessions)
             || (select coalesce(string_agg(concat(key_id, role, name, secret_sha256, revoked_at), ','
                                            order by key_id), '') from auth.api_keys)
             || (select count(*)::text from auth.sessions) || (select count(*)::text from auth.api_keys)
             || (select coalesce(string_agg(t::text, ',' order by t::text), '') from companies.companies t)
             || (select coalesce(string_agg(t::text, ',' order by t::text), '') from companies.parked_policies t)
             || (select count(*)::text from jobs.jobs)
             || (select count(*)::text from trail.events where outcome = 'success')))")
            .value();
    }

    const CompanyId maple = CompanyId::make();
    const CompanyId oak = CompanyId::make();
    std::map<std::string, UserId> people;
    jobs::Queue queue;
    trail::Trail trail{clock()};
    Postbox postbox;
    mail::Mailer mailer{clock(), {"Mobilytics", "no-reply@example.com"}, std::make_unique<IntoPostbox>(postbox)};
    crypto::Sealer sealer{std::string(crypto::Sealer::key_size, 'k')};
    JudgeFactor judge_factor = [this](User user, ShownFactor shown) {
        return second_factor.judge(std::move(user), std::move(shown));
    };
    ProvePasskey prove_passkey = [this](ShownPasskey shown, PasskeyUse use) {
        return passkeys.prove(std::move(shown), std::move(use));
    };
    const std::string pages = "https://app.example.com";
    Auth auth{database(), clock(), runtime(), trail, cards(), judge_factor, prove_passkey};
    ApiKeys keys{database(), clock(), trail};
    Tokens tokens{database(), clock(), trail, sealer, keys, pages};
    Letters letters{database(), clock(), queue, mailer, sealer, cards(), pages};
    Passkeys passkeys{database(), clock(), runtime(), trail, letters, sealer, webauthn::site_of(pages)};
    SecondFactor second_factor{database(), clock(), trail, letters, sealer, passkeys};
    OpenSessions sessions{database(), clock(), runtime(), trail, judge_factor, prove_passkey};
    Accounts accounts{database(), clock(), runtime(), trail, letters};
    Invitations invitations{database(), clock(), runtime(), trail, letters, cards()};
    Memberships memberships{database(), clock(), trail, letters};
    People people_seen{database(), clock(), trail, letters, cards()};
    StaffMembers staff{database(), clock(), trail, letters};
    Recoveries recoveries{database(), clock(), runtime(), trail, letters};
    http::Router router;

private:
    CompanyCards cards() {
        return [this](std::vector<CompanyId> ids) -> Task<std::vector<CompanyCard>> {
            std::vector<CompanyCard> found;
            for (CompanyId id : ids) {
                auto name = names_.find(id);  // companies that a test made by itself have none here
                found.push_back({id, name == names_.end() ? "New" : name->second, "America/Toronto", "CA", "MF"});
            }
            co_return found;
        };
    }

    std::map<CompanyId, std::string> names_;
    std::map<std::string, Headers> headers_;
    int joined_ = 0;
};

}  // namespace mobilytics::auth
