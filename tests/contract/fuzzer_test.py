#!/usr/bin/env python3
"""The fuzzer itself: an honest server passes, and for each check a server that lies in just that is caught."""

import http.server
import json
import sys
import threading
import unittest

import checks
from client import Client
from document import Document
from fuzzer import Fuzzer

THING = {"type": "object", "required": ["id", "name"], "additionalProperties": False,
         "properties": {"id": {"type": "string", "pattern": "^thg_[0-9]{4}$"},
                        "name": {"type": "string", "minLength": 1}}}
THING_IN = {"type": "object", "required": ["name"], "additionalProperties": False,
            "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20}}}
PASS = {"type": "object", "required": ["id", "secret"],
        "properties": {"id": {"type": "string", "pattern": "^pas_[0-9]{4}$"}, "secret": {"type": "string"}}}
PROBLEM = {"type": "object", "required": ["status", "instance"], "properties": {"status": {"type": "integer"}}}


def operation(name, status, schema=None, body=None, parameters=()):
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    doc = {"operationId": name, "security": [{"api_key": []}], "parameters": list(parameters),
           "responses": {str(status): content,
                         "default": {"content": {"application/problem+json": {"schema": PROBLEM}}}}}
    return doc | ({"requestBody": {"content": {"application/json": {"schema": body}}}} if body else {})


def by_id(prefix):
    schema = {"type": "string", "pattern": f"^{prefix}_[0-9]{{4}}$"}
    return ({"name": "id", "in": "path", "required": True, "schema": schema},)


DOCUMENT = {"openapi": "3.1.0", "components": {}, "paths": {
    "/things": {"post": operation("things.create", 201, THING, THING_IN)},
    "/things/{id}": {"get": operation("things.get", 200, THING, parameters=by_id("thg")),
                     "delete": operation("things.delete", 204, parameters=by_id("thg"))},
    "/passes": {"post": operation("passes.create", 201, PASS)},
    "/passes/{id}": {"delete": operation("passes.revoke", 204, parameters=by_id("pas"))}}}


class Things(http.server.BaseHTTPRequestHandler):
    """Keeps things by id. `lie` names the check that it breaks."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: otherwise each answer waits for a delayed acknowledgement
    lie = None

    def log_message(self, *_):
        pass

    def deed(self):
        length = int(self.headers.get("Content-Length", 0))
        text = self.rfile.read(length)
        if self.lie == "max_response_time":
            self.close_connection = True
            return
        self.answer(*self.judged(text))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = deed

    def judged(self, text):
        path = self.path.split("?")[0]
        by_id = {"DELETE"} if path.startswith("/passes/") else {"GET", "DELETE"}
        methods = {"/things": {"POST"}, "/passes": {"POST"}}.get(path, by_id)
        if self.command not in methods:
            return (200 if self.lie == "unsupported_method" else 405), None, methods
        if self.headers.get("Authorization") not in self.server.credentials and self.lie != "ignored_auth":
            return 401, None, None
        if self.lie == "not_a_server_error":
            return 500, None, None
        if path.startswith("/passes"):
            return self.passes(path)
        return self.created(text) if self.command == "POST" else self.looked_up(path.rsplit("/", 1)[1])

    def passes(self, path):
        """Revoking one twice is no error, but it opens nothing any more."""
        if self.command == "POST":
            number = f"{len(self.server.passes):04}"
            self.server.passes.add(f"pas_{number}")
            self.server.credentials.add(f"Bearer {number}")
            return 201, {"id": f"pas_{number}", "secret": number}, None
        if path.rsplit("/", 1)[1] not in self.server.passes:
            return 404, None, None
        if self.lie != "revoked_passes_live":
            self.server.credentials.discard(f"Bearer {path[-4:]}")
        return 204, None, None

    def created(self, text):
        if "Content-Type" not in self.headers:
            return (422 if self.lie == "missing_required_header" else 415), None, None
        if self.lie == "positive_data_acceptance":
            return 400, None, None
        try:
            name = json.loads(text)["name"]
            good = len(json.loads(text)) == 1 and isinstance(name, str) and 1 <= len(name) <= 20
        except (ValueError, KeyError, TypeError):
            name, good = "x", False
        if not good and self.lie != "negative_data_rejection":
            return 422, None, None
        thing = {"id": f"thg_{len(self.server.things):04}", "name": name if good else "x"}
        self.server.things[thing["id"]] = None if self.lie == "ensure_resource_availability" else thing
        return 201, {"id": 7} if self.lie == "response_schema_conformance" else thing, None

    def looked_up(self, name):
        thing = self.server.things.get(name)
        if not thing:
            return 404, None, None
        if self.command == "GET":
            return (207 if self.lie == "status_code_conformance" else 200), thing, None
        if self.lie != "use_after_free":
            self.server.things[name] = None
        return 204, None, None

    def answer(self, status, value, methods):
        if status >= 400:
            value = {"status": status, "instance": "r1", "detail": "No."}
        body = b"" if status == 204 else json.dumps(value).encode()
        self.send_response(status)
        lines = {"Content-Length": len(body), "X-Request-Id": "r1", "Cache-Control": "no-store",
                 "X-Content-Type-Options": "nosniff",
                 "Content-Type": "application/problem+json" if status >= 400 else "application/json"}
        if self.lie == "content_type_conformance" and status == 200:
            lines["Content-Type"] = "text/plain"
        if self.lie == "response_headers_conformance":
            del lines["Cache-Control"]
        if status == 401:
            lines["WWW-Authenticate"] = "Bearer"
        if status == 405:
            lines["Allow"] = "POST, GET" if self.lie == "allow_header" else ", ".join(
                sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        for name, line in lines.items():
            self.send_header(name, str(line))
        self.end_headers()
        self.wfile.write(body)


def findings_of(lie):
    """(what the fuzzer finds on a server with that lie, which checks were asked)."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Lying", (Things,), {"lie": lie}))
    server.daemon_threads = True
    server.credentials, server.passes = {"Bearer good"}, set()
    server.things = {"thg_0000": {"id": "thg_0000", "name": "first"}}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    client = Client(server.server_address[1])
    ids = {"thg": ["thg_0000"]}
    world = {"actors": {"owner": {"scheme": "api_key", "role": "owner", "headers": {"Authorization": "Bearer good"}}},
             "ids": ids, "spare_ids": ids, "times": [], "bodies": {}}
    try:
        fuzzer = Fuzzer(Document(json.dumps(DOCUMENT)), client, world, examples=16, seed=1)
        return fuzzer.run(), fuzzer.used
    finally:
        client.close()
        server.shutdown()
        thread.join()
        server.server_close()


