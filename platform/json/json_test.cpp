#include "platform/json/json.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mobilytics::json {

namespace {

struct ThingTag {
    static constexpr std::string_view prefix = "tng";
};
using ThingId = ids::Id<ThingTag>;
enum class Colour { red, dark_blue, new_ };

struct Part {
    std::string name;
    double share;
};
struct Thing {
    ThingId id;
    std::string name;
    std::optional<std::string> note;
    Colour colour;
    clock::Instant at;
    std::vector<Part> parts;
    int count;
    static constexpr Field about[] = {{.name = "name", .description = "A name.", .min_length = 1, .max_length = 5},
                                      {.name = "count", .minimum = 1, .maximum = 9},
                                      {.name = "parts", .max_length = 2}};
};
struct Patch {
    std::optional<std::string> name;
    Change<double> goal;
};
struct Numbers {
    int whole;
    std::int64_t wide;
    std::uint8_t small;
    double real;
};
struct Lists {
    std::array<double, 3> bins;
    std::map<std::string, int> counts;
    std::vector<std::optional<int>> gaps;
};

const std::string id_text = "tng_01jzzzzzzzzzzzzzzzzzzzzzzz";

std::string thing(std::string_view changes = "") {
    std::string text = R"({"id":")" + id_text +
                       R"(","name":"abc","colour":"dark_blue","at":"2026-03-08T07:00:00+01:00","parts":[],"count":3)";
    return text.append(changes).append("}");
}

std::string explain(const ReadError& error) {
    if (error.malformed) return "malformed: " + error.detail;
    std::string text;
    for (const auto& entry : error.errors) text += entry.pointer + " " + entry.detail + "\n";
    return text;
}

template <class T>
std::string refusal(std::string_view text) {
    auto value = read<T>(text);
    return value ? "accepted" : explain(value.error());
}

TEST(Json, ReadsAndWritesThePlatformsTypes) {
    auto value = read<Thing>(thing());
    ASSERT_TRUE(value) << explain(value.error());
    EXPECT_EQ(value->colour, Colour::dark_blue);
    EXPECT_FALSE(value->note);
    EXPECT_EQ(write(*value), R"({"id":")" + id_text +
                                 R"(","name":"abc","note":null,"colour":"dark_blue","at":"2026-03-08T06:00:00.000Z",)"
                                 R"("parts":[],"count":3})");
}

TEST(Json, NamesOfEnumsLoseTheUnderscoreThatCppNeeds) {
    EXPECT_EQ(name_of(Colour::new_), "new");
    EXPECT_EQ(value_named<Colour>("new"), Colour::new_);
    EXPECT_EQ(value_named<Colour>("new_"), std::nullopt);
    EXPECT_EQ(write(std::vector{Colour::red, Colour::new_}), R"(["red","new"])");
}

TEST(Json, TellsAbsentNullAndValueApartInAPatch) {
    auto absent = read<Patch>("{}");
    ASSERT_TRUE(absent);
    EXPECT_FALSE(absent->goal.given);
    EXPECT_EQ(absent->goal.apply_to(5.0), 5.0);
    auto cleared = read<Patch>(R"({"goal":null})");
    ASSERT_TRUE(cleared);
    EXPECT_TRUE(cleared->goal.given);
    EXPECT_EQ(cleared->goal.apply_to(5.0), std::nullopt);
    auto set = read<Patch>(R"({"goal":7,"name":"x"})");
    ASSERT_TRUE(set);
    EXPECT_EQ(set->goal.apply_to(5.0), 7.0);
}

TEST(Json, NamesEveryWrongPlaceByPointer) {
    EXPECT_EQ(refusal<Thing>("{}"),
              "/id is required\n/name is required\n/colour is required\n/at is required\n/parts is required\n"
              "/count is required\n");
    EXPECT_EQ(refusal<Thing>(R"({"id":"x_1","name":null,"colour":"green","at":"noon","parts":[{"name":5,"share":"a"}],)"
                             R"("count":1.5,"a/b~c":1})"),
              "/id must be an id that begins with tng_\n/name must not be null\n"
              "/colour must be one of red, dark_blue, new\n"
              "/at must be a time such as 2026-03-08T07:00:00Z: " +
                  clock::from_rfc3339("noon").error() +
                  "\n/parts/0/name must be text\n/parts/0/share must be a number\n/count must be a whole number\n"
                  "/a~1b~0c is not a field of this object\n");
    EXPECT_EQ(refusal<Thing>("[]"), " must be an object\n");
    EXPECT_EQ(refusal<Thing>(thing(R"(,"parts":[{"name":"a","share":1,"x":0}])")),
              "/parts/0/x is not a field of this object\n");
}

