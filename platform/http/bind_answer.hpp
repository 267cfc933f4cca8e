#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "platform/http/operation.hpp"
#include "platform/http/response.hpp"
#include "platform/json/json.hpp"

// Makes an answer of what a handler returns, by its type.
namespace mobilytics::http::bind {

template <class T, template <class...> class Wrapper>
inline constexpr bool wraps = false;
template <template <class...> class Wrapper, class... A>
inline constexpr bool wraps<Wrapper<A...>, Wrapper> = true;

// bind.cpp
Response json_response(int status, std::string text);
Response raw_response(Raw raw);
Response streamed_response(Request& request, Streamed streamed);

template <class R>
void describe_answer(Operation& operation) {
    if constexpr (wraps<R, Created>) {
        operation.status = 201;
        operation.is_located = true;
        operation.answer = &json::schema_of<decltype(R::value)>();
    } else if constexpr (wraps<R, Accepted>) {
        operation.status = 202;
        operation.answer = &json::schema_of<decltype(R::value)>();
    } else if constexpr (wraps<R, Tagged> || wraps<R, Cached>) {
        operation.is_tagged = wraps<R, Tagged>;
        operation.answer = &json::schema_of<decltype(R::value)>();
    } else if constexpr (wraps<R, Page>) {
        operation.pages = true;
        operation.answer = &json::schema_of<typename decltype(R::items)::value_type>();
    } else if constexpr (std::same_as<R, NoContent>) {
        operation.status = 204;
    } else if constexpr (!std::same_as<R, Raw> && !std::same_as<R, Streamed>) {
        operation.answer = &json::schema_of<R>();
    }
}

template <class R>
Response respond(Request& request, R result) {
    if constexpr (wraps<R, Created>) {
        if (!result.location.empty()) request.answer_headers.set("Location", std::move(result.location));
        return json_response(201, json::write(result.value));
    } else if constexpr (wraps<R, Accepted>) {
        return json_response(202, json::write(result.value));
    } else if constexpr (wraps<R, Tagged>) {
        Response response = json_response(200, json::write(result.value));
        response.etag = std::move(result.etag);
        return response;
    } else if constexpr (wraps<R, Cached>) {
        Response response = json_response(200, json::write(result.value));
        response.cache_control = std::move(result.cache_control);
        return response;
    } else if constexpr (std::same_as<R, NoContent>) {
        return Response{.status = 204};
    } else if constexpr (std::same_as<R, Raw>) {
        return raw_response(std::move(result));
    } else if constexpr (std::same_as<R, Streamed>) {
        return streamed_response(request, std::move(result));
    } else {
        return json_response(200, json::write(result));
    }
}

}  // namespace mobilytics::http::bind
