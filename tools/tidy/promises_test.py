#!/usr/bin/env python3
"""Breaks a small description in every way, and lets it grow in every way, and shows that the two are told apart."""

import copy
import unittest

import promises

THING = {"type": "object", "additionalProperties": False, "required": ["id", "state", "parts"],
         "properties": {"id": {"type": "string"}, "state": {"type": "string", "enum": ["new", "old"]},
                        "note": {"type": ["string", "null"]},
                        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}}
PART = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}}
THING_IN = {"type": "object", "additionalProperties": False, "required": ["name"],
            "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20},
                           "count": {"type": ["number", "null"]},
                           "kind": {"type": "string", "enum": ["big", "small"]},
                           "part": {"anyOf": [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]}}}
JSON = "application/json"


def content(schema):
    return {"content": {JSON: {"schema": schema}}}


OLD = {"components": {"schemas": {"Thing": THING, "ThingIn": THING_IN, "Part": PART}}, "paths": {"/things": {
    "get": {"operationId": "things.list", "security": [{"session": []}, {"key": []}], "x-roles": ["owner", "viewer"],
            "parameters": [{"name": "q", "in": "query", "required": False,
                            "schema": {"type": "string", "maxLength": 9}}],
            "responses": {"200": content({"$ref": "#/components/schemas/Thing"}), "default": {}}},
    "post": {"operationId": "things.create", "security": [], "parameters": [],
             "requestBody": content({"$ref": "#/components/schemas/ThingIn"}),
             "responses": {"201": content({"$ref": "#/components/schemas/Thing"})}}}}}

GET, POST = ("paths", "/things", "get"), ("paths", "/things", "post")
SCHEMAS = ("components", "schemas")
GONE = object()
OF_LIST = {"q": GET + ("parameters", 0)}

BREAKS = {
    "is gone": (GET, GONE),
    "was called": (GET + ("operationId",), "things.all"),
    "no longer takes key": (GET + ("security",), [{"session": []}]),
    "wants credentials now": (POST + ("security",), [{"key": []}]),
    "no longer lets viewer": (GET + ("x-roles",), ["owner"]),
    "lost the query parameter q": (GET + ("parameters",), []),
    "wants the query parameter q now": (OF_LIST["q"] + ("required",), True),
    "wants the query parameter r now": (GET + ("parameters", 1),
                                        {"name": "r", "in": "query", "required": True, "schema": {}}),
    "?q has a narrower maxLength now": (OF_LIST["q"] + ("schema", "maxLength"), 8),
    "?q may no longer be string": (OF_LIST["q"] + ("schema", "type"), "integer"),
    "wants a body now": (GET + ("requestBody",), content({})),
    "lost its body": (POST + ("requestBody",), GONE),
    "is no longer application/json": (POST + ("requestBody", "content"), {"text/csv": {}}),
    "no longer answers 201": (POST + ("responses",), {"200": {}}),
    "body wants count now": (SCHEMAS + ("ThingIn", "required"), ["name", "count"]),
    "body lost count": (SCHEMAS + ("ThingIn", "properties", "count"), GONE),
    "body.name has a narrower minLength now": (SCHEMAS + ("ThingIn", "properties", "name", "minLength"), 2),
    "body.count may no longer be null": (SCHEMAS + ("ThingIn", "properties", "count", "type"), "number"),
    "body.kind no longer takes 'small'": (SCHEMAS + ("ThingIn", "properties", "kind", "enum"), ["big"]),
    "takes certain words only now": (SCHEMAS + ("ThingIn", "properties", "name", "enum"), ["a"]),
    "body.part may no longer be null": (SCHEMAS + ("ThingIn", "properties", "part"),
                                        {"$ref": "#/components/schemas/Part"}),
    "lost note": (SCHEMAS + ("Thing", "properties", "note"), GONE),
    "no longer always has state": (SCHEMAS + ("Thing", "required"), ["id", "parts"]),
    "id may be null now": (SCHEMAS + ("Thing", "properties", "id", "type"), ["string", "null"]),
    "parts[].size may be string now": (SCHEMAS + ("Part", "properties", "size", "type"), "string"),
}

GROWS = {
    "an operation": (("paths", "/more"), {"get": OLD["paths"]["/things"]["get"] | {"operationId": "more"}}),
    "a scheme": (GET + ("security", 2), {"token": []}),
    "a role": (GET + ("x-roles", 2), "staff"),
    "an optional parameter": (GET + ("parameters", 1), {"name": "r", "in": "query", "required": False, "schema": {}}),
    "a wider limit": (OF_LIST["q"] + ("schema", "maxLength"), 99),
    "no limit": (SCHEMAS + ("ThingIn", "properties", "name", "maxLength"), GONE),
    "an optional member": (SCHEMAS + ("ThingIn", "properties", "more"), {"type": "string"}),
    "a member that need not be there": (SCHEMAS + ("ThingIn", "required"), []),
    "a word in a request": (SCHEMAS + ("ThingIn", "properties", "kind", "enum"), ["big", "small", "huge"]),
    "null in a request": (SCHEMAS + ("ThingIn", "properties", "name", "type"), ["string", "null"]),
    "a member of an answer": (SCHEMAS + ("Thing", "properties", "more"), {"type": "string"}),
    "a word in an answer": (SCHEMAS + ("Thing", "properties", "state", "enum"), ["new", "old", "odd"]),
    "an answer that is never null": (SCHEMAS + ("Thing", "properties", "note", "type"), "string"),
    "a status": (POST + ("responses", "202"), {}),
    "a description": (GET + ("summary",), "All of them"),
}


def changed(path, value):
    document = copy.deepcopy(OLD)
    *way, last = path
    place = document
    for key in way:
        place = place[key]
    if value is GONE:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(copy.deepcopy(value))
    else:
        place[last] = copy.deepcopy(value)
    return document


class Promises(unittest.TestCase):
    def test_the_same_description_breaks_nothing(self):
        self.assertEqual(promises.breaks(OLD, OLD), [])

    def test_each_break_is_found(self):
        for text, (path, value) in BREAKS.items():
            with self.subTest(text):
                found = promises.breaks(OLD, changed(path, value))
                self.assertTrue(any(text in one for one in found), found)

    def test_growth_is_no_break(self):
        for text, (path, value) in GROWS.items():
            with self.subTest(text):
                self.assertEqual(promises.breaks(OLD, changed(path, value)), [])


if __name__ == "__main__":
    unittest.main()
