#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/http/bind_answer.hpp"
#include "platform/http/operation.hpp"
#include "platform/http/parameters.hpp"
#include "platform/http/query_reader.hpp"
#include "platform/http/route_table.hpp"
#include "platform/json/json.hpp"

// Binds a handler's parameters to a request by their types. Everything that does not depend on the types is
// in bind.cpp, to keep routes.cpp files quick to compile.
namespace mobilytics::http::bind {

template <class T>
concept Actor = requires(const Request& request, Operation& doc) {
    { T::from(request) } -> std::convertible_to<T>;
    T::describe(doc);
};

template <class T>
inline constexpr bool is_request = std::same_as<T, Request&> || std::same_as<T, const Request&>;
template <class T>
inline constexpr bool reads_body = wraps<T, Body> || wraps<T, FormBody> || std::same_as<T, RawBody>;
template <class T>
inline constexpr bool reads_query = wraps<T, Query> || std::same_as<T, Paging>;
template <class T>
inline constexpr bool is_path = !Actor<T> && !reads_body<T> && !reads_query<T> && !is_request<T> &&
                                !std::same_as<T, BodyStream> && !std::same_as<T, IfMatch>;

// Which {name} the I-th parameter is.
template <std::size_t I, class... A>
consteval std::size_t path_index() {
    constexpr bool path[] = {is_path<A>..., false};
    std::size_t index = 0;
    for (std::size_t i = 0; i < I; ++i) index += path[i] ? 1 : 0;
    return index;
}

// bind.cpp
void describe_path(Operation& operation, std::size_t index, const json::Schema& schema);
void describe_query(Operation& operation, const json::Schema& schema);
void describe_paging(Operation& operation);
void describe_if_match(Operation& operation);
// After all parameters were described: throws std::logic_error when the path has others.
void finish_description(Operation& operation, std::size_t path_parameters);
[[noreturn]] void refuse_path();
Paging read_paging(QueryReader& reader);
IfMatch read_if_match(const Request& request);
// The content type without parameters, lower case; throws unsupported unless the route takes it.
std::string content_type_of(const Request& request);
// Throws malformed for an empty body.
void require_text(std::string_view text);

template <class T>
std::string parse_field(std::string_view text, T& value, const json::Field& about) {
    if constexpr (wraps<T, std::vector>) {
        while (true) {
            auto comma = text.find(',');
            typename T::value_type item{};
            std::string wrong = parse_field(text.substr(0, comma), item, about);
            if (!wrong.empty()) return wrong;
            value.push_back(std::move(item));
            if (comma == std::string_view::npos) return {};
            text.remove_prefix(comma + 1);
        }
    } else {
        std::string wrong = parse_text(text, value);
        if (!wrong.empty()) return wrong;
        std::optional<double> number;
        if constexpr (std::is_arithmetic_v<T>) number = static_cast<double>(value);
        return outside_limits(text, number, about);
    }
}

template <class M>
void read_query_field(QueryReader& reader, const json::Property& property, M& member) {
    auto text = reader.take(property.name);
    if (!text) {
        if (property.required) reader.refuse(property.name, "is required");
        return;
    }
    if constexpr (json::describing::is_optional<M>::value) {
        typename M::value_type value{};
        std::string wrong = parse_field(*text, value, property.about);
        if (wrong.empty())
            member = std::move(value);
        else
            reader.refuse(property.name, std::move(wrong));
    } else {
        std::string wrong = parse_field(*text, member, property.about);
        if (!wrong.empty()) reader.refuse(property.name, std::move(wrong));
    }
}

template <class T>
T read_fields(QueryReader& reader) {
    T value{};
    const auto& properties = json::schema_of<T>().properties;
    std::size_t index = 0;
    glz::for_each_field(value, [&](auto& member) { read_query_field(reader, properties[index++], member); });
    return value;
}

template <class T>
T read_form(std::string_view text) {
    QueryReader reader{text, QueryReader::Place::form};
    T value = read_fields<T>(reader);
    reader.finish();
    return value;
}

template <class T>
T read_path(const std::string& text) {
    T value{};
    if (!parse_text(text, value).empty()) refuse_path();
    return value;
}

template <class T>
Body<T> read_json(std::string_view text) {
    auto value = json::read<T>(text);
    if (!value) throw value.error().to_problem();
    return Body<T>{std::move(*value)};
}

template <class A>
void describe(Operation& operation, std::size_t path_position) {
    if constexpr (Actor<A>) {
        operation.has_actor = true;
        A::describe(operation);
    } else if constexpr (wraps<A, Query>)
        describe_query(operation, json::schema_of<decltype(A::value)>());
    else if constexpr (wraps<A, Body>)
        operation.body = &json::schema_of<decltype(A::value)>();
    else if constexpr (wraps<A, FormBody>) {
        operation.body = &json::schema_of<decltype(A::value)>();
        operation.takes_form = true;
    } else if constexpr (std::same_as<A, Paging>)
        describe_paging(operation);
    else if constexpr (std::same_as<A, IfMatch>)
        describe_if_match(operation);
    else if constexpr (std::same_as<A, RawBody>)
        operation.takes_bytes = true;
    else if constexpr (std::same_as<A, BodyStream>)
        operation.takes_bytes = operation.streams_body = true;
    else if constexpr (is_path<A>)
        describe_path(operation, path_position, json::schema_of<A>());
}

// The arguments of one call. Those that need no body are read at once, in the order actor, path, query.
template <class... A>
class Arguments {
public:
    explicit Arguments(Request& request) : request_{request} { read_each(std::index_sequence_for<A...>{}); }

