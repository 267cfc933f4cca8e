#include "platform/mail/mailer.hpp"

#include <utility>

namespace mobilytics::mail {

Mailer::Mailer(const clock::Clock& clock, Mailbox from, std::unique_ptr<Transport> transport)
    : clock_{clock}, from_{std::move(from)}, transport_{std::move(transport)} {}

Task<void> Mailer::deliver(Message message) {
    const auto now = clock_.now();
    const Letter letter{message, from_.address, compose(message, from_, now), now};
    co_await thread_.in_background([&] { transport_->deliver(letter); });
}

}  // namespace mobilytics::mail
