#include "platform/http/problem_pages.hpp"

#include <algorithm>
#include <format>

#include "platform/http/html.hpp"
#include "platform/http/refusal.hpp"
#include "platform/http/router.hpp"

namespace mobilytics::http {

namespace {

Raw page_of(const ProblemPage& problem, std::span<const StatusAdvice> advice) {
    auto body = std::format("<h1><code>{}</code></h1>\n<p>Status {} {}</p>\n", html::text(problem.code), problem.status,
                            html::text(reason_phrase(problem.status)));
    if (!problem.says.empty()) body += std::format("<h2>What it says</h2>\n<p>{}</p>\n", html::text(problem.says));
    const auto found = std::ranges::find(advice, problem.status, &StatusAdvice::status);
    if (found != advice.end())
        body += std::format("<h2>What it means</h2>\n<p>{}</p>\n<h2>What to do</h2>\n<p>{}</p>\n",
                            html::text(found->meaning), html::text(found->advice));
    body += "<p><a href=\"/problems\">All codes</a> · <a href=\"/docs\">The API</a></p>\n";
    return html::page(problem.code, body);
}

Raw list_of(std::span<const ProblemPage> pages) {
    std::string body =
        "<h1>When the API refuses</h1>\n<table>\n<thead><tr><th>Code</th><th>Status</th>"
        "<th>What it says</th></tr></thead>\n<tbody>\n";
    for (const auto& problem : pages)
        body +=
            std::format("<tr><td><a href=\"/problems/{0}\"><code>{0}</code></a></td><td>{1}</td><td>{2}</td></tr>\n",
                        html::text(problem.code), problem.status, html::text(problem.says));
    body += "</tbody>\n</table>\n<p><a href=\"/docs\">The API</a></p>\n";
    return html::page("When the API refuses", body);
}

}  // namespace

void add_problem_pages(Router& router, std::span<const ProblemPage> pages, std::span<const StatusAdvice> advice) {
    auto group = router.group("platform");
    group.get("/problems",
              {.id = "platform.problems", .summary = "All codes", .answer_type = "text/html", .hidden = true},
              [pages]() -> Task<Raw> { co_return list_of(pages); });
    group.get("/problems/{code}",
              {.id = "platform.problem", .summary = "One code", .answer_type = "text/html", .hidden = true},
              [pages, advice](std::string code) -> Task<Raw> {
                  const auto found = std::ranges::find(pages, code, &ProblemPage::code);
                  if (found == pages.end())
                      throw Problem{Kind::missing, "http.not_found", "There is nothing at this address."};
                  co_return page_of(*found, advice);
              });
}

}  // namespace mobilytics::http