    void read_body(std::string_view text) { read_bodies(text, std::index_sequence_for<A...>{}); }

    template <class F>
    auto call(F& handler) {
        return call_with(handler, std::index_sequence_for<A...>{});
    }

private:
    template <class T>
    using Slot = std::conditional_t<is_request<T>, std::monostate, std::optional<std::remove_cvref_t<T>>>;

    template <std::size_t... I>
    void read_each(std::index_sequence<I...>) {
        (read_actor<A>(std::get<I>(slots_)), ...);
        (read_path_parameter<A>(std::get<I>(slots_), path_index<I, A...>()), ...);
        if constexpr ((reads_query<A> || ...)) {
            QueryReader reader{request_.query};
            (read_query_parameter<A>(std::get<I>(slots_), reader), ...);
            reader.finish();
        }
        (read_other<A>(std::get<I>(slots_)), ...);
    }

    template <class T>
    void read_actor(Slot<T>& slot) {
        if constexpr (Actor<T>) slot.emplace(T::from(request_));
    }
    template <class T>
    void read_path_parameter(Slot<T>& slot, std::size_t index) {
        if constexpr (is_path<T>) slot.emplace(read_path<T>(request_.path_values[index]));
    }
    template <class T>
    void read_query_parameter(Slot<T>& slot, QueryReader& reader) {
        if constexpr (wraps<T, Query>)
            slot.emplace(T{read_fields<decltype(T::value)>(reader)});
        else if constexpr (std::same_as<T, Paging>)
            slot.emplace(read_paging(reader));
    }
    template <class T>
    void read_other(Slot<T>& slot) {
        if constexpr (std::same_as<T, IfMatch>)
            slot.emplace(read_if_match(request_));
        else if constexpr (std::same_as<T, BodyStream>)
            slot.emplace(content_type_of(request_), *request_.body);
        else if constexpr (reads_body<T>)
            content_type_ = content_type_of(request_);
    }

    template <std::size_t... I>
    void read_bodies(std::string_view text, std::index_sequence<I...>) {
        (read_body_parameter<A>(std::get<I>(slots_), text), ...);
    }
    template <class T>
    void read_body_parameter(Slot<T>& slot, std::string_view text) {
        if constexpr (wraps<T, Body>) {
            require_text(text);
            slot.emplace(read_json<decltype(T::value)>(text));
        } else if constexpr (wraps<T, FormBody>) {
            require_text(text);
            if (content_type_ == form_type)
                slot.emplace(T{read_form<decltype(T::value)>(text)});
            else
                slot.emplace(T{read_json<decltype(T::value)>(text).value});
        } else if constexpr (std::same_as<T, RawBody>) {
            slot.emplace(RawBody{content_type_, text});
        }
    }

    template <class F, std::size_t... I>
    auto call_with(F& handler, std::index_sequence<I...>) {
        return handler(argument<A>(std::get<I>(slots_))...);
    }
    template <class T>
    T argument(Slot<T>& slot) {
        if constexpr (is_request<T>)
            return request_;
        else
            return std::move(*slot);
    }

    Request& request_;
    std::string content_type_;
    std::tuple<Slot<A>...> slots_;
};

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class C, class R, class... A>
struct Signature<Task<R> (C::*)(A...) const> {
    using Result = R;

    static void describe_all(Operation& operation) {
        describe_each(operation, std::index_sequence_for<A...>{});
        describe_answer<R>(operation);
        constexpr std::size_t path_parameters = (std::size_t{is_path<A>} + ... + 0);
        finish_description(operation, path_parameters);
    }

    template <std::size_t... I>
    static void describe_each(Operation& operation, std::index_sequence<I...>) {
        (describe<A>(operation, path_index<I, A...>()), ...);
    }

    template <class F>
    static Task<Response> run(F& handler, Request& request) {
        Arguments<A...> arguments{request};
        if constexpr ((reads_body<A> || ...)) {
            std::string_view text = co_await request.body->whole();
            arguments.read_body(text);
        }
        R result = co_await arguments.call(handler);
        co_return respond(request, std::move(result));
    }
};

template <class F>
Route make_route(Operation operation, F handler) {
    Signature<F>::describe_all(operation);
    auto shared = std::make_shared<F>(std::move(handler));
    return Route{std::move(operation), [shared](Request& request) { return Signature<F>::run(*shared, request); }};
}

}  // namespace mobilytics::http::bind
