#include "platform/testing/routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <glaze/json/generic.hpp>
#include <glaze/json/read.hpp>
#include <glaze/json/write.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "platform/json/json.hpp"

namespace mobilytics::test {

namespace {

class TextBody final : public http::BodySource {
public:
    explicit TextBody(std::string text) : text_{std::move(text)} {}

    Task<std::string_view> next() override { co_return std::exchange(left_, std::string_view{}); }
    Task<std::string_view> whole() override { co_return text_; }

private:
    std::string text_;
    std::string_view left_ = text_;
};

std::optional<glz::generic> parsed(const std::string& body) {
    glz::generic value;
    if (glz::read_json(value, body)) return std::nullopt;
    return value;
}

const glz::generic* member(const glz::generic& value, const std::string& name) {
    if (value.is_object()) {
        const auto& members = value.get_object();
        const auto found = members.find(name);
        return found == members.end() ? nullptr : &found->second;
    }
    if (!value.is_array() || name.empty() || name.find_first_not_of("0123456789") != std::string::npos) return nullptr;
    const auto& items = value.get_array();
    const auto index = std::stoul(name);
    return index < items.size() ? &items[index] : nullptr;
}

const glz::generic* find(const glz::generic& value, std::string_view pointer) {
    const glz::generic* place = &value;
    while (place != nullptr && !pointer.empty()) {
        pointer.remove_prefix(1);
        const auto end = pointer.find('/');
        place = member(*place, std::string{pointer.substr(0, end)});
        pointer = end == std::string_view::npos ? std::string_view{} : pointer.substr(end);
    }
    return place;
}

void check_json(const std::string& body, const json::Schema& schema, const std::string& target) {
    const auto error = json::diagnose(body, schema);
    EXPECT_FALSE(error.malformed) << target << " answered no JSON: " << body;
    for (const FieldError& wrong : error.errors)
        ADD_FAILURE() << target << " answered what its schema does not allow, " << wrong.pointer << " " << wrong.detail
                      << ": " << body;
}

void check_page(const std::string& body, const json::Schema& item, const std::string& target) {
    const json::Schema items{.kind = json::Schema::Kind::array, .items = &item};
    const json::Schema cursor{.kind = json::Schema::Kind::string, .nullable = true};
    const json::Schema page{.kind = json::Schema::Kind::object,
                            .properties = {{"items", &items}, {"next_cursor", &cursor}}};
    check_json(body, page, target);
}

void check_problem(const Answer& answer, const std::string& target) {
    EXPECT_EQ(answer.headers.at("Content-Type"), "application/problem+json") << target;
    EXPECT_EQ(answer.at("/status"), std::to_string(answer.status)) << target << ": " << answer.body;
    EXPECT_EQ(answer.at("/type"), "/problems/" + answer.at("/code")) << target << ": " << answer.body;
    EXPECT_NE(answer.at("/detail"), "(absent)") << target << ": " << answer.body;
}

void check(const Answer& answer, const http::Operation& operation, const std::string& target) {
    if (answer.status >= 400) return check_problem(answer, target);
    const auto& others = operation.options.other_answers;
    if (std::ranges::find(others, answer.status) != others.end()) {
        EXPECT_EQ(answer.body, "") << target;
        return;
    }
    EXPECT_EQ(answer.status, operation.status) << target << ": " << answer.body;
    if (operation.answer == nullptr) return;
    if (operation.pages)
        check_page(answer.body, *operation.answer, target);
    else
        check_json(answer.body, *operation.answer, target);
}

// Takes the pieces of a streamed answer.
class TextSink final : public http::Sink {
public:
    explicit TextSink(std::string& text) : text_{text} {}
    Task<void> write(std::string_view piece) override {
        text_ += piece;
        co_return;
    }

private:
    std::string& text_;
};

}  // namespace

std::string Answer::at(std::string_view pointer) const {
    const auto value = parsed(body);
    const auto* place = value ? find(*value, pointer) : nullptr;
    if (place == nullptr) return "(absent)";
    if (place->is_string()) return place->get_string();
    return glz::write_json(*place).value_or("(unprintable)");
}

std::size_t Answer::items_at(std::string_view pointer) const {
    const auto value = parsed(body);
    const auto* place = value ? find(*value, pointer) : nullptr;
    if (place == nullptr || !place->is_array())
        throw std::runtime_error{"no list at " + std::string{pointer} + " of " + body};
    return place->get_array().size();
}

std::string Answer::pointers() const {
    std::string pointers;
    for (std::size_t index = 0; at("/errors/" + std::to_string(index)) != "(absent)"; ++index) {
        if (index > 0) pointers += ", ";
        pointers += at("/errors/" + std::to_string(index) + "/pointer");
    }
    return pointers;
}

Task<Answer> Caller::call(std::string target, std::string body, std::map<std::string, std::string> headers) {
    const auto space = target.find(' ');
    const auto method = http::method_named(std::string_view{target}.substr(0, space));
    if (!method || space == std::string::npos) throw std::runtime_error{target + " does not begin with a method"};

    http::Request request;
    TextBody source{std::move(body)};
    request.method = *method;
    request.target = std::string_view{target}.substr(space + 1);
    const auto mark = request.target.find('?');
    request.path = request.target.substr(0, mark);
    if (mark != std::string_view::npos) request.query = request.target.substr(mark + 1);
    request.id = "test-request";
    request.peer = "127.0.0.1";
    request.body = &source;
    headers.try_emplace("Content-Type", "application/json");
    for (const auto& [name, value] : headers) request.headers.push_back({name, value});

    const auto match = router_.table().find(request.method, request.path, request.path_values);
    if (match.route == nullptr) throw std::runtime_error{target + " is no route"};
    const auto response = co_await router_.table().answer(*match.route, request);

    Answer answer{response.status, std::string{response.body.view()}, response.etag, {}};
    TextSink sink{answer.body};
    if (response.produce) co_await response.produce(sink);
    answer.headers.insert(request.answer_headers.all().begin(), request.answer_headers.all().end());
    answer.headers.insert_or_assign("Content-Type", response.content_type);
    if (!response.cache_control.empty()) answer.headers.insert_or_assign("Cache-Control", response.cache_control);
    if (!response.content_encoding.empty())
        answer.headers.insert_or_assign("Content-Encoding", response.content_encoding);
    check(answer, match.route->operation, target);
    co_return answer;
}

}  // namespace mobilytics::test
