#include "platform/mail/mailer.hpp"

#include <utility>

#include "platform/problem/problem.hpp"

namespace mobilytics::mail {

namespace {

metrics::Counter letters(metrics::Registry* registry, const char* outcome) {
    if (registry == nullptr) return {};
    return registry->counter("mail_letters_total", "Letters that were given to the mail server, by outcome.",
                             {{"outcome", outcome}});
}

}  // namespace

Mailer::Mailer(const clock::Clock& clock, Mailbox from, std::unique_ptr<Transport> transport,
               metrics::Registry* registry)
    : clock_{clock},
      from_{std::move(from)},
      transport_{std::move(transport)},
      sent_{letters(registry, "sent")},
      failed_{letters(registry, "failed")},
      refused_{letters(registry, "refused")} {}

Task<void> Mailer::deliver(Message message) {
    const auto now = clock_.now();
    try {
        const Letter letter{message, from_.address, compose(message, from_, now), now};
        co_await thread_.in_background([&] { transport_->deliver(letter); });
        sent_.add();
    } catch (const Problem& problem) {
        (problem.kind() == Kind::unavailable ? failed_ : refused_).add();
        throw;
    } catch (const std::exception&) {
        failed_.add();
        throw;
    }
}

}  // namespace mobilytics::mail
