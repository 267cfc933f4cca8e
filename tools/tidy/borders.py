"""Checks of the walls between rooms: who includes whom, who reads whose tables."""

import posixpath
import re

from source import SQL_TOKEN, closing, cpp_literals, sql_code
from tree import CPP, SCRIPT, Finding, is_test, line_of

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"(?P<own>[^"]+)"|<(?P<library>[^>]+)>)', re.MULTILINE)
ENGINES = re.compile(r"(boost/|libpq|pq-fe|postgres|curl/)")
# Header-only libraries have no LINKS to name them.
ROOM_LIBRARIES = {"h3": re.compile(r"h3/|h3api\.h"), "gdal": re.compile(r"gdal|ogr|cpl_"),
                  None: re.compile(r"protozero/")}
TEST_LIBRARIES = re.compile(r"(gtest|gmock|benchmark|rapidcheck|glaze)/")
# Who may read what another room publishes.
READERS = ("analytics", "support")


def includes(tree, path):
    """(line, target in the tree or as written, whether it is a library's)."""
    text = tree.text(path)
    for found in INCLUDE.finditer(text):
        line = line_of(text, found.start("own" if found["own"] else "library"))
        if found["library"]:
            yield line, found["library"], True
        else:
            beside = posixpath.join(posixpath.dirname(path), found["own"])
            yield line, beside if beside in tree.known and found["own"] not in tree.known else found["own"], False


def cycles(edges):
    """One description for each first edge that closes a cycle."""
    done, found = set(), []

    def visit(node, trail):
        if node in trail:
            found.append(" -> ".join(trail[trail.index(node):] + [node]))
        elif node not in done:
            for other in edges.get(node, ()):
                visit(other, trail + [node])
            done.add(node)

    for node in sorted(edges):
        visit(node, [])
    return found


def rooms_are_declared_in_order(tree):
    """every room of src/ has one module(...) line, uses only rooms above it, and no circle is closed"""
    seen, folders = set(), {tree.room_of(path) for path in tree.paths} - {None}
    for room in tree.modules.values():
        for used in room.uses:
            if used not in tree.modules:
                yield Finding("src/CMakeLists.txt", room.line, f"{room.name} USES {used}, which is no room")
            elif used not in seen:
                yield Finding("src/CMakeLists.txt", room.line, f"{room.name} USES {used}, which is not above it")
        for door in room.doors:
            if f"src/{room.name}/{door}" not in tree.known:
                yield Finding("src/CMakeLists.txt", room.line, f"{room.name} has no file {door} (DOORS)")
        for table in room.publishes:
            if not table.startswith(room.name + "."):
                yield Finding("src/CMakeLists.txt", room.line, f"{room.name} PUBLISHES {table}, which is not its own")
        if room.name not in folders:
            yield Finding("src/CMakeLists.txt", room.line, f"{room.name} has no folder")
        seen.add(room.name)
    for circle in cycles({room.name: room.uses for room in tree.modules.values()}):
        yield Finding("src/CMakeLists.txt", 0, f"rooms in a circle: {circle}")
    for folder in sorted(folders - set(tree.modules)):
        yield Finding(f"src/{folder}", 0, "a folder without a module(...) line")


def platform_has_no_circles(tree):
    """the parts of platform/ include each other without circles"""
    edges = {}
    for path in tree.files(*CPP, under="platform/"):
        part = path.split("/")[1]
        for _, target, library in includes(tree, path):
            other = target.split("/")[1] if not library and target.startswith("platform/") else part
            if other != part and not is_test(path):
                edges.setdefault(part, set()).add(other)
    for circle in cycles({part: sorted(others) for part, others in edges.items()}):
        yield Finding("platform", 0, f"parts in a circle: {circle}")


