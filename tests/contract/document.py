"""The contract as openapi.json states it: its operations, and values that keep or break its schemas."""

import dataclasses
import json
import re

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

METHODS = ("get", "post", "put", "patch", "delete")
ID = re.compile(r"^\^([a-z]+)_\[")


@dataclasses.dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    doc: dict

    @property
    def schemes(self):
        return {name for entry in self.doc["security"] for name in entry}

    @property
    def roles(self):
        return set(self.doc.get("x-roles", ()))

    def parameters(self, place):
        return [one for one in self.doc.get("parameters", ()) if one["in"] == place]

    @property
    def body_schema(self):
        """Of a JSON body; None without one, or when the description explains it in words only."""
        return self.doc.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")


class Document:
    def __init__(self, text):
        self.json = json.loads(text)
        self.operations = [Operation(doc["operationId"], method.upper(), path, doc)
                           for path, item in self.json["paths"].items()
                           for method, doc in item.items() if method in METHODS]

    def resolve(self, schema):
        while "$ref" in schema:
            place = self.json
            for key in schema["$ref"].removeprefix("#/").split("/"):
                place = place[key]
            schema = place
        return schema

    def validator(self, schema):
        return Draft202012Validator({**schema, "components": self.json["components"]})

    def complaints(self, schema, value):
        """What is wrong with a value, in words; none when it is as the schema says."""
        return [f"{error.json_path} {error.message[:200]}" for error in self.validator(schema).iter_errors(value)]

    def keeps(self, schema, value):
        return self.validator(schema).is_valid(value)

    def methods_of(self, path):
        """Of every path that the address fits: `/things/current` is also one of `/things/{id}`."""
        return {one.method for one in self.operations if fits(one.path, path)}

    def answer_schema(self, operation, status):
        """(documented at all, its content by media type)."""
        responses = operation.doc["responses"]
        documented = responses.get(str(status), responses.get("default") if status >= 400 else None)
        return documented is not None, (documented or {}).get("content", {})


def fits(template, path):
    parts = re.split(r"\{[^}]*\}", template)
    return re.fullmatch("[^/]+".join(re.escape(part) for part in parts), path) is not None


def prefix_of(schema):
    """Which kind of id a schema wants ("cmp"), or None."""
    found = ID.match(schema.get("pattern", ""))
    return found and found[1]


# Neither database nor JSON take lone surrogates or NUL; those are for the negative side.
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=60)
WORDS = st.sampled_from(["a", "x y", "é", "東京", "O'Brien", "<b>", "%00", "../..", "null", "-1", "\u202egnp", "🚚"])
TIMES = ("2026-03-08T07:00:00Z", "2026-11-01T05:30:00.123Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
         "2027-01-01T00:00:00+05:30")
NUMBERS = st.one_of(st.integers(-10, 10), st.floats(-1e6, 1e6, allow_nan=False),
                    st.sampled_from([0, -0.0, 1e-300, 1e300]))


class Values:
    """Strategies for values that keep a schema. Ids come from what there is, and from what there is not."""

    def __init__(self, document, ids, times=()):
        self.document, self.ids = document, ids
        # Those of the world are what most rules allow.
        self.times = st.sampled_from([*times, *times, *TIMES])

    def of(self, schema, depth=0):
        schema = self.document.resolve(schema)
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return st.one_of([self.of(one, depth) for one in schema[word]])
        if "allOf" in schema:
            return self.of(schema["allOf"][0], depth)
        kinds = schema.get("type", "object")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        return st.one_of([self.of_kind(kind, schema, depth) for kind in kinds])

    def of_kind(self, kind, schema, depth):
        if kind == "object":
            return self.object(schema, depth)
        if kind == "array":
            items = self.of(schema.get("items", {}), depth + 1)
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=min(schema.get("maxItems", 3), 3))
        if kind == "string":
            return self.string(schema)
        if kind == "integer":
            return st.integers(int(schema.get("minimum", -2**31)), int(schema.get("maximum", 2**31 - 1)))
        if kind == "number":
            low, high = schema.get("minimum"), schema.get("maximum")
            if low is None and high is None:
                return NUMBERS
            return st.floats(low if low is not None else high - 1e6, high if high is not None else low + 1e6)
        return st.booleans() if kind == "boolean" else st.none()

    def string(self, schema):
        if prefix_of(schema):
            return self.id(prefix_of(schema))
        if schema.get("format") == "date-time":
            return self.times
        low, high = schema.get("minLength", 0), schema.get("maxLength", 60)
        texts = st.one_of(TEXT, WORDS).filter(lambda text: low <= len(text) <= high)
        if "pattern" in schema:
            return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
        return st.one_of(texts, st.just("k" * max(low, 1)), st.just("k" * min(high, 300)))

    def id(self, prefix):
        known = self.ids.get(prefix, [])
        return st.sampled_from([*known, *known, f"{prefix}_01jzzzzzzzzzzzzzzzzzzzzzzz"])

    def object(self, schema, depth):
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        if depth > 5:
            properties = {name: one for name, one in properties.items() if name in required}
        strategies = {name: self.of(one, depth + 1) for name, one in properties.items()}
        return st.fixed_dictionaries({name: strategies[name] for name in properties if name in required},
                                     optional={name: strategies[name] for name in properties if name not in required})


WRONG = (None, True, 0, -1, 1.5, 2**63, 1e400, "", "x" * 5000, [], {}, [[]], {"a": 1}, "\0", "not one of them")


def broken(draw, document, schema, value):
    """(True, the value with one place changed so that the schema forbids it), or (False, None) when it allows that."""
    changed = change(draw, value)
    return (False, None) if document.keeps(schema, changed) else (True, changed)


def change(draw, value):
    if isinstance(value, dict):
        deeds = ["extra"] + (["drop", "deeper", "deeper", "deeper"] if value else [])
        deed = draw(st.sampled_from(deeds))
        if deed == "extra":
            return {**value, "not_a_member": 1}
        name = draw(st.sampled_from(sorted(value)))
        if deed == "drop":
            return {key: one for key, one in value.items() if key != name}
        return {**value, name: change(draw, value[name])}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [change(draw, value[0]), *value[1:]]
    return draw(st.sampled_from(WRONG))
