#!/usr/bin/env python3
"""A real SMTP server (aiosmtpd) on loopback for mail.test.mjs, which ends it by its process id.

smtp_server.py OPTIONS   OPTIONS is JSON: {"certificate", "key", "user", "password", "refuse"}, each optional.

Prints JSON lines: {"port": N} first, then every letter as Python's own reader of mail understands it.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(what):
    """One line for the test."""
    print(json.dumps(what), flush=True)


class Postbox:
    """Takes every letter, or refuses every receiver with the reply that the options name."""

    def __init__(self, refuse):
        self.refuse = refuse

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (aiosmtpd's name)
        """The receiver of a letter."""
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """A letter."""
        letter = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        text, html = letter.get_body(("plain",)), letter.get_body(("html",))
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos, "encrypted": session.ssl is not None,
             "user": session.auth_data, "headers": {name.lower(): str(value) for name, value in letter.items()},
             "defects": [str(defect) for defect in letter.defects], "text": text.get_content(),
             "html": html.get_content(), "longest_line": max(map(len, envelope.original_content.split(b"\r\n")))})
        return "250 OK"


async def main():
    """Serves until it is ended."""
    options = json.loads(sys.argv[1])
    context = None
    if "certificate" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"], options["key"])

    def known(server, session, envelope, mechanism, credentials):
        given = (credentials.login.decode(), credentials.password.decode())
        good = given == (options["user"], options["password"])
        return AuthResult(success=good, auth_data=given[0] if good else None, handled=False)

    def server():
        return SMTP(Postbox(options.get("refuse")), hostname="smtp.test", tls_context=context,
                    require_starttls=context is not None, auth_required="user" in options,
                    authenticator=known if "user" in options else None, auth_require_tls=context is not None)

    listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", options.get("port", 0))
    say({"port": listener.sockets[0].getsockname()[1]})
    await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