def wrong_room(tree, path, target):
    """Why a file may not include a header of src/, or None."""
    room, own = target.split("/")[1], tree.room_of(path)
    if room == own:
        return None
    if room not in tree.modules:
        return f"{room} is no declared room"
    inside = target.removeprefix(f"src/{room}/")
    doors = [f"{room}.hpp"] + tree.modules[room].doors
    # A benchmark times the engine inside a room, a fuzz target feeds its readers.
    if path.startswith(("tests/bench/", "tests/fuzz/")):
        return None
    # app binds every room's routes and jobs; the tests of the whole see the statements too.
    if path.startswith("app/"):
        doors += ["routes.hpp", "jobs.hpp"]
    if path.startswith("tests/"):
        doors += ["queries.hpp"]
    # The tests of a room may stand on what the tests of a room below it are made of.
    if is_test(path) and inside.endswith("_test.hpp"):
        doors += [inside]
    if inside not in doors:
        return f"{target} is no front door of {room}"
    if own and own in tree.modules and room not in tree.modules[own].uses:
        return f"{own} does not declare that it USES {room}"
    return None


LEVELS = ("platform", "integrations", "src", "app", "tests")


def includes_follow_the_direction(tree):
    """app -> src -> integrations -> platform, and of a room only declared front doors"""
    for path in tree.files(*CPP):
        top = path.split("/")[0]
        for line, target, library in includes(tree, path):
            other = target.split("/")[0]
            if library or other not in LEVELS or top not in LEVELS:
                continue
            if LEVELS.index(other) > LEVELS.index(top):
                yield Finding(path, line, f"{top} includes {target}: the direction is app, src, integrations, platform")
            elif other == "src":
                reason = wrong_room(tree, path, target)
                if reason:
                    yield Finding(path, line, reason)
            elif other == "integrations" and top == other and target.split("/")[1] != path.split("/")[1]:
                yield Finding(path, line, f"one integration includes another: {target}")
            elif target.startswith("platform/testing/") and not is_test(path):
                yield Finding(path, line, f"{target} is for tests only")


def engines_stay_in_platform(tree):
    """Boost, libpq and curl are included in platform/ only"""
    for path in tree.files(*CPP):
        for line, target, library in includes(tree, path):
            if library and ENGINES.match(target) and not path.startswith("platform/"):
                # A benchmark measures the bare engine beside ours.
                if not path.startswith("tests/bench/"):
                    yield Finding(path, line, f"<{target}> outside platform/")


def glaze_stays_at_the_edge(tree):
    """glaze is included in platform/json, in routes.cpp and in tests only"""
    for path in tree.files(*CPP):
        if path.startswith("platform/json/") or path.endswith("/routes.cpp") or is_test(path):
            continue
        for line, target, library in includes(tree, path):
            if library and target.startswith("glaze/"):
                yield Finding(path, line, f"<{target}> outside platform/json and routes.cpp")


def rooms_use_platform_not_libraries(tree):
    """a room includes the standard library, platform/ and the libraries its LINKS names"""
    for path in tree.files(*CPP, under="src/"):
        room = tree.modules.get(tree.room_of(path))
        for line, target, library in includes(tree, path):
            if not library or re.fullmatch(r"[a-z_]+", target) or ENGINES.match(target) or target.startswith("glaze/"):
                continue
            if is_test(path) and TEST_LIBRARIES.match(target):
                continue
            if not any(known.match(target) and (name is None or room and name in " ".join(room.links).lower())
                       for name, known in ROOM_LIBRARIES.items()):
                yield Finding(path, line, f"<{target}>: wrap it in platform/ or name it in LINKS")


def statements_of(tree):
    """(room, path, line, statement without literals and comments) of the SQL that rooms run."""
    for path in tree.files(".sql", under="src/"):
        text = tree.text(path)
        starts = [found.start() for found in re.finditer(r"^--\s*name:", text, re.MULTILINE)] or [0]
        for start, end in zip(starts, starts[1:] + [len(text)]):
            yield tree.room_of(path), path, line_of(text, start), sql_code(text[start:end])
    for path in tree.files(*CPP, under="src/"):
        if "/sql/" in path:
            text = tree.text(path)
            for offset, literal in cpp_literals(text):
                yield tree.room_of(path), path, line_of(text, offset), sql_code(literal)


