"""Checks of the shape of the text: how long, how wide, how named."""

import re

from source import closing, cpp_code, functions
from tree import CPP, SCRIPT, Finding, line_of

FILE_LINES = 500
FUNCTION_LINES = 70
# The formatter keeps C++ to it, but for literals, which it may not break. The web's lint
# watches the scripts, whose class lists cannot be broken.
COLUMNS = 120
GENERATED = ("web/src/api/openapi.d.ts",)
CODE = (*CPP, *SCRIPT, ".py", ".sql", ".sh", ".css", ".cmake")


def files_are_short(tree):
    """no file of code is over 500 lines"""
    for path in tree.files(*CODE):
        lines = tree.text(path).count("\n")
        if lines > FILE_LINES and path not in GENERATED:
            yield Finding(path, 0, f"{lines} lines; at most {FILE_LINES}")


def functions_are_short(tree):
    """no function of C++, Python or TypeScript is over 70 lines"""
    for path in tree.files(*CPP, *SCRIPT, ".py"):
        if path in GENERATED:
            continue
        try:
            for name, line, lines in functions(path, tree.text(path)):
                if lines > FUNCTION_LINES:
                    yield Finding(path, line, f"{name} has {lines} lines; at most {FUNCTION_LINES}")
        except SyntaxError as wrong:
            yield Finding(path, wrong.lineno or 0, f"cannot be read: {wrong.msg}")


def lines_are_narrow(tree):
    """no line of C++, SQL or Python is over 120 columns"""
    for path in tree.files(*CPP, ".py", ".sql"):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if len(line) > COLUMNS:
                yield Finding(path, number, f"{len(line)} columns; at most {COLUMNS}")


BANNED = {"manager", "helper", "helpers", "util", "utils", "common", "misc", "base", "impl", "data", "info",
          "processor"}
TYPE = re.compile(r"\b(?:class|struct|union|concept|enum(?:\s+class|\s+struct)?|namespace|using)\s+(?:\[\[\w+\]\]\s*)?"
                  r"(?!namespace\b)(\w+)\s*(?=[;:{=<]|final\b|requires\b|$)", re.MULTILINE)


def banned_part(name):
    """The part of a name that says nothing, or None."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    for word in words:
        if word.lower() in BANNED:
            return word
    return words[-1] if len(words) > 1 and words[-1].lower() == "service" else None


def names_say_something(tree):
    """no C++ name says Manager, Helper, Util, Common, Misc, Base, Impl, Data, Info, Processor or ends in Service"""
    for path in tree.files(*CPP):
        for part in path.rsplit(".", 1)[0].split("/"):
            if banned_part(part):
                yield Finding(path, 0, f"'{banned_part(part)}' in the name '{part}'")
        text = tree.text(path)
        for found in TYPE.finditer(cpp_code(text)):
            if banned_part(found[1]):
                line = line_of(text, found.start(1))
                yield Finding(path, line, f"'{banned_part(found[1])}' in the name '{found[1]}'")


MACRO = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\s*(\()|(\()\s*\{")


LAMBDA = re.compile(r"\]\s*(?:\([^()]*\)\s*)?(?:mutable\s*)?(?:->\s*[\w:<>, ]+)?(?P<brace>\{)")


def without_lambdas(code):
    """A lambda's body is a coroutine of its own: blanked out."""
    while found := LAMBDA.search(code):
        start, end = found.start("brace"), closing(code, found.start("brace"))
        code = code[:start] + re.sub(r"[^\n]", " ", code[start:end]) + code[end:]
    return code


def awaits_stand_alone(tree):
    """no co_await in an argument of a macro or in a statement expression: GCC 14 gets both wrong"""
    for path in tree.files(*CPP):
        text = tree.text(path)
        code = cpp_code(text)
        for call in MACRO.finditer(code):
            opening = call.start(1) if call[1] else call.start(2)
            before = code[:opening].rstrip()[-1:]
            # f({...}) hands over a braced list; a statement expression follows an operator or opens an expression.
            if call[2] and (before.isalnum() or before in "_>)"):
                continue
            awaited = re.search(r"\bco_await\b", without_lambdas(code[opening:closing(code, opening)]))
            if awaited:
                line = line_of(text, opening + awaited.start())
                yield Finding(path, line, "co_await inside a macro: await into a name first")


CHECKS = (files_are_short, functions_are_short, lines_are_narrow, names_say_something, awaits_stand_alone)
