"""What every answer must be: Schemathesis' checks, each a function of a case and its answer that gives complaints.

Those of a sequence (`use_after_free`, `ensure_resource_availability`) take the answers of the sequence.
"""

UNREADABLE = {400, 405, 406, 411, 413, 414, 415, 417, 431}


def not_a_server_error(document, case, answer):
    if answer.status >= 500:
        yield f"is a server error: {answer.status}"


def status_code_conformance(document, case, answer):
    if not document.answer_schema(case.operation, answer.status)[0]:
        yield f"status {answer.status} is not documented"


def content_type_conformance(document, case, answer):
    documented, content = document.answer_schema(case.operation, answer.status)
    if not documented:
        return
    if not content and answer.body:
        yield "an answer without documented content has a body"
    if content and answer.type not in content and answer.status not in (204, 304):
        yield f"content type '{answer.type}' is none of {sorted(content)}"


def response_headers_conformance(document, case, answer):
    """Headers that the guide promises of every answer, and of some statuses."""
    for name in ("x-request-id", "cache-control", "date"):
        if not answer.headers.get(name):
            yield f"lacks the header {name}"
    if answer.headers.get("x-content-type-options") != "nosniff":
        yield "lacks X-Content-Type-Options: nosniff"
    if answer.status == 401 and "www-authenticate" not in answer.headers:
        yield "401 without WWW-Authenticate"
    if answer.status == 429 and not answer.headers.get("retry-after", "").isdigit():
        yield "429 without Retry-After in seconds"


def response_schema_conformance(document, case, answer):
    _, content = document.answer_schema(case.operation, answer.status)
    schema = content.get(answer.type, {}).get("schema")
    if schema is None or not answer.type.endswith("json"):
        return
    try:
        value = answer.json()
    except ValueError:
        yield "is no JSON"
        return
    yield from document.complaints(schema, value)
    if answer.status >= 400 and isinstance(value, dict):
        if value.get("status") != answer.status:
            yield "the problem names another status"
        if value.get("instance") != answer.headers.get("x-request-id"):
            yield "the problem names another request"


def negative_data_rejection(document, case, answer):
    if case.intent == "broken" and answer.status < 400:
        yield f"took what its description forbids, with {answer.status}"


def positive_data_acceptance(document, case, answer):
    """What keeps the description can be read. A rule that a schema cannot state may still refuse it, and says so."""
    if case.intent != "valid":
        return
    if answer.status in UNREADABLE:
        yield f"{answer.status} for what its description allows"
    if answer.status == 422 and not says_why(answer):
        yield "422 does not say what is wrong"


def says_why(answer):
    try:
        problem = answer.json()
    except ValueError:
        return False
    return isinstance(problem, dict) and bool(problem.get("errors") or problem.get("detail"))


def missing_required_header(document, case, answer):
    if case.intent == "without_type" and answer.status not in (401, 403, 415):
        yield f"a body without Content-Type is answered {answer.status}, not 415"


def unsupported_method(document, case, answer):
    if case.intent == "wrong_method" and answer.status != 405:
        yield f"{case.method} is not documented here, and is answered {answer.status}, not 405"


def allow_header(document, case, answer):
    if answer.status != 405:
        return
    allowed = {name.strip() for name in answer.headers.get("allow", "").split(",") if name.strip()}
    wanted = document.methods_of(case.operation.path)
    wanted |= {"HEAD"} if "GET" in wanted else set()
    if allowed != wanted:
        yield f"Allow names {sorted(allowed)}, and there are {sorted(wanted)}"


def ignored_auth(document, case, answer):
    if case.intent == "unauthenticated" and answer.status != 401:
        yield f"without good credentials it is answered {answer.status}, not 401"


def ensure_resource_availability(created, read):
    """What was made can be read at once."""
    if created.status == 201 and read.status != 200:
        yield f"was made with 201, and reading it is answered {read.status}"


def use_after_free(deleted, again, gone=(404, 410)):
    """What was deleted is gone. A revoked credential may still be listed, but lets nobody in: of it, 401 is `gone`."""
    if deleted.status == 204 and again.status not in gone:
        yield f"was deleted with 204, and used again it is answered {again.status}"


def max_response_time(document, case, answer):
    """Every request is answered: a connection that broke or stayed silent gives no answer at all."""
    if answer is None:
        yield "was not answered"


OF_ANSWERS = (not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
              response_schema_conformance, negative_data_rejection, positive_data_acceptance, missing_required_header,
              unsupported_method, allow_header, ignored_auth)
OF_SEQUENCES = (ensure_resource_availability, use_after_free)
ALL = (*OF_ANSWERS, *OF_SEQUENCES, max_response_time)


def faults(document, case, answer):
    """'check: complaint' for everything that is wrong with an answer; None is an answer that did not come."""
    if answer is None:
        return [f"{max_response_time.__name__}: {text}" for text in max_response_time(document, case, answer)]
    return [f"{check.__name__}: {text}" for check in OF_ANSWERS for text in check(document, case, answer)]