def tables_stay_in_their_room(tree):
    """a statement names its own room's tables; analytics and support also read what others publish"""
    names = re.compile(rf"\b({'|'.join(tree.modules) or 'no_room'})\s*\.\s*([a-z_][a-z0-9_]*)")
    for room, path, line, code in statements_of(tree):
        for found in names.finditer(code):
            owner, table = found[1], f"{found[1]}.{found[2]}"
            if owner == room or (room in READERS and table in tree.modules[owner].publishes):
                continue
            reason = f"{room} may not read it" if table in tree.modules[owner].publishes else f"it belongs to {owner}"
            yield Finding(path, line + code.count("\n", 0, found.start()), f"names {table}: {reason}")


SQL_IN_CODE = re.compile(r"\s*(select\s.*\sfrom\s|insert\s+into\s|update\s+[\w.]+\s+set\s|delete\s+from\s)",
                         re.IGNORECASE | re.DOTALL)


def sql_stands_in_queries(tree):
    """a room's statements stand in queries.sql or sql/, not in its C++"""
    for path in tree.files(*CPP, under="src/"):
        text = tree.text(path)
        if "/sql/" in path or is_test(path):
            continue
        for offset, literal in cpp_literals(text):
            if SQL_IN_CODE.match(literal):
                yield Finding(path, line_of(text, offset), "a statement in C++; it belongs in queries.sql")


def unnest_aliases(code):
    """Names that stand for the caller's own arrays, whose columns no migration can change."""
    for call in re.finditer(r"\bunnest\s*\(", code):
        behind = code[closing(code, call.end() - 1) + 1:]
        alias = re.match(r"\s*(?:with\s+ordinality\s+)?(?:as\s+)?(\w+)", behind)
        if alias:
            yield alias[1]


STAR = re.compile(r"\bselect\s+(?:distinct\s+)?\*(?!\s*from\s+unnest\b)|\b([a-z_]\w*)\.\*", re.IGNORECASE)


def no_star(tree):
    """no SELECT *, but of the arrays a statement unnests itself"""
    for path in tree.files(".sql"):
        text = tree.text(path)
        code = SQL_TOKEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        for statement in re.finditer(r"[^;]+", code):
            allowed = set(unnest_aliases(statement[0]))
            for star in STAR.finditer(statement[0]):
                if star[1] not in allowed:
                    yield Finding(path, line_of(text, statement.start() + star.start()), "SELECT *: name the columns")


IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)['"]([^'"]+)['"]""")


def imports(tree, path):
    """(line, file in the tree) of what a script imports from this tree."""
    text = tree.text(path)
    for found in IMPORT.finditer(text):
        target = found[1]
        if target.startswith("@/"):
            target = "web/src/" + target[2:]
        elif target.startswith("."):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        elif target.startswith("/") and path.endswith(".html"):
            target = "web" + target
        else:
            continue
        target = target.split("?")[0]
        for ending in ("", *SCRIPT, "/index.ts", "/index.tsx"):
            if target + ending in tree.known:
                yield line_of(text, found.start()), target + ending
                break


def web_features_stand_alone(tree):
    """web: a feature imports no other feature; components, lib and api import neither features nor app"""
    for path in tree.files(*SCRIPT, under="web/src/"):
        place = path.removeprefix("web/src/").split("/")
        for line, target in imports(tree, path):
            other = target.removeprefix("web/src/").split("/")
            if place[0] == other[0] == "features" and place[1] != other[1]:
                yield Finding(path, line, f"feature {place[1]} imports feature {other[1]}")
            elif place[0] in ("components", "lib", "api") and other[0] in ("features", "app"):
                yield Finding(path, line, f"{place[0]} imports {target}")


CHECKS = (rooms_are_declared_in_order, platform_has_no_circles, includes_follow_the_direction, engines_stay_in_platform,
          glaze_stays_at_the_edge, rooms_use_platform_not_libraries, tables_stay_in_their_room, sql_stands_in_queries,
          no_star, web_features_stand_alone)
