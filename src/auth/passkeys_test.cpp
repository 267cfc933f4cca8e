#include "src/auth/passkeys.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <functional>
#include <string>
#include <utility>

#include "platform/crypto/one_time.hpp"
#include "src/auth/authenticator_test.hpp"
#include "src/auth/factor_store.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class PasskeyRoutes : public WorldTest {
protected:
    std::string begun(const Headers& who, TestAuthenticator& by) {
        auto options = call("POST /v1/passkeys/registration", "", who);
        EXPECT_EQ(options.status, 200) << options.body;
        by.handle = crypto::from_base64url(options.at("/user/id")).value_or("");
        return options.at("/challenge");
    }

    test::Answer finish(const Headers& who, const std::string& body) { return call("POST /v1/passkeys", body, who); }

    // Adds the device to Ada's account; `session` is hers.
    test::Answer add(std::string_view name = "Laptop") {
        session = as("ada");
        confirm();
        auto added = finish(session, device.registration(begun(session, device), name));
        EXPECT_EQ(added.status, 201) << added.body;
        return added;
    }

    void confirm() {
        auto answer =
            call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"}})", password), session);
        if (answer.status == 204) session["Cookie"] = cookie_of(answer);
    }

    std::string challenge() { return call("POST /v1/passkeys/challenge").at("/challenge"); }
    std::string challenge_to_confirm() { return call("POST /v1/passkeys/confirmation", "", session).at("/challenge"); }

    test::Answer enter(const std::string& assertion) {
        return call("POST /v1/sessions", std::format(R"({{"passkey":{}}})", assertion));
    }
    test::Answer enter_with_password(const std::string& more = "") {
        return call("POST /v1/sessions",
                    std::format(R"({{"email":"ada@example.com","password":"{}"{}}})", password, more));
    }
    test::Answer confirm_with(const std::string& assertion) {
        return call("POST /v1/sessions/current/confirm", std::format(R"({{"passkey":{}}})", assertion), session);
    }

    static std::string refusal(const test::Answer& answer) {
        return std::format("{} {}", answer.status, answer.status < 400 ? "" : answer.at("/code"));
    }

    Headers session;
    TestAuthenticator device;
};

TEST_F(PasskeyRoutes, a_passkey_is_added_signs_in_and_is_removed) {
    session = as("ada");
    clock().set(clock().now() + 16min);
    EXPECT_EQ(refusal(call("POST /v1/passkeys/registration", "", session)), "403 auth.not_confirmed");
    confirm();
    auto options = call("POST /v1/passkeys/registration", "", session);
    EXPECT_EQ(options.at("/rp/id") + " " + options.at("/attestation"), "app.example.com none");
    EXPECT_EQ(options.at("/authenticatorSelection/userVerification"), "required");
    EXPECT_EQ(options.items_at("/pubKeyCredParams"), 3);
    EXPECT_EQ(options.at("/user/id").size(), 43) << "32 random bytes";

    auto other = sign_in("ada");
    auto added = add("Ada's laptop");
    EXPECT_EQ(added.items_at("/recovery_codes"), 10);
    EXPECT_EQ(letter_to("ada@example.com").subject, "A passkey was added to your account");
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers_of(other)).status, 401) << "other sessions end";
    EXPECT_EQ(call("POST /v1/passkeys/registration", "", session).items_at("/excludeCredentials"), 1);

    auto request = call("POST /v1/passkeys/challenge");
    EXPECT_EQ(request.at("/rpId") + request.at("/allowCredentials"), "app.example.com[]");
    auto entered = enter(device.assertion(request.at("/challenge")));
    ASSERT_EQ(entered.status, 201) << entered.body;
    EXPECT_EQ(entered.at("/user/email"), "ada@example.com");
    EXPECT_EQ(sql_value("select string_agg(distinct method, ' ') from trail.events where action = 'session.opened'"),
              "passkey password");
    auto listed = call("GET /v1/passkeys", "", session);
    EXPECT_EQ(listed.at("/items/0/name"), "Ada's laptop");
    EXPECT_EQ(listed.at("/items/0/last_used_at"), "2026-03-08T07:16:00.000Z");
    EXPECT_EQ(sql_value("select array_to_string(transports, ',') from auth.passkeys"), "internal");

    const std::string at = "/v1/passkeys/" + listed.at("/items/0/id");
    EXPECT_EQ(call("PATCH " + at, R"({"name":"Work"})", session).at("/name"), "Work");
    EXPECT_EQ(refusal(call("PATCH " + at, R"({"name":" "})", session)), "422 auth.invalid_passkey");
    EXPECT_EQ(call("DELETE " + at, "", session).status, 204);
    EXPECT_EQ(letter_to("ada@example.com").subject, "A passkey of your account was removed");
    EXPECT_EQ(refusal(call("DELETE " + at, "", session)), "404 auth.passkey_not_found");
    EXPECT_EQ(refusal(enter(device.assertion(challenge()))), "403 auth.wrong_passkey");
    EXPECT_EQ(enter_with_password().status, 201) << "the password alone again";
    EXPECT_EQ(sql_value("select count(*) from auth.recovery_codes"), "0");
    EXPECT_EQ(sql_value("select string_agg(action, ' ' order by sequence) from trail.events "
                        "where action like 'account.%'"),
              "account.passkey_begun account.passkey_begun account.passkey_added account.passkey_begun "
              "account.passkey_renamed account.passkey_removed");
}

