"""One persistent connection: what is sent goes out byte for byte, what comes back is kept whole."""

import dataclasses
import http.client
import json

# A server that gives no answer at all is a finding; how fast it is, is not asked here.
PATIENCE_S = 60


@dataclasses.dataclass(frozen=True)
class Case:
    """One request as it was sent. `intent`: valid, broken, unauthenticated, without_type, wrong_method."""

    operation: object
    method: str
    target: str
    headers: dict
    body: bytes | None
    intent: str = "valid"

    def told(self):
        lines = " ".join(f"-H '{name}: {value}'" for name, value in self.headers.items() if name != "Authorization")
        body = "" if self.body is None else f" --data-binary {self.body[:600]!r}"
        return f"curl -X {self.method} {lines} 'http://localhost{self.target}'{body}"


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # names in lower case
    body: bytes

    @property
    def type(self):
        return self.headers.get("content-type", "").split(";")[0].strip()

    def json(self):
        return json.loads(self.body)


class NoAnswer(Exception):
    """The connection broke, or nothing came in time."""


class Client:
    def __init__(self, port):
        self.port, self.requests, self.connection = port, 0, None

    def send(self, case):
        self.requests += 1
        for attempt in (1, 2):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
            try:
                return self._once(case)
            except (http.client.HTTPException, OSError) as failure:
                self.close()
                # An idle connection may have been closed meanwhile; a new one that breaks is the server's doing.
                if fresh or attempt == 2 or isinstance(failure, TimeoutError):
                    raise NoAnswer(f"no answer: {failure!r}") from failure
        raise AssertionError

    def _once(self, case):
        self.connection.putrequest(case.method, case.target, skip_accept_encoding=True)
        for name, value in case.headers.items():
            self.connection.putheader(name, value)
        if case.body is not None:
            self.connection.putheader("Content-Length", str(len(case.body)))
        self.connection.endheaders(case.body)
        response = self.connection.getresponse()
        body = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(response.status, headers, body)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