class FuzzerTest(unittest.TestCase):
    def test_an_honest_server_passes_and_every_check_was_asked(self):
        findings, used = findings_of(None)
        self.assertEqual(findings, [])
        self.assertEqual([name for name, count in used.items() if count == 0], [])

    def test_a_revoked_credential_that_still_opens_is_caught(self):
        findings, _ = findings_of("revoked_passes_live")
        self.assertTrue(any("passes.revoke: use_after_free:" in finding or "passes.revoke: ignored_auth:" in finding
                            for finding in findings), findings)

    def test_an_address_has_the_methods_of_every_path_that_it_fits(self):
        document = Document(json.dumps(DOCUMENT | {"paths": DOCUMENT["paths"] | {
            "/things/newest": {"post": operation("things.renew", 200, THING)}}}))
        self.assertEqual(document.methods_of("/things/newest"), {"GET", "DELETE", "POST"})
        self.assertEqual(document.methods_of("/things/{id}"), {"GET", "DELETE"})

    def test_there_are_fourteen_checks(self):
        self.assertEqual(len(checks.ALL), 14)


def lying(check):
    def test(self):
        findings, _ = findings_of(check.__name__)
        self.assertTrue(any(f"{check.__name__}:" in finding for finding in findings), findings)
    return test


for one in checks.ALL:
    setattr(FuzzerTest, f"test_a_lie_is_caught_by_{one.__name__}", lying(one))


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=0).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)