TEST_F(PasskeyRoutes, whoever_has_one_does_not_get_in_with_the_password_alone) {
    auto added = add();
    EXPECT_EQ(refusal(enter_with_password()), "403 auth.second_factor_required");
    EXPECT_EQ(enter_with_password(R"(,"passkey":)" + device.assertion(challenge())).status, 201);
    EXPECT_EQ(refusal(enter_with_password(R"(,"code":"123456")")), "403 auth.wrong_second_factor");
    EXPECT_EQ(enter_with_password(std::format(R"(,"code":"{}")", added.at("/recovery_codes/0"))).status, 201);
    EXPECT_EQ(sql_value("select string_agg(distinct method, ' ' order by method) from trail.events where action = "
                        "'session.opened' and outcome = 'success'"),
              "password password+code password+passkey");
    EXPECT_EQ(call("GET /v1/account/second-factor", "", session).at("/recovery_codes"), "9");
    EXPECT_EQ(call("POST /v1/account/second-factor/recovery-codes", "", session).items_at("/recovery_codes"), 10);

    // A right passkey tells nothing of a password, and another's does not stand in for hers.
    auto wrong =
        std::format(R"({{"email":"ada@example.com","password":"wrong","passkey":{}}})", device.assertion(challenge()));
    EXPECT_EQ(refusal(call("POST /v1/sessions", wrong)), "401 auth.wrong_credentials");
    auto of_another = std::format(R"({{"email":"max@example.com","password":"{}","passkey":{}}})", password,
                                  device.assertion(challenge()));
    EXPECT_EQ(refusal(call("POST /v1/sessions", of_another)), "403 auth.wrong_passkey");
    EXPECT_EQ(refusal(call("POST /v1/sessions", R"({"email":"ada@example.com"})")), "422 auth.incomplete_sign_in");
    EXPECT_EQ(refusal(call("POST /v1/sessions", "{}")), "422 auth.incomplete_sign_in");
}

TEST_F(PasskeyRoutes, beside_an_authenticator_app_either_will_do) {
    add();
    const auto secret = call("POST /v1/account/second-factor", "", session).at("/secret");
    auto factor = run(store::find_factor(database(), people.at("ada")));
    const auto key = sealer.open(factor.value().secret_sealed, "second factor of " + people.at("ada").text()).value();
    const auto code = [&] { return crypto::one_time_code(key, clock().now()); };
    EXPECT_EQ(call("POST /v1/account/second-factor/finish", std::format(R"({{"code":"{}"}})", code()), session).status,
              200);
    clock().set(clock().now() + 30s);
    EXPECT_EQ(enter_with_password(std::format(R"(,"code":"{}")", code())).status, 201);
    EXPECT_EQ(enter_with_password(R"(,"passkey":)" + device.assertion(challenge())).status, 201);
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201);
    EXPECT_EQ(call("DELETE /v1/account/second-factor", "", session).status, 204);
    EXPECT_EQ(sql_value("select count(*) from auth.recovery_codes"), "10") << "the passkey may go missing still";
}

