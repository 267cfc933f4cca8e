#pragma once

#include <span>
#include <string_view>

namespace mobilytics::http {

class Router;

// One code that the API refuses with, and what a status means: from docs/problems.
struct ProblemPage {
    std::string_view code;
    int status = 0;
    std::string_view says;
};
struct StatusAdvice {
    int status = 0;
    std::string_view meaning;
    std::string_view advice;
};

// GET /problems and GET /problems/{code}: what the `type` of a problem leads to. The spans must live as long as the
// router.
void add_problem_pages(Router& router, std::span<const ProblemPage> pages, std::span<const StatusAdvice> advice);

}  // namespace mobilytics::http
