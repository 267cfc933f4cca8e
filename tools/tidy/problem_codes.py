#!/usr/bin/env python3
"""The codes that the API refuses with, as docs/problems/codes.md lists them: read from where the C++ throws them.

problem_codes.py > docs/problems/codes.md
"""

import pathlib
import re
import sys

from source import closing, cpp_code, cpp_literals
from tree import CPP, Finding, Tree, is_test

PAGE = "docs/problems/codes.md"
STATUS = {"invalid": 422, "malformed": 400, "unauthenticated": 401, "forbidden": 403, "missing": 404, "method": 405,
          "timeout": 408, "conflict": 409, "gone": 410, "precondition": 412, "too_large": 413, "unsupported": 415,
          "too_many": 429, "refused_upstream": 502, "unavailable": 503}
# Problem{Kind::missing, "campaigns.not_found", ...} and faults.refuse("campaigns.invalid", ...)
THROWN = re.compile(r"\bKind::(?P<kind>\w+),\s*|\.refuse\(\s*")
HEAD = """# Codes

Made from the program by `tools/tidy/problem_codes.py`; tidy fails when it is out of date. What to do about a status:
[When the API refuses](README.md). Where a sentence names the thing in question, `...` stands for it.

| code | status | what it says |
|---|---|---|
"""


def sentence(code, literals, start, end):
    """The words behind the code: neighbouring literals joined, up to the end of the call's second argument."""
    words, reached = [], start
    for offset, text in literals:
        if offset < start or offset >= end:
            continue
        between = code[reached:offset]
        if words and between.strip():
            break
        if not words and not re.fullmatch(r"\s*,\s*(std::format\(\s*)?", between):
            break
        words.append(text)
        reached = offset + len(text) + 2
    # What is put together goes on with a value.
    if words and re.match(r"\s*\+", code[reached:end]):
        words.append("...")
    said = re.sub(r"\{[^{}]*\}", "...", "".join(words).replace('\\"', '"').replace("\\n", " "))
    return said.replace("|", "\\|")


def codes(tree):
    """{code: (status, sentence)} of every refusal that names kind and code at once."""
    found = {}
    for path in tree.files(*CPP):
        if path.split("/")[0] not in ("app", "src", "integrations", "platform") or is_test(path):
            continue
        text = tree.text(path)
        code, literals = cpp_code(text), list(cpp_literals(text))
        for thrown in THROWN.finditer(text):
            name = next((literal for offset, literal in literals if offset == thrown.end()), None)
            kind = thrown["kind"] or "invalid"
            if kind not in STATUS or not name or not re.fullmatch(r"[a-z_]+\.[a-z_]+", name):
                continue
            opening = max(code.rfind("{", 0, thrown.end()), code.rfind("(", 0, thrown.end()))
            said = sentence(code, literals, thrown.end() + len(name) + 2, closing(code, opening))
            known = found.setdefault(name, (STATUS[kind], said))
            if not known[1]:
                found[name] = (STATUS[kind], said)
    return found


def page(tree):
    return HEAD + "".join(f"| `{name}` | {status} | {said} |\n" for name, (status, said) in sorted(codes(tree).items()))


def problem_codes_are_listed(tree):
    """docs/problems/codes.md lists the codes that the C++ refuses with"""
    if PAGE in tree.known and tree.text(PAGE) != page(tree):
        listed = set(re.findall(r"^\| `([\w.]+)`", tree.text(PAGE), re.MULTILINE))
        differing = sorted(listed ^ set(codes(tree))) or ["a status or sentence"]
        yield Finding(PAGE, 0, f"out of date ({', '.join(differing)}): make it again with tools/tidy/problem_codes.py")


CHECKS = (problem_codes_are_listed,)


if __name__ == "__main__":
    sys.stdout.write(page(Tree(pathlib.Path(__file__).parents[2])))
