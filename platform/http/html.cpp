#include "platform/http/html.hpp"

#include <format>

namespace mobilytics::http::html {

std::string text(std::string_view plain) {
    std::string out;
    out.reserve(plain.size());
    for (char c : plain) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

Raw page(std::string_view title, std::string_view body) {
    auto whole = std::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
        "<link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        text(title), style_path, body);
    return {.content_type = "text/html; charset=utf-8", .body = std::move(whole), .cache_control = "no-cache"};
}

std::string_view style() {
    return R"(:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccd1d6; }
a { color: #0b57a4; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
article { margin: 1.5rem 0; padding: 0 1rem 0.5rem; border: 1px solid #ccd1d6; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid #ccd1d6; }
summary { cursor: pointer; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8ea; background: #15181c; }
  a { color: #8ec2ff; }
  h2, article, th, td { border-color: #3c434b; }
}
)";
}

}  // namespace mobilytics::http::html
