#include "platform/mail/folder.hpp"

#include <algorithm>
#include <format>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "platform/files/files.hpp"
#include "platform/json/escape.hpp"
#include "platform/mail/mailer.hpp"

namespace mobilytics::mail {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view letter_ending = ".eml";

std::string as_json(const Letter& letter) {
    using json::text_literal;
    const Message& message = letter.message;
    return std::format(R"({{"at":{},"to":{},"to_name":{},"language":{},"subject":{},"text":{},"html":{}}})",
                       text_literal(clock::to_rfc3339(letter.at)), text_literal(message.to.address),
                       text_literal(message.to.name), text_literal(message.language), text_literal(message.subject),
                       text_literal(message.text), text_literal(message.html));
}

class Folder final : public Transport {
public:
    explicit Folder(fs::path folder) : folder_{std::move(folder)} {}

    void deliver(const Letter& letter) override {
        if (fs::create_directories(folder_)) fs::permissions(folder_, fs::perms::owner_all);
        std::string name = clock::to_rfc3339(letter.at) + "-" + letter.message.id;
        std::erase_if(name, [](char c) { return c == '/' || c == ':' || c == '.'; });
        // The .eml comes last: kept_letters looks for it.
        files::put(folder_ / (name + ".json"), as_json(letter));
        files::put(folder_ / (name + std::string{letter_ending}), letter.bytes);
    }

private:
    const fs::path folder_;
};

}  // namespace

std::unique_ptr<Transport> into_folder(fs::path folder) { return std::make_unique<Folder>(std::move(folder)); }

std::vector<std::string> kept_letters(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator{folder, none})
        if (entry.path().extension() == letter_ending) names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

std::optional<std::string> kept_file(const fs::path& folder, const std::string& name, const std::string& ending) {
    const auto names = kept_letters(folder);
    if (!std::ranges::binary_search(names, name)) return std::nullopt;
    std::ifstream stream{folder / (name + ending), std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) return std::nullopt;
    return std::move(text).str();
}

}  // namespace mobilytics::mail
