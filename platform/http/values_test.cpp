#include <gtest/gtest.h>

#include "platform/crypto/encoding.hpp"
#include "platform/http/bind.hpp"
#include "platform/http/cursor.hpp"
#include "platform/http/media_type.hpp"
#include "platform/problem/problem.hpp"

// The small grammars: query strings, cursors, media types, encodings, tags, cookies.
namespace mobilytics::http {

namespace {

struct ThingTag {
    static constexpr std::string_view prefix = "tng";
};
using ThingId = ids::Id<ThingTag>;
enum class State { draft, live };
struct ValueFilter {
    std::optional<State> state;
    std::optional<std::string> q;
    std::optional<clock::Instant> from;
    std::optional<bool> stale;
    std::optional<ThingId> thing;
    std::vector<int> zooms;
    double weight;
    static constexpr json::Field about[] = {{.name = "q", .max_length = 4}, {.name = "weight", .maximum = 2}};
};
const std::string id_text = "tng_01jzzzzzzzzzzzzzzzzzzzzzzz";

std::string packed(std::string_view text) { return crypto::to_base64url(text); }

// The names of what is wrong, or "accepted".
std::string refusal(std::string_view query) {
    try {
        QueryReader reader{query};
        bind::read_fields<ValueFilter>(reader);
        reader.finish();
        return "accepted";
    } catch (const Problem& problem) {
        std::string text = problem.code();
        for (const auto& error : problem.errors()) text += " " + error.pointer + " " + error.detail + ".";
        return text;
    }
}

// The same of a form.
std::string refusal_of_form(std::string_view text) {
    try {
        bind::read_form<ValueFilter>(text);
        return "accepted";
    } catch (const Problem& problem) {
        std::string said = problem.code();
        for (const auto& error : problem.errors()) said += " " + error.pointer + " " + error.detail + ".";
        return said;
    }
}

TEST(Form, ReadsAsAQueryDoesButIgnoresUnknownNames) {
    const auto form =
        bind::read_form<ValueFilter>("state=live&q=a+%2B&weight=1.5&zooms=1&nobody_knows=x&nobody_knows=y");
    EXPECT_EQ(form.state, State::live);
    EXPECT_EQ(form.q, "a +");
    EXPECT_EQ(refusal_of_form("weight=1&zooms=1"), "accepted");
    EXPECT_EQ(refusal_of_form("weight=1&zooms=1&weight=1"), "http.invalid_body /weight is given more than once.");
    EXPECT_EQ(refusal_of_form("zooms=1"), "http.invalid_body /weight is required.");
    EXPECT_EQ(refusal_of_form("weight=%zz"), "http.malformed_form");
    EXPECT_EQ(refusal_of_form("weight=1&zooms=1&q=%00"), "http.malformed_form");
    EXPECT_EQ(refusal_of_form("weight=1&zooms=1&q=%ff"), "http.malformed_form");
}

TEST(Query, ReadsEveryKindOfValue) {
    QueryReader reader{"state=live&q=a%20%2B+b&from=2026-03-08T07:00:00Z&stale=true&zooms=1,2,3&weight=1.5&thing=" +
                       id_text};
    auto filter = bind::read_fields<ValueFilter>(reader);
    EXPECT_EQ(refusal("state=live&weight=1&zooms=1&q=%C3%A9%C3%A9%C3%A9%C3%A9"), "accepted");
    EXPECT_EQ(filter.state, State::live);
    EXPECT_EQ(filter.q, std::nullopt);  // longer than its limit
    EXPECT_EQ(clock::to_rfc3339(*filter.from), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(filter.stale, true);
    EXPECT_EQ(filter.zooms, (std::vector{1, 2, 3}));
    EXPECT_EQ(filter.weight, 1.5);
    EXPECT_EQ(filter.thing->text(), id_text);
}

TEST(Query, NamesEverythingThatIsWrong) {
    EXPECT_EQ(refusal("weight=1"), "http.invalid_query ?zooms is required.");
    EXPECT_EQ(refusal("zooms=1&weight=3&state=gone&stale=1&thing=x&extra=1&q=12345"),
              "http.invalid_query ?state must be one of draft live. ?q is too long. ?stale must be true or false. "
              "?thing is not well formed. ?weight must be at most 2. ?extra is not a parameter of this operation.");
    EXPECT_EQ(refusal("zooms=1,x&weight=1"), "http.invalid_query ?zooms must be a whole number.");
    EXPECT_EQ(refusal("zooms=1&weight=1&q=a&q=b"), "http.invalid_query ?q is given more than once.");
    EXPECT_EQ(refusal("zooms=99999999999&weight=nan"),
              "http.invalid_query ?zooms is out of range. ?weight must be a number.");
    for (std::string_view bad : {"q=%", "q=%zz", "q=%00", "q=%ff", "%ff=1"})
        EXPECT_EQ(refusal(bad), "http.malformed_query");
}

TEST(Query, PagingIsLimited) {
    auto paging = [](std::string_view query) {
        QueryReader reader{query};
        auto value = bind::read_paging(reader);
        reader.finish();
        return value;
    };
    EXPECT_EQ(paging("").limit, 50);
    EXPECT_EQ(paging("limit=200&cursor=abc").cursor, "abc");
    for (std::string_view bad : {"limit=0", "limit=201", "limit=-1", "limit=x", "limit="})
        EXPECT_THROW(paging(bad), Problem) << bad;
    EXPECT_THROW((paging("cursor=abc").after<std::int64_t>()), Problem);
    EXPECT_EQ((paging("").after<std::int64_t>()), std::nullopt);
}

TEST(Cursor, ComesBackAsItWas) {
    auto at = *clock::from_rfc3339("2026-03-08T07:00:00.123Z");
    auto id = *ThingId::parse(id_text);
    auto text = encode_cursor(at, id, std::string{"a:b,c"}, 7);
    EXPECT_EQ(text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"),
              std::string::npos);
    auto [at_again, id_again, name, count] = decode_cursor<clock::Instant, ThingId, std::string, int>(text);
    EXPECT_EQ(at_again, at);
    EXPECT_EQ(id_again, id);
    EXPECT_EQ(name, "a:b,c");
    EXPECT_EQ(count, 7);
}

TEST(Cursor, RefusesEverythingElse) {
    auto good = encode_cursor(std::int64_t{5}, std::string{"x"});
    const std::string cases[] = {"",
                                 "!",
                                 good + "A",
                                 good.substr(1),
                                 packed("5:1"),
                                 packed("99999999999999999999:x"),
                                 packed("1:51:x1:y"),
                                 packed("1:x1:x"),
                                 packed(":"),
                                 packed("-1:5"),
                                 packed("1:52:\xc3("),
                                 packed({"1:51:\0", 7})};
    for (const auto& text : cases) EXPECT_THROW((decode_cursor<std::int64_t, std::string>(text)), Problem) << text;
    EXPECT_THROW((decode_cursor<std::string>(good)), Problem);
    EXPECT_THROW((decode_cursor<clock::Instant>(packed("19:9223372036854775807"))), Problem);
    EXPECT_THROW((decode_cursor<clock::Instant>(packed("15:253402300800000"))), Problem);
}

TEST(MediaType, ReadsNameAndCharset) {
    EXPECT_EQ(media_type("Application/JSON; charset=\"UTF-8\"").name, "application/json");
    EXPECT_EQ(media_type("Application/JSON; charset=\"UTF-8\"").charset, "utf-8");
    EXPECT_EQ(media_type("application/json;charset=latin1").charset, "latin1");
    EXPECT_EQ(media_type("json").name, "");
    EXPECT_EQ(media_type("").name, "");
}

TEST(Encodings, TheClientsWishDecides) {
    struct Case {
        std::string_view accept;
        Encoding both, gzip_only, none;
    };
    using enum Encoding;
    const Case cases[] = {
        {"", plain, plain, plain},
        {"gzip, deflate, br", brotli, gzip, plain},
        {"br;q=0.5, gzip;q=0.8", gzip, gzip, plain},
        {"br;q=0.8, gzip;q=0.8", brotli, gzip, plain},
        {"br;q=0, gzip", gzip, gzip, plain},
        {"*", brotli, gzip, plain},
        {"*;q=0", plain, plain, plain},
        {"gzip;q=0, *", brotli, plain, plain},
        {"identity, gzip;q=0.5", plain, plain, plain},
        {"identity;q=0.5, gzip;q=0.5", gzip, gzip, plain},
        {"GZIP", gzip, gzip, plain},
        {"gzip;q=2, br;q=abc", plain, plain, plain},
        {"gzip;q=0.001", gzip, gzip, plain},
        {" br ; q=1.0 ,gzip;q=0.9999", brotli, plain, plain},
    };
    for (const auto& test : cases) {
        SCOPED_TRACE(test.accept);
        EXPECT_EQ(chosen_encoding(test.accept, true, true), test.both);
        EXPECT_EQ(chosen_encoding(test.accept, true, false), test.gzip_only);
        EXPECT_EQ(chosen_encoding(test.accept, false, false), test.none);
    }
}

TEST(Tags, IfMatchIsStrongAndIfNoneMatchIsNot) {
    EXPECT_TRUE(matches_tag("\"a\"", "a", false));
    EXPECT_TRUE(matches_tag("\"x\", \"a-gz\"", "a", false));
    EXPECT_FALSE(matches_tag("W/\"a\"", "a", false));
    EXPECT_TRUE(matches_tag("W/\"a\"", "a", true));
    EXPECT_TRUE(matches_tag(" * ", "a", false));
    for (std::string_view other : {"", "a", "\"ab\"", "\"a", "\"a-br-br\""})
        EXPECT_FALSE(matches_tag(other, "a", true)) << other;
}

TEST(Tags, ListsAreToldFromOtherText) {
    for (std::string_view list :
         {"*", " * ", "\"a\"", "W/\"a\"", "\"a\" ,\t\"\"", ", \"a,b\",, \"c\" ,", "\"\xc3\xa9\""})
        EXPECT_TRUE(is_tag_list(list)) << list;
    for (std::string_view other :
         {"", ",", "a", "\"a", "a\"", "W/", "W/a", "\"a\" \"b\"", "\"a\", b", "*, \"a\"", "\"a b\"", "\"a\x7f\""})
        EXPECT_FALSE(is_tag_list(other)) << other;
}

TEST(Tags, LinesOfIfMatchAreOneList) {
    Request request;
    request.headers = {{"If-Match", "\"a\""}, {"if-match", "\"b\""}};
    EXPECT_NO_THROW(bind::read_if_match(request).require("b"));
    EXPECT_THROW(bind::read_if_match(request).require("c"), Problem);
    EXPECT_EQ(bind::read_if_match(Request{}).tags, std::nullopt);
    request.headers = {{"If-Match", "\"a\""}, {"If-Match", "a"}};
    EXPECT_THROW(bind::read_if_match(request), Problem);
}

TEST(RequestValues, CookiesAndCredentials) {
    Request request;
    request.headers = {{"cookie", "a=1; __Host-x=tok=en ;b=2"}, {"AUTHORIZATION", "bearer  abc"}};
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("b"), "2");
    EXPECT_EQ(request.cookie("__Host-x"), "tok=en ");
    EXPECT_FALSE(request.cookie("Host-x"));
    EXPECT_EQ(request.bearer(), "abc");
    request.headers = {{"Authorization", "Basic abc"}};
    EXPECT_FALSE(request.bearer());
    request.headers = {{"Authorization", "Bearer "}};
    EXPECT_FALSE(request.bearer());
}

TEST(RequestValues, APrincipalHasItsType) {
    Request request;
    EXPECT_EQ(request.principal<int>(), nullptr);
    request.set_principal(std::make_shared<const int>(5));
    EXPECT_EQ(*request.principal<int>(), 5);
    EXPECT_EQ(request.principal<long>(), nullptr);
    request.reset();
    EXPECT_EQ(request.principal<int>(), nullptr);
}

}  // namespace

}  // namespace mobilytics::http
