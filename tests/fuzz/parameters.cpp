// Any path and query string of a request: what is accepted is within its limits and comes back when it is sent again.
#include "platform/http/router.hpp"
#include "platform/json/escape.hpp"
#include "tests/fuzz/holds.hpp"

// Named, since clang reflects no type of an unnamed namespace.
namespace mobilytics::fuzz {

struct ThingTag {
    static constexpr std::string_view prefix = "tng";
};
using ThingId = ids::Id<ThingTag>;
enum class State { draft, live };

struct Filter {
    std::optional<State> state;
    std::optional<std::string> q;
    std::optional<clock::Instant> from;
    std::optional<bool> stale;
    std::optional<ThingId> thing;
    std::vector<int> zooms;
    std::optional<double> weight;
    static constexpr json::Field about[] = {{.name = "q", .max_length = 4}, {.name = "weight", .maximum = 2}};
};

std::optional<Filter> filter_of(std::string_view query) {
    try {
        http::QueryReader reader{query};
        auto filter = http::bind::read_fields<Filter>(reader);
        reader.finish();
        return filter;
    } catch (const Problem&) {
        return std::nullopt;
    }
}

// What a query may say, a form may too; it may have more beside.
void check_form(std::string_view text) {
    const auto of_query = filter_of(text);
    try {
        const auto of_form = http::bind::read_form<Filter>(text);
        holds(!of_query || (of_query->q == of_form.q && of_query->zooms == of_form.zooms),
              "a form reads as a query does");
    } catch (const Problem& problem) {
        holds(!of_query, "a form takes what a query does");
        holds(problem.code() == "http.malformed_form" || problem.code() == "http.invalid_body", "a refusal says why");
    }
}

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        for (const char one : {'%', "0123456789abcdef"[byte >> 4U], "0123456789abcdef"[byte & 15U]}) out += one;
    }
    return out;
}

void check_query(std::string_view query) {
    const auto filter = filter_of(query);
    if (!filter) return;
    holds(!filter->weight || *filter->weight <= 2, "numbers within their limits");
    std::string again = "zooms=";
    for (const int zoom : filter->zooms) again += (again.back() == '=' ? "" : ",") + std::to_string(zoom);
    if (filter->q) again += "&q=" + encoded(*filter->q);
    if (filter->from) again += "&from=" + encoded(clock::to_rfc3339(*filter->from));
    if (filter->thing) again += "&thing=" + filter->thing->text();
    const auto twice = filter_of(again);
    holds(twice.has_value(), "what was accepted is accepted again");
    holds(twice->zooms == filter->zooms && twice->q == filter->q && twice->from == filter->from &&
              twice->thing == filter->thing,
          "what was accepted comes back as it was");
}

const http::RouteTable& routes() {
    static const http::RouteTable& table = []() -> http::RouteTable& {
        auto& made = *new http::RouteTable;
        for (const std::string path : {"/v1/things", "/v1/things/{id}", "/v1/things/{id}/tiles/{z}/{x}/{y}.mvt",
                                       "/v1/things/{id}/close", "/{any}.json"}) {
            http::Route route;
            route.operation.method = http::Method::get;
            route.operation.path = path;
            route.operation.options.id = path;
            made.add(std::move(route));
        }
        return made;
    }();
    return table;
}

void check_path(std::string_view path) {
    std::vector<std::string> values;
    const auto match = routes().find(http::Method::get, path, values);
    if (!match.route) return;
    const auto& wanted = match.route->operation.path;
    holds(values.size() == static_cast<std::size_t>(std::ranges::count(wanted, '{')), "a value for each parameter");
    std::string again = wanted;
    for (const auto& value : values) {
        holds(!value.empty() && !value.contains('\0') && json::is_utf8(value), "a value is text");
        again.replace(again.find('{'), again.find('}') - again.find('{') + 1, encoded(value));
        int number = 0;
        if (http::parse_text(value, number).empty()) holds(std::to_string(number).size() <= value.size(), "a number");
        if (const auto id = ThingId::parse(value)) holds(id->text() == value, "an id prints as it was read");
    }
    std::vector<std::string> twice;
    holds(routes().find(http::Method::get, again, twice).route == match.route && twice == values,
          "the same route and values however the path is encoded");
}

}  // namespace mobilytics::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace mobilytics;
    using namespace mobilytics::fuzz;
    const auto target = text_of(data, size);
    const auto question = target.find('?');
    check_path(target.substr(0, question));
    if (question == std::string_view::npos) return 0;
    check_query(target.substr(question + 1));
    check_form(target.substr(question + 1));
    return 0;
}