TEST_F(PasskeyRoutes, an_assertion_is_good_once_and_for_five_minutes) {
    add();
    const auto once = device.assertion(challenge());
    EXPECT_EQ(enter(once).status, 201);
    EXPECT_EQ(refusal(enter(once)), "403 auth.wrong_passkey");
    const auto late = device.assertion(challenge());
    clock().set(clock().now() + 5min);
    EXPECT_EQ(refusal(enter(late)), "403 auth.wrong_passkey");
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201);
    EXPECT_EQ(sql_value("select count(*) from auth.spent_challenges"), "1") << "those that ended are forgotten";
}

TEST_F(PasskeyRoutes, of_two_who_show_the_same_at_once_one_gets_in) {
    add();
    const auto body = std::format(R"({{"passkey":{}}})", device.assertion(challenge()));
    test::Caller caller{router};
    auto one = start(caller.call("POST /v1/sessions", body), 0);
    auto two = start(caller.call("POST /v1/sessions", body), 1);
    const auto first = one.get().status, second = two.get().status;
    EXPECT_EQ(first + second, 201 + 403) << first << ' ' << second;
}

TEST_F(PasskeyRoutes, everything_wrong_is_refused_alike) {
    add();
    const auto before = everything();
    const auto refused_as = [&](const std::string& assertion, const char* what) {
        auto answer = enter(assertion);
        EXPECT_EQ(refusal(answer) + answer.at("/detail"),
                  "403 auth.wrong_passkey"
                  "This passkey does not sign you in here.")
            << what;
        EXPECT_FALSE(answer.headers.contains("Set-Cookie"));
    };
    const auto wrong = [&](const char* what, const std::function<void(TestAuthenticator&)>& change) {
        TestAuthenticator changed = device;
        change(changed);
        refused_as(changed.assertion(challenge()), what);
    };
    wrong("origin", [](auto& it) { it.origin = "https://app.example.com.evil.example"; });
    wrong("port", [](auto& it) { it.origin = "https://app.example.com:8443"; });
    wrong("scheme", [](auto& it) { it.origin = "http://app.example.com"; });
    wrong("site", [](auto& it) { it.site = "example.com"; });
    wrong("not verified", [](auto& it) { it.flags = 0x01; });
    wrong("not present", [](auto& it) { it.flags = 0x04; });
    wrong("backed up and not eligible", [](auto& it) { it.flags = 0x15; });
    wrong("frame of another site", [](auto& it) { it.more_client_data = R"(,"topOrigin":"https://evil.example")"; });
    wrong("another's handle", [](auto& it) { it.handle = std::string(32, 'x'); });
    wrong("no handle", [](auto& it) { it.handle = ""; });
    TestAuthenticator unknown;
    unknown.handle = device.handle;
    refused_as(unknown.assertion(challenge()), "unknown credential");
    unknown.id = device.id;
    refused_as(unknown.assertion(challenge()), "signed by another key");
    refused_as(device.assertion(crypto::random_token()), "a challenge of somebody's own");
    refused_as(device.assertion(challenge_to_confirm()), "a challenge of another ceremony");
    sql("update auth.users set disabled_at = now() where email = 'ada@example.com'");
    refused_as(device.assertion(challenge()), "disabled");
    sql("update auth.users set disabled_at = null where email = 'ada@example.com'");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(sql_value("select count(*) from trail.events where reason = 'wrong passkey' and outcome = 'refused'"),
              "15");
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201);
}

TEST_F(PasskeyRoutes, what_is_no_passkey_at_all_says_where) {
    auto answer = enter(R"({"id":"*","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"e30",)"
                        R"("signature":"e30"}})");
    EXPECT_EQ(refusal(answer) + answer.pointers(), "422 auth.invalid_passkey/passkey/id");
    answer = enter(R"({"id":"e30","type":"password","response":{"clientDataJSON":"e30","authenticatorData":"e30",)"
                   R"("signature":"e30"}})");
    EXPECT_EQ(refusal(answer) + answer.pointers(), "422 auth.invalid_passkey/passkey/type");
    answer = enter(R"({"id":"e30","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"e30",)"
                   R"("signature":"e30"}})");
    EXPECT_EQ(refusal(answer), "403 auth.wrong_passkey");
}