TEST(Json, LimitsOfFieldsAreEnforced) {
    EXPECT_EQ(refusal<Thing>(thing(R"(,"name":"")")), "/name must not be empty\n");
    EXPECT_EQ(refusal<Thing>(thing(R"(,"name":"abcdef")")), "/name must have at most 5 characters\n");
    EXPECT_EQ(refusal<Thing>(thing(R"(,"name":"ééééé")")), "accepted");
    EXPECT_EQ(refusal<Thing>(thing(R"(,"count":0)")), "/count must be at least 1\n");
    EXPECT_EQ(refusal<Thing>(thing(R"(,"count":10)")), "/count must be at most 9\n");
    const std::string part = R"({"name":"a","share":1})";
    EXPECT_EQ(refusal<Thing>(thing(R"(,"parts":[)" + part + "," + part + "," + part + "]")),
              "/parts must have at most 2 items\n");
}

TEST(Json, RefusesWhatIsNotJson) {
    const std::string cases[] = {"",
                                 " ",
                                 "{",
                                 "nul",
                                 "{\"name\":}",
                                 thing() + "x",
                                 thing() + "{}",
                                 "{'name':1}",
                                 "{\"a\":1,}",
                                 "[1,2",
                                 "\"\\ud800\"",
                                 "{\"name\":\"\x01\"}",
                                 "{\"name\":\"\xFF\"}",
                                 "{\"\xC0\xAF\":1}",
                                 "// c\n{}"};
    for (const auto& text : cases)
        EXPECT_TRUE(refusal<Thing>(text).starts_with("malformed: ")) << text << refusal<Thing>(text);
    EXPECT_EQ(refusal<Thing>("{\n  \"name\": x}").substr(0, 49), "malformed: The body cannot be read at line 2, col");
}

TEST(Json, RefusesDeepNesting) {
    std::string deep(100000, '[');
    EXPECT_NE(refusal<Thing>(deep).find("nested too deeply"), std::string::npos);
    std::string members;
    for (int i = 0; i < 100000; ++i) members += "{\"a\":";
    EXPECT_NE(refusal<Thing>(members), "accepted");
}

TEST(Json, RefusesNumbersOutOfRangeAndOfTheWrongKind) {
    auto with = [](std::string whole, std::string wide, std::string small, std::string real) {
        return refusal<Numbers>(R"({"whole":)" + whole + R"(,"wide":)" + wide + R"(,"small":)" + small + R"(,"real":)" +
                                real + "}");
    };
    EXPECT_EQ(with("1", "2", "3", "4.5"), "accepted");
    EXPECT_EQ(with("-2147483648", "9223372036854775807", "255", "1e308"), "accepted");
    EXPECT_EQ(with("2147483648", "2", "3", "4"), "/whole is out of range\n");
    EXPECT_EQ(with("1", "9223372036854775808", "3", "4"), "/wide is not well formed or out of range\n");
    EXPECT_EQ(with("1", "2", "256", "4"), "/small must be at most 255\n");
    EXPECT_EQ(with("1", "2", "-1", "4"), "/small must be at least 0\n");
    EXPECT_EQ(with("1.5", "2", "3", "4"), "/whole must be a whole number\n");
    EXPECT_EQ(with("\"1\"", "2", "3", "4"), "/whole must be a whole number\n");
    EXPECT_EQ(with("true", "2", "3", "4"), "/whole must be a whole number\n");
    for (std::string real : {"1e999", "NaN", "Infinity", "01", "1.", ".5", "+1", "0x10", "--1"})
        EXPECT_NE(with("1", "2", "3", real), "accepted") << real;
}

TEST(Json, ListsAndMaps) {
    auto value = read<Lists>(R"({"bins":[1,2,3],"counts":{"a":1},"gaps":[1,null]})");
    ASSERT_TRUE(value) << explain(value.error());
    EXPECT_EQ(write(*value), R"({"bins":[1,2,3],"counts":{"a":1},"gaps":[1,null]})");
    EXPECT_EQ(refusal<Lists>(R"({"bins":[1,2],"counts":{"a":"x"},"gaps":[]})"),
              "/bins must have 3 items\n/counts/a must be a whole number\n");
}

TEST(Json, WritesNoNumberThatIsNone) {
    EXPECT_EQ(write(std::vector{std::numeric_limits<double>::quiet_NaN(), 0.1}), "[null,0.1]");
    EXPECT_EQ(write(std::string{"a\x01\"\\\n"}), R"("a\u0001\"\\\n")");
}

TEST(Json, ASecondTypeOfTheSameNameIsRefused) {
    describing::claim_name("mobilytics::json::only_here");
    EXPECT_THROW(describing::claim_name("mobilytics::json::only_here"), std::logic_error);
}

TEST(Json, WriteToAppends) {
    std::string out = "x";
    write_to(out, std::vector{1});
    write_to(out, true);
    EXPECT_EQ(out, "x[1]true");
}

}  // namespace

}  // namespace mobilytics::json
