#!/usr/bin/env python3
"""Turns docs/problems into a C++ header, so that the binary carries the pages its problems lead to.

embed_problems.py FOLDER out.hpp
"""

import json
import pathlib
import re
import sys

CODE = re.compile(r"^\| `(?P<code>[\w.]+)` \| (?P<status>\d{3}) \| (?P<says>.*?) \|$", re.MULTILINE)
STATUS = re.compile(r"^\| (?P<statuses>\d{3}(?:, \d{3})*) \| (?P<meaning>.*?) \| (?P<advice>.*?) \|$", re.MULTILINE)


def plain(markdown):
    """A cell's text without its marks."""
    return re.sub(r"[`*]", "", markdown.replace("\\|", "|"))


def literal(text):
    """A literal of C++: JSON escapes quotes and controls in the same way, and text stays UTF-8."""
    return json.dumps(text, ensure_ascii=False)


def header(codes, advice):
    pages = "".join(f"    {{{literal(one['code'])}, {one['status']}, {literal(plain(one['says']))}}},\n"
                    for one in CODE.finditer(codes))
    rows = "".join(f"    {{{status}, {literal(plain(one['meaning']))}, {literal(plain(one['advice']))}}},\n"
                   for one in STATUS.finditer(advice) for status in one["statuses"].split(", "))
    if not pages or not rows:
        sys.exit("embed_problems: docs/problems holds no codes or no statuses")
    return ("#pragma once\n\n#include \"platform/http/problem_pages.hpp\"\n\nnamespace mobilytics::app {\n\n"
            f"inline constexpr http::ProblemPage problem_pages[] = {{\n{pages}}};\n\n"
            f"inline constexpr http::StatusAdvice status_advice[] = {{\n{rows}}};\n\n"
            "}  // namespace mobilytics::app\n")


def main(folder, out):
    folder, out = pathlib.Path(folder), pathlib.Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(header((folder / "codes.md").read_text(), (folder / "README.md").read_text()))


if __name__ == "__main__":
    main(*sys.argv[1:])