TEST_F(PasskeyRoutes, a_counter_that_does_not_grow_is_refused_and_told) {
    device.count = 7;
    add();
    TestAuthenticator copy = device;
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201);
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201);
    letters_sent();
    EXPECT_EQ(refusal(enter(copy.assertion(challenge()))), "403 auth.wrong_passkey");
    EXPECT_EQ(letter_to("ada@example.com").subject, "A passkey of yours may have been copied");
    EXPECT_EQ(sql_value("select outcome || ' ' || reason from trail.events where action = 'account.passkey_copied'"),
              "refused the counter of Laptop did not grow");
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201) << "hers goes on";
    device.count = 0;
    EXPECT_EQ(refusal(enter(device.again(challenge()))), "403 auth.wrong_passkey") << "one that counted does not stop";
}

TEST_F(PasskeyRoutes, a_passkey_confirms_the_session_it_was_asked_in) {
    add();
    clock().set(clock().now() + 16min);
    EXPECT_EQ(refusal(call("POST /v1/passkeys/registration", "", session)), "403 auth.not_confirmed");
    EXPECT_EQ(refusal(confirm_with(device.assertion(challenge()))), "403 auth.wrong_passkey") << "one to sign in";
    const auto elsewhere = headers_of(enter(device.assertion(challenge())));
    const auto asked_elsewhere = call("POST /v1/passkeys/confirmation", "", elsewhere).at("/challenge");
    EXPECT_EQ(refusal(confirm_with(device.assertion(asked_elsewhere))), "403 auth.wrong_passkey");
    EXPECT_EQ(refusal(call("POST /v1/sessions/current/confirm", "{}", session)), "422 auth.incomplete_confirmation");
    EXPECT_EQ(refusal(call("POST /v1/passkeys/registration", "", session)), "403 auth.not_confirmed");

    device.handle = "";  // which authenticators leave out where they were named
    const auto shown = device.assertion(challenge_to_confirm());
    auto confirmed = confirm_with(shown);
    ASSERT_EQ(confirmed.status, 204) << confirmed.body;
    session["Cookie"] = cookie_of(confirmed);
    EXPECT_EQ(call("POST /v1/passkeys/registration", "", session).status, 200);
    EXPECT_EQ(refusal(confirm_with(shown)), "403 auth.wrong_passkey") << "good once";

    // Beside the password, in the place of a code.
    auto body = std::format(R"({{"password":"{}","passkey":{}}})", password, device.assertion(challenge_to_confirm()));
    EXPECT_EQ(call("POST /v1/sessions/current/confirm", body, session).status, 204);
    EXPECT_EQ(
        refusal(call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"}})", password), elsewhere)),
        "403 auth.second_factor_required");
}

TEST_F(PasskeyRoutes, another_s_passkey_confirms_nothing_and_is_out_of_reach) {
    auto added = add();
    const auto ada = session;
    session = as("max");
    EXPECT_EQ(refusal(confirm_with(device.assertion(challenge_to_confirm()))), "403 auth.wrong_passkey");
    const std::string at = "/v1/passkeys/" + added.at("/passkey/id");
    EXPECT_EQ(refusal(call("PATCH " + at, R"({"name":"Mine"})", session)), "404 auth.passkey_not_found");
    EXPECT_EQ(refusal(call("DELETE " + at, "", session)), "404 auth.passkey_not_found");
    EXPECT_EQ(call("GET /v1/passkeys", "", session).items_at("/items"), 0);
    EXPECT_EQ(refusal(finish(session, device.registration(begun(session, device)))), "409 auth.passkey_known");
    EXPECT_EQ(call("GET /v1/passkeys", "", ada).items_at("/items"), 1);
    EXPECT_EQ(call("GET /v1/passkeys", "", as("key:owner")).status, 403) << "a program has none";
}

