"""The API only grows: what a released description promised still holds in api/openapi.json."""

import json

from tree import Finding

NOW = "api/openapi.json"
# What a request may be: a smaller one is a break. What an answer may be: a larger one is.
LOWER = {"minimum": 1, "exclusiveMinimum": 1, "minLength": 1, "minItems": 1}
UPPER = {"maximum": -1, "exclusiveMaximum": -1, "maxLength": -1, "maxItems": -1}


class Comparison:
    def __init__(self, old, new):
        self.old, self.new, self.breaks, self.seen = old, new, [], set()

    def run(self):
        for path, item in self.old["paths"].items():
            for method, doc in item.items():
                now = self.new["paths"].get(path, {}).get(method)
                place = f"{method.upper()} {path}"
                if now is None:
                    self.found(place, "is gone")
                else:
                    self.operation(place, doc, now)
        return self.breaks

    def found(self, place, text):
        self.breaks.append(f"{place} {text}")

    def operation(self, place, old, new):
        if old["operationId"] != new["operationId"]:
            self.found(place, f"was called {old['operationId']} and is {new['operationId']}")
        schemes = {name for entry in new["security"] for name in entry}
        for name in {name for entry in old["security"] for name in entry} - schemes:
            self.found(place, f"no longer takes {name}")
        if schemes and not old["security"]:
            self.found(place, "wants credentials now")
        for role in set(old.get("x-roles", ())) - set(new.get("x-roles", ())):
            self.found(place, f"no longer lets {role}")
        self.parameters(place, old.get("parameters", ()), new.get("parameters", ()))
        self.body(place, old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            now = new["responses"].get(status)
            if now is None:
                self.found(place, f"no longer answers {status}")
                continue
            self.contents(f"{place} {status}", answer.get("content", {}), now.get("content", {}), "answer")

    def parameters(self, place, old, new):
        known = {(one["in"], one["name"]): one for one in old}
        for key, now in {(one["in"], one["name"]): one for one in new}.items():
            before = known.pop(key, None)
            if now["required"] and not (before and before["required"]):
                self.found(place, f"wants the {key[0]} parameter {key[1]} now")
            if before:
                self.schema(f"{place} ?{key[1]}", before["schema"], now["schema"], "request")
        for where, name in known:
            self.found(place, f"lost the {where} parameter {name}")

    def body(self, place, old, new):
        if new and not old:
            self.found(place, "wants a body now")
        elif old and new:
            self.contents(f"{place} body", old["content"], new["content"], "request")
        elif old:
            self.found(place, "lost its body")

    def contents(self, place, old, new, side):
        for kind, content in old.items():
            if kind not in new:
                self.found(place, f"is no longer {kind}")
            elif "schema" in content:
                self.schema(place, content["schema"], new[kind].get("schema", {}), side)

    def schema(self, place, old, new, side):
        mark = (json.dumps(old, sort_keys=True), json.dumps(new, sort_keys=True), side)
        if mark in self.seen:
            return
        self.seen.add(mark)
        old, new = resolved(self.old, old), resolved(self.new, new)
        before, now = kinds(self.old, old), kinds(self.new, new)
        for kind in before - now if side == "request" else now - before:
            self.found(place, f"may no longer be {kind}" if side == "request" else f"may be {kind} now")
        if side == "request":
            for value in set(old.get("enum", ())) - set(new.get("enum", old.get("enum", ()))):
                self.found(place, f"no longer takes '{value}'")
            if "enum" in new and "enum" not in old:
                self.found(place, "takes certain words only now")
            self.limits(place, old, new)
        self.inner(place, old, new, side)

    def limits(self, place, old, new):
        for word, sign in {**LOWER, **UPPER}.items():
            if word in new and (word not in old or (new[word] - old[word]) * sign > 0):
                self.found(place, f"has a narrower {word} now")

    def inner(self, place, old, new, side):
        if "items" in old and "items" in new:
            self.schema(place + "[]", old["items"], new["items"], side)
        parts = [[one for one in schema.get("anyOf", ()) if one.get("type") != "null"] for schema in (old, new)]
        if parts[0] or parts[1]:
            # A reference that may be null: the other part is what counts.
            before = parts[0][0] if parts[0] else old
            now = parts[1][0] if parts[1] else new
            self.schema(place, before, now, side)
            return
        for name, before in old.get("properties", {}).items():
            now = new.get("properties", {}).get(name)
            if now is None:
                self.found(place, f"lost {name}")
            else:
                self.schema(f"{place}.{name}", before, now, side)
        required = [set(schema.get("required", ())) for schema in (old, new)]
        if side == "request":
            for name in required[1] - required[0]:
                self.found(place, f"wants {name} now")
        else:
            for name in (required[0] - required[1]) & set(new.get("properties", ())):
                self.found(place, f"no longer always has {name}")


def kinds(document, schema):
    """The JSON types that a schema allows."""
    schema = resolved(document, schema)
    if "anyOf" in schema:
        return {kind for one in schema["anyOf"] for kind in kinds(document, one)}
    given = schema.get("type", ())
    allowed = {given} if isinstance(given, str) else set(given)
    return allowed | ({"integer"} if "number" in allowed else set())


def resolved(document, schema):
    while "$ref" in schema or "allOf" in schema:
        if "allOf" in schema:
            schema = schema["allOf"][0]
            continue
        place = document
        for key in schema["$ref"].removeprefix("#/").split("/"):
            place = place[key]
        schema = place
    return schema


def breaks(old, new):
    """What a program written for the old description can no longer rely on, in words."""
    return Comparison(old, new).run()


def api_only_grows(tree):
    """api/openapi.json breaks no promise of the descriptions in api/released"""
    if NOW not in tree.known:
        return
    now = json.loads(tree.text(NOW))
    for path in tree.files(".json", under="api/released/"):
        for text in breaks(json.loads(tree.text(path)), now):
            yield Finding(NOW, 0, f"{text} (since {path.rsplit('/', 1)[1].removesuffix('.json')})")


CHECKS = (api_only_grows,)
