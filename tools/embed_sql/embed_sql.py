#!/usr/bin/env python3
"""Turns SQL files into C++ headers, so that the binary carries its statements and its migrations.

embed_sql.py ROOM queries.sql... out.hpp         the named statements of a room, of one file or several
embed_sql.py --migrations FOLDER out.hpp         NNNN_name.sql, in order, with their SHA-256
"""

import hashlib
import pathlib
import re
import sys

KINDS = ("one", "optional", "many", "exec", "copy")
HEADER = re.compile(r"--\s*name:\s*(?P<name>\S+)\s+:(?P<kind>\S+)\s*$")
MIGRATION = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql$")
RESERVED = {"all", "and", "auto", "case", "class", "const", "continue", "default", "delete", "do", "enum", "export",
            "for", "if", "int", "new", "not", "operator", "or", "private", "public", "register", "return", "sql",
            "static", "struct", "switch", "template", "this", "throw", "try", "typename", "union", "using", "while"}
# Literals first: two hyphens inside one are not a comment.
TOKEN = re.compile(
    r"""(?P<literal>\b[eE]'(?:\\.|''|[^'\\])*' | '(?:''|[^'])*' | "(?:""|[^"])*" | (?P<tag>\$\w*\$).*?(?P=tag))
      | (?P<comment>--[^\n]* | /\*.*?\*/)""",
    re.VERBOSE | re.DOTALL)


class Refused(Exception):
    pass


def without_comments(text):
    """The comments say why to a reader of the file; the server's log and its plan cache need only the statement."""
    text = TOKEN.sub(lambda found: found["literal"] or " ", text)
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line).strip()


def raw_string(text, place):
    if ')sql"' in text:
        raise Refused(f'{place}: the text holds )sql" and cannot be embedded')
    return f'R"sql({text})sql"'


def statements(path, known):
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path}:{number}"
        if re.match(r"--\s*name:", line):
            header = HEADER.match(line)
            if not header or header["kind"] not in KINDS:
                raise Refused(f"{place}: expected `-- name: find_campaign :KIND`, KIND one of {', '.join(KINDS)}")
            name = header["name"]
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in RESERVED:
                raise Refused(f"{place}: '{name}' cannot name a statement")
            if name in known or any(name == other for other, *_ in found):
                raise Refused(f"{place}: a second statement is named '{name}'")
            found.append((name, header["kind"], place, []))
        elif found:
            found[-1][3].append(line)
        elif without_comments(line):
            raise Refused(f"{place}: text before the first `-- name:`")
    return found


def declaration(room, name, kind, place, lines):
    text = without_comments("\n".join(lines)).removesuffix(";").rstrip()
    if not text:
        raise Refused(f"{place}: '{name}' has no statement")
    if ";" in TOKEN.sub("", text):
        raise Refused(f"{place}: '{name}' holds more than one statement")
    return f'inline constexpr db::Query {name}{{"{room}.{name}", {raw_string(text, place)}, db::Kind::{kind}}};'


def queries_header(room, paths):
    out = ["// generated", "#pragma once", "", '#include "platform/db/query.hpp"', "",
           f"namespace mobilytics::{room}::sql {{", ""]
    names = []
    for path in paths:
        for name, kind, place, lines in statements(path, names):
            out += [declaration(room, name, kind, place, lines), ""]
            names.append(name)
    if not names:
        raise Refused(f"{paths[0]}: holds no statement")
    out += [f"inline constexpr const db::Query* all[] = {{{', '.join('&' + name for name in names)}}};", "",
            f"}}  // namespace mobilytics::{room}::sql", ""]
    return "\n".join(out)


def migrations_header(folder):
    out = ["// generated", "#pragma once", "", '#include "platform/db/migration.hpp"', "",
           "namespace mobilytics::db {", "", "// number, name, text, sha256",
           "inline constexpr Migration migrations[] = {"]
    files = sorted(folder.glob("*.sql"))
    if not files:
        raise Refused(f"{folder}: holds no migration")
    numbers = set()
    for file in files:
        named = MIGRATION.match(file.name)
        if not named:
            raise Refused(f"{file}: a migration is named 0001_what_it_does.sql")
        number = int(named["number"])
        if number in numbers:
            raise Refused(f"{file}: a second migration has number {number}")
        numbers.add(number)
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        out.append(f'    {{{number}, "{named["name"]}", {raw_string(content.decode("utf-8"), file)}, "{digest}"}},')
    return "\n".join(out + ["};", "", "}  // namespace mobilytics::db", ""])


def main(arguments):
    if len(arguments) < 3 or (arguments[0] == "--migrations" and len(arguments) > 3):
        sys.exit(__doc__)
    try:
        if arguments[0] == "--migrations":
            text = migrations_header(pathlib.Path(arguments[1]))
        else:
            text = queries_header(arguments[0], [pathlib.Path(name) for name in arguments[1:-1]])
    except (Refused, OSError, UnicodeDecodeError) as refused:
        sys.exit(f"embed_sql: {refused}")
    # An untouched header spares everything that includes it a rebuild.
    out = pathlib.Path(arguments[-1])
    if not out.exists() or out.read_text(encoding="utf-8") != text:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