TEST_F(PasskeyRoutes, a_registration_is_judged_as_strictly) {
    session = as("ada");
    confirm();
    const auto wrong = [&](const char* what, const std::function<void(TestAuthenticator&)>& change) {
        TestAuthenticator changed;
        const auto asked = begun(session, changed);
        change(changed);
        EXPECT_EQ(refusal(finish(session, changed.registration(asked))), "422 auth.passkey_refused") << what;
    };
    wrong("origin", [](auto& it) { it.origin = "https://evil.example"; });
    wrong("site", [](auto& it) { it.site = "evil.example"; });
    wrong("not verified", [](auto& it) { it.flags = 0x01; });
    wrong("frame of another site", [](auto& it) { it.more_client_data = R"(,"crossOrigin":true)"; });
    EXPECT_EQ(refusal(finish(session, device.registration(challenge()))), "422 auth.passkey_refused") << "to sign in";
    const auto of_max = begun(as("max"), device);
    EXPECT_EQ(refusal(finish(session, device.registration(of_max))), "422 auth.passkey_refused") << "of another";
    const auto late = begun(session, device);
    clock().set(clock().now() + 5min);
    EXPECT_EQ(refusal(finish(session, device.registration(late))), "422 auth.passkey_refused");
    const auto asked = begun(session, device);
    EXPECT_EQ(refusal(finish(session, device.registration(asked, " "))), "422 auth.invalid_passkey");
    EXPECT_EQ(finish(session, device.registration(asked)).status, 201);
    EXPECT_EQ(refusal(finish(session, TestAuthenticator{}.registration(asked))), "422 auth.passkey_refused")
        << "a challenge is good once";
    EXPECT_EQ(sql_value("select count(*) from auth.passkeys"), "1");
}

TEST_F(PasskeyRoutes, a_person_has_ten_at_most) {
    session = as("ada");
    confirm();
    TestAuthenticator last;
    const auto spare = begun(session, last);
    for (int i = 0; i < 10; ++i) {
        TestAuthenticator one;
        const auto asked = begun(session, one);
        EXPECT_EQ(finish(session, one.registration(asked, std::format("Key {}", i))).status, 201) << i;
    }
    EXPECT_EQ(refusal(finish(session, last.registration(spare))), "409 auth.too_many_passkeys");
    EXPECT_EQ(refusal(call("POST /v1/passkeys/registration", "", session)), "409 auth.too_many_passkeys");
    auto page = call("GET /v1/passkeys?limit=4", "", session);
    EXPECT_EQ(page.at("/items/3/name"), "Key 3");
    auto next = call("GET /v1/passkeys?limit=10&cursor=" + page.at("/next_cursor"), "", session);
    EXPECT_EQ(next.at("/items/0/name") + " " + next.at("/next_cursor"), "Key 4 null");
}

TEST_F(PasskeyRoutes, guesses_are_slowed_down_and_a_success_is_taken_back) {
    add();
    for (int i = 0; i < 100; ++i) {
        TestAuthenticator unknown;
        enter(unknown.assertion(challenge()));
    }
    int refused = 0;
    for (int i = 0; i < 2; ++i)
        if (enter(device.assertion(challenge())).at("/code") == "auth.too_many_attempts") ++refused;
    EXPECT_GE(refused, 1);
    clock().set(clock().now() + 2s);
    EXPECT_EQ(enter(device.assertion(challenge())).status, 201) << "two seconds, and not for ever";
}

}  // namespace

}  // namespace mobilytics::auth
