"""Whether programs of customers can be told of all that the audit knows."""

import json
import re

from tree import Finding

WORDS = "web/src/lib/i18n/en-CA.json"
TYPES = "src/webhooks/event_types.cpp"
SAID = "audit.did."
TYPE = re.compile(r'^    \{"([a-z_]+\.[a-z_]+)",', re.MULTILINE)

# What no webhook tells of, and why: by name, or by what it begins with.
UNTOLD = {
    "account.": "a person's own, who may be in several companies",
    "session.": "a person's own",
    "signing_key.": "the platform's",
    "secrets.": "the platform's",
    "alert.": "the platform's",
    "person.": "what staff do to an account, whose companies have events of their own",
    "staff.": "the platform's",
    "staff_key.": "the platform's",
    "job.": "the platform's",
    "job_kind.": "the platform's",
    "device_model.": "shared by all companies",
    "company.created": "nobody can listen yet",
    "api_key.used": "refusals, as often as somebody tries",
    "token.issued": "each program does so every quarter of an hour",
    "token.repeated": "an answer that was lost on its way",
    "webhook.delivery_retried": "about messages themselves",
    "webhook.replayed": "about messages themselves",
    "webhook.secret_shown": "reading",
    "webhook.tested": "is a message itself",
}


def events_have_webhooks(tree):
    """Every event of the audit is in the webhooks' catalogue, or it is written down why it is not."""
    if WORDS not in tree.known or TYPES not in tree.known:
        return
    actions = {key.removeprefix(SAID) for key in json.loads(tree.text(WORDS)) if key.startswith(SAID)}
    types = set(TYPE.findall(tree.text(TYPES)))
    untold = {action for action in actions for reason in UNTOLD
              if action == reason or (reason.endswith(".") and action.startswith(reason))}
    for action in sorted(actions - types - untold):
        yield Finding(TYPES, 0, f"no type {action}, and tools/tidy/event_types.py does not say why")
    for action in sorted((types & untold) | (types - actions)):
        yield Finding(TYPES, 0, f"{action} is a type, and said to be none or no word of the audit")


CHECKS = (events_have_webhooks,)
