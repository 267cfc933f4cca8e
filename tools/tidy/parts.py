#!/usr/bin/env python3
"""The list of third-party parts in docs/security/parts.md, made from what installs them.

parts.py    writes the list anew
"""

import json
import pathlib
import re
import sys

from tree import Finding, Tree

PAGE = "docs/security/parts.md"
PACKAGES, WEB = "tools/toolchain/packages", "web/package.json"
BEGIN, END = "<!-- parts -->", "<!-- /parts -->"


def debian(text):
    """(name, from where, section) of the package list, whose comments are the sections."""
    section = ""
    for line in text.splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ").split(";")[0].split(",")[0]
        elif line.strip():
            name, _, suite = line.strip().partition("/")
            yield name, f"Debian 13 ({suite})" if suite else "Debian 13", section


def web(text):
    package = json.loads(text)
    for kind, section in (("dependencies", "pages"), ("devDependencies", "building and testing pages")):
        for name in sorted(package.get(kind, {})):
            yield name, "npm", section


def listed(tree):
    lines = ["| part | from | for |", "|---|---|---|"]
    parts = [*debian(tree.text(PACKAGES)), *web(tree.text(WEB))]
    return lines + [f"| {name} | {origin} | {section} |" for name, origin, section in parts]


def with_list(tree, text):
    """The page with its list as the sources are."""
    found = re.search(f"{re.escape(BEGIN)}.*{re.escape(END)}", text, re.DOTALL)
    if not found:
        return None
    return text[:found.start()] + "\n".join([BEGIN, *listed(tree), END]) + text[found.end():]


def parts_are_listed(tree):
    """docs/security/parts.md lists every third-party part that is asked for"""
    if PAGE in tree.known and tree.text(PAGE) != with_list(tree, tree.text(PAGE)):
        yield Finding(PAGE, 0, "the list is out of date: tools/tidy/parts.py writes it")


CHECKS = (parts_are_listed,)


def main():
    tree = Tree(pathlib.Path(__file__).parents[2])
    text = with_list(tree, tree.text(PAGE))
    if text is None:
        sys.exit(f"{PAGE} has no place for the list: {BEGIN} and {END}")
    (tree.root / PAGE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
