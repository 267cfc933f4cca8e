"""Sends every operation of a document what it allows, what it forbids, and what nobody may, and checks each answer."""

import json
import urllib.parse
import zlib

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

import checks
from client import Case, NoAnswer
from document import METHODS, Values, broken, prefix_of

JSON = {"Content-Type": "application/json"}
BAD_CREDENTIALS = ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic bm9ib2R5Om5vYm9keQ=="},
                   {"Authorization": "Bearer mky_0000000000000000000000000000000000000000000"},
                   {"Cookie": "__Host-mobilytics=0000000000000000000000000000000000000000000"})
BROKEN_TEXTS = (b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}{}", b'{"a":1,}', b"nan", b"[" * 2000)
# Signing out would end the session that the others are tried with.
NEVER_BY_SESSION = {"sessions.end"}


class Finding(AssertionError):
    pass


class Fuzzer:
    """`world` has `actors` ({name: {headers, scheme, role}}), `ids` and `spare_ids` by prefix, `times`, `bodies`."""

    def __init__(self, document, client, world, examples, seed):
        self.document, self.client, self.world = document, client, world
        self.examples, self.seed = examples, seed
        self.reading = Values(document, world["ids"], world["times"])
        self.changing = Values(document, world["spare_ids"], world["times"])
        self.findings = []
        self.accepted = set()
        self.used = dict.fromkeys((check.__name__ for check in checks.ALL), 0)

    def run(self):
        for operation in self.document.operations:
            self.hunt(operation, "valid", self.examples, self.valid)
            self.hunt(operation, "broken", self.examples, self.broken)
            self.hunt(operation, "deleted", max(self.examples // 8, 2), self.deleted)
            self.each(operation, self.unauthenticated)
            self.each(operation, self.without_type)
        for path in sorted({one.path for one in self.document.operations}):
            operation = next(one for one in self.document.operations if one.path == path)
            self.each(operation, self.wrong_methods)
        return self.findings

    def hunt(self, operation, name, examples, deed):
        """Runs a deed on what Hypothesis makes up; of a failing example it looks for the smallest."""

        @hypothesis.seed(zlib.crc32(f"{self.seed} {name} {operation.id}".encode()))
        @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate, Phase.shrink],
                  suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False)
        @hypothesis.given(st.data())
        def test(data):
            deed(operation, lambda strategy: data.draw(strategy))

        self.each(operation, lambda _: test())

    def each(self, operation, deed):
        try:
            deed(operation)
        except (Finding, hypothesis.errors.Flaky) as found:
            self.findings.append(f"{operation.id}: {found}")

    # ---- requests

    def ask(self, case):
        """The answer, after every check of single answers."""
        try:
            answer = self.client.send(case)
        except NoAnswer:
            answer = None
        for check in checks.OF_ANSWERS if answer else [checks.max_response_time]:
            self.used[check.__name__] += 1
        faults = checks.faults(self.document, case, answer)
        if faults:
            raise Finding(f"{'; '.join(faults)}\n    {case.told()}\n    {told(answer)}")
        self.used["max_response_time"] += 1
        if case.intent == "valid" and answer.status < 300:
            self.accepted.add(case.operation.id)
        return answer

    def sequence(self, check, case, first, second, *wanted):
        self.used[check.__name__] += 1
        for text in check(first, second, *wanted):
            raise Finding(f"{check.__name__}: {text}\n    {case.told()}\n    {told(second)}")

    def actors(self, operation):
        """Names of those whose credentials the operation takes; any role, since a refusal is an answer too."""
        return [name for name, actor in self.world["actors"].items()
                if actor["scheme"] in operation.schemes
                and not (operation.id in NEVER_BY_SESSION and actor["scheme"] == "session")]

    def permitted(self, operation):
        return [name for name in self.actors(operation)
                if not operation.roles or self.world["actors"][name]["role"] in operation.roles]

    def headers_of(self, draw, operation):
        names = self.permitted(operation)
        if not operation.schemes or not self.actors(operation):
            return {}
        # Mostly somebody who may: those who may not are all refused alike.
        anyone = self.actors(operation)
        name = draw(st.sampled_from([*(names * 4 or anyone), *anyone]))
        return self.world["actors"][name]["headers"]

    def values(self, operation):
        return self.reading if operation.method == "GET" else self.changing

    def target(self, operation, path_values, query):
        path = operation.path
        for name, value in path_values.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(as_text(value), safe=""))
        text = urllib.parse.urlencode({name: as_text(value) for name, value in query.items()}, safe=",")
        return path + ("?" + text if text else "")

    def drawn(self, draw, operation):
        """(path values, query, JSON body or None) that keep the description."""
        values = self.values(operation)
        path = {one["name"]: draw(values.of(one["schema"])) for one in operation.parameters("path")}
        query = {}
        for one in operation.parameters("query"):
            if one["required"] or draw(st.booleans()):
                query[one["name"]] = draw(values.of(one["schema"]))
        body = None
        if operation.id in self.world["bodies"]:
            body = draw(st.sampled_from(self.world["bodies"][operation.id]))
        elif operation.body_schema:
            body = draw(values.of(operation.body_schema))
        return path, query, body

    def case(self, operation, headers, path, query, body, intent="valid"):
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if raw is not None:
            headers = {**headers, **JSON}
        return Case(operation, operation.method, self.target(operation, path, query), headers, raw, intent)

    # ---- deeds

    def valid(self, operation, draw):
        headers = self.headers_of(draw, operation)
        path, query, body = self.drawn(draw, operation)
        answer = self.ask(self.case(operation, headers, path, query, body))
        if answer.status == 201:
            self.read_back(operation, headers, path, answer)

    def read_back(self, operation, headers, path, created):
        """GET of what a POST to its collection has just made."""
        made = created.json().get("id")
        found = [one for one in self.document.operations
                 if one.method == "GET" and one.path == operation.path + "/{id}" and made]
        for read in found:
            case = self.case(read, headers, {**path, "id": made}, {}, None)
            self.sequence(checks.ensure_resource_availability, case, created, self.ask(case))

    def deleted(self, operation, draw):
        """Makes what the operation deletes, deletes it, and asks for it again."""
        if operation.method != "DELETE" or not operation.parameters("path"):
            return
        last = operation.parameters("path")[-1]
        maker = self.maker_of(self.prefix(last))
        if maker is None:
            return
        headers = self.world["actors"][self.permitted(operation)[0]]["headers"]
        path, query, body = self.drawn(draw, maker)
        created = self.ask(self.case(maker, headers, path, query, body))
        if created.status != 201:
            return
        others = {one["name"]: path.get(one["name"]) for one in operation.parameters("path")[:-1]}
        case = self.case(operation, headers, {**others, last["name"]: created.json()["id"]}, {}, None)
        gone = self.ask(case)
        secret = created.json().get("secret")
        if secret:
            self.revoked(gone, {"Authorization": f"Bearer {secret}"})
        else:
            self.sequence(checks.use_after_free, case, gone, self.ask(case))

    def revoked(self, gone, headers):
        """The credential opens nothing any more, whichever kind it was."""
        for scheme in sorted({scheme for one in self.document.operations for scheme in one.schemes}):
            taker = next(one for one in self.document.operations if scheme in one.schemes)
            case = self.bare(taker, headers)
            self.sequence(checks.use_after_free, case, gone, self.ask(case), (401,))

    def maker_of(self, prefix):
        """The POST whose answer has an id of that kind."""
        for one in self.document.operations:
            if one.method == "POST":
                _, content = self.document.answer_schema(one, 201)
                schema = self.document.resolve(content.get("application/json", {}).get("schema", {}))
                made = self.document.resolve(schema.get("properties", {}).get("id", {}))
                if prefix and prefix_of(made) == prefix:
                    return one
        return None

    def broken(self, operation, draw):
        headers = self.headers_of(draw, operation)
        path, query, body = self.drawn(draw, operation)
        places = [deed for deed, there in (
            (self.break_query, operation.parameters("query")), (self.break_body, operation.body_schema),
            (self.break_body, operation.body_schema), (self.break_text, operation.body_schema),
            (self.break_path, [one for one in operation.parameters("path") if self.prefix(one)])) if there]
        if not places:
            return
        changed = draw(st.sampled_from(places))(operation, draw, path, query, body)
        if changed:
            self.ask(self.case(operation, headers, *changed, intent="broken"))

    def break_query(self, operation, draw, path, query, body):
        return path, {**query, "not_a_parameter": "1"}, body

    def break_text(self, operation, draw, path, query, body):
        return path, query, draw(st.sampled_from(BROKEN_TEXTS))

    def break_body(self, operation, draw, path, query, body):
        forbidden, changed = broken(draw, self.document, operation.body_schema, body)
        return (path, query, json.dumps(changed).encode()) if forbidden else None

    def break_path(self, operation, draw, path, query, body):
        name = draw(st.sampled_from(sorted(one["name"] for one in operation.parameters("path") if self.prefix(one))))
        wrong = draw(st.sampled_from(["1", "nothing", path[name] + "0", path[name].upper(), "\u00e9"]))
        return {**path, name: wrong}, query, body

    def prefix(self, parameter):
        return prefix_of(self.document.resolve(parameter["schema"]))

    def unauthenticated(self, operation):
        if not operation.schemes:
            return
        for headers in BAD_CREDENTIALS:
            self.ask(self.bare(operation, headers))

    def bare(self, operation, headers):
        """With these credentials, which are good for nothing, and no more than the operation needs."""
        path = {one["name"]: self.any_id(one) for one in operation.parameters("path")}
        return self.case(operation, headers, path, {}, b"{}" if operation.doc.get("requestBody") else None,
                         "unauthenticated")

    def any_id(self, parameter):
        prefix = self.prefix(parameter)
        return self.world["ids"].get(prefix, [f"{prefix}_01jzzzzzzzzzzzzzzzzzzzzzzz"])[0] if prefix else "1"

    def without_type(self, operation):
        if not operation.body_schema:
            return
        names = self.permitted(operation) if operation.schemes else [None]
        for name in names[:1]:
            headers = self.world["actors"][name]["headers"] if name else {}
            path = {one["name"]: self.any_id(one) for one in operation.parameters("path")}
            target = self.target(operation, path, {})
            self.ask(Case(operation, operation.method, target, headers, b"{}", "without_type"))

    def wrong_methods(self, operation):
        path = {one["name"]: self.any_id(one) for one in operation.parameters("path")}
        for method in sorted({name.upper() for name in METHODS} - self.document.methods_of(operation.path)):
            self.ask(Case(operation, method, self.target(operation, path, {}), {}, None, "wrong_method"))


def as_text(value):
    """As a parameter: a list is comma-separated, and truth is a word."""
    if isinstance(value, list):
        return ",".join(as_text(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def told(answer):
    return "nothing" if answer is None else f"{answer.status} {answer.body[:600]!r}"
