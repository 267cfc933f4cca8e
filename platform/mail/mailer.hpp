#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/mail/message.hpp"
#include "platform/metrics/metrics.hpp"

// Sends letters: over SMTP, or into a folder where no server is configured. A room does not call it in a request: it
// enqueues a job in the transaction of the change, and the job calls it, again if need be.
namespace mobilytics::mail {

// A letter ready to go.
struct Letter {
    const Message& message;
    std::string from;  // the bare address
    std::string bytes;
    clock::Instant at;
};

class Transport {
public:
    virtual ~Transport() = default;
    // Blocks. Throws Problem unavailable mail.unavailable when it may work later, and Problem invalid mail.refused when
    // it never will.
    virtual void deliver(const Letter& letter) = 0;
};

class Mailer {
public:
    Mailer(const clock::Clock& clock, Mailbox from, std::unique_ptr<Transport> transport,
           metrics::Registry* registry = nullptr);

    // Returns when the next server has taken the letter over. Throws as Transport::deliver, and mail.bad_address.
    Task<void> deliver(Message message);

private:
    const clock::Clock& clock_;
    const Mailbox from_;
    std::unique_ptr<Transport> transport_;
    metrics::Counter sent_, failed_, refused_;
    // A thread of its own: a mail server that does not answer must not hold up the hashing of passwords.
    async::Runtime thread_{1, 1};
};

struct SmtpServer {
    std::string url;   // smtp://host:587 or smtps://host:465
    std::string user;  // empty: no sign-in
    std::string password;
    bool starttls = true;  // smtp://: nothing is sent before the connection is encrypted
    std::string ca_file;   // empty: the machine's own
};

// Refuses settings that would send a password unencrypted to another machine: std::invalid_argument.
std::unique_ptr<Transport> over_smtp(SmtpServer server);

// Writes <time>-<id>.eml, the bytes that SMTP would have carried, and the same as .json for the page that shows it.
// Only the server's own user may read them.
std::unique_ptr<Transport> into_folder(std::filesystem::path folder);

}  // namespace mobilytics::mail
