"""Checks of what is left lying about: dead files, marks, places of one machine, holes in the numbering."""

import fnmatch
import json
import posixpath
import re

from borders import imports, includes
from tree import CPP, SCRIPT, Finding, is_test, line_of

# Tidy has to name what it looks for.
ITSELF = "tools/tidy/"
LOCK = "web/package-lock.json"


def rooms_have_a_readme(tree):
    """every room of src/ has a README.md"""
    for room in tree.modules:
        if f"src/{room}/README.md" not in tree.known:
            yield Finding(f"src/{room}", 0, "no README.md")


def cmake_of(tree, path):
    """The text of the CMakeLists.txt files that can name a file: its folder's and those above."""
    folder, texts = posixpath.dirname(path), []
    while True:
        listing = posixpath.join(folder, "CMakeLists.txt")
        if listing in tree.known:
            texts.append((folder, unrolled(re.sub(r"#[^\n]*", "", tree.text(listing)))))
        if not folder:
            return texts
        folder = posixpath.dirname(folder)


def unrolled(text):
    """The text with each foreach(name ITEMS...) written out."""
    return re.sub(r"\bforeach\((\w+)\s+(?:IN\s+ITEMS\s+)?([^)]*)\)(.*?)\bendforeach\(\)",
                  lambda loop: " ".join(loop[3].replace("${%s}" % loop[1], item) for item in loop[2].split()),
                  text, flags=re.DOTALL)


def tests_of(tree, room):
    """The tests its module(...) line names, itself or by a variable set in a .cmake file of the room."""
    names = [name for name in room.tests if not name.startswith("${")]
    for variable in set(room.tests) - set(names):
        for path in tree.files(".cmake", under=f"src/{room.name}/"):
            for found in re.finditer(rf"\bset\({re.escape(variable[2:-1])}\b([^)]*)\)", tree.text(path)):
                names += found[1].split()
    return names


def built(tree, path):
    """Whether CMake compiles a .cpp file."""
    name, room = posixpath.basename(path), tree.modules.get(tree.room_of(path))
    if room and not is_test(path):
        return True
    if room:
        return path.removeprefix(f"src/{room.name}/") in tests_of(tree, room)
    for folder, text in cmake_of(tree, path):
        inside = posixpath.relpath(path, folder or ".")
        words = re.split(r"[\s()\"]+", text)
        for word in words:
            word = re.sub(r"^\$\{\w+\}/", "", word)
            if word in (inside, name) or ("*" in word and fnmatch.fnmatch(inside, word)):
                return True
    return False


def no_dead_cpp(tree):
    """every .cpp is built and every .hpp is included"""
    included = {target for path in tree.files(*CPP) for _, target, library in includes(tree, path) if not library}
    precompiled = " ".join(tree.text(path) for path in tree.files("CMakeLists.txt", ".cmake"))
    for path in tree.files(".cpp"):
        if not built(tree, path):
            yield Finding(path, 0, "no CMakeLists.txt builds it")
    for path in tree.files(".hpp"):
        if path not in included and posixpath.basename(path) not in precompiled:
            yield Finding(path, 0, "nothing includes it")


def mentioned(tree, path):
    """Whether a file other than itself names it, by name or by a pattern such as tools/**/*_test.py."""
    name = posixpath.basename(path)
    stem, ending = posixpath.splitext(name)
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)"
                         + (rf"|^\s*(?:import|from)\s+{re.escape(stem)}\b" if ending == ".py" else ""), re.MULTILINE)
    for other in tree.texts():
        if other != path and not other.endswith(".md") and other != LOCK and pattern.search(tree.text(other)):
            return True
    return run_by_pattern(tree, path)


def run_by_pattern(tree, path):
    """Whether `test`, `run`, .ci/run or a package.json runs it by a glob."""
    for runner in ("test", "run", ".ci/run", "web/package.json", "web/vite.config.ts", "web/tsconfig.json"):
        if runner not in tree.known:
            continue
        for glob in re.findall(r"[\w./*{},-]*\*[\w./*{},-]*", tree.text(runner)):
            prefix = "web/" if runner.startswith("web/") else ""
            if len(glob.strip("*./")) > 2 and fnmatch.fnmatch(path, prefix + glob.replace("**/", "*")):
                return True
    return False


def no_dead_sql_or_python(tree):
    """every .sql and .py is named by something that runs it"""
    for path in tree.files(".sql", ".py"):
        is_embedded = tree.room_of(path) in tree.modules and re.fullmatch(r"src/\w+/(\w+_)?queries\.sql", path)
        if path.startswith("db/migrations/") or is_embedded:
            continue
        if not mentioned(tree, path):
            yield Finding(path, 0, "nothing runs it")


def no_dead_scripts(tree):
    """every script is imported or run"""
    imported = {target for path in tree.files(*SCRIPT, ".html") for _, target in imports(tree, path) if target != path}
    imported |= {"web" + found for path in tree.files(".html", under="web/")
                 for found in re.findall(r'src="(/[^"]+)"', tree.text(path))}
    for path in tree.files(*SCRIPT):
        if path in imported or path.endswith(".d.ts") or re.search(r"\.config\.\w+$", path):
            continue
        # Vitest takes every test of web by itself.
        if path.startswith("web/") and re.search(r"\.test\.tsx?$", path):
            continue
        if not run_by_pattern(tree, path) and not named_by_runner(tree, path):
            yield Finding(path, 0, "nothing imports or runs it")


def named_by_runner(tree, path):
    """Whether a script outside the language, a settings file or another script names it as a program."""
    name = posixpath.basename(path)
    for other in tree.texts():
        if other != path and not other.endswith((".md", ".lock")) and other != LOCK and name in tree.text(other):
            return True
    return False


MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK|GTEST_SKIP|DISABLED_\w*)\b")
TEST_MARKS = re.compile(r"\.(only|skip|todo)\(|\{[^{}\n]*\b(only|skip|todo)\s*:|\b(xit|xdescribe|fdescribe|fit)\(")
PYTHON_MARKS = re.compile(r"@(?:unittest|pytest\.mark)\.(?:skip|expectedFailure|xfail)|\bskipTest\(")


def wants_real_data(text, place):
    """The real data is not ours to ship: a test that reads it may skip, in a line that says what is missing."""
    line = text[text.rfind("\n", 0, place) + 1:text.find("\n", place)]
    return "MOBILYTICS_REAL_DATA" in line or ("skip: missing(" in line and "/real_data.mjs'" in text)


def no_marks(tree):
    """no TODO, FIXME, XXX or HACK is left, no test is run alone, and none skipped but for want of the real data"""
    for path in tree.texts():
        if path.startswith(ITSELF) or path == LOCK:
            continue
        text = tree.text(path)
        found = list(MARKS.finditer(text))
        if path.endswith(SCRIPT) and (re.search(r"\.test\.\w+$", path) or "/e2e/" in path):
            found += TEST_MARKS.finditer(text)
        if path.endswith(".py"):
            found += PYTHON_MARKS.finditer(text)
        for mark in found:
            if "skip" in mark[0].lower() and wants_real_data(text, mark.start()):
                continue
            yield Finding(path, line_of(text, mark.start()), f"left over: {mark[0].strip()}")


PLACES = re.compile(r"(?<![\w.}~@)-])/(?:root|work|home/\w+)(?=/|\b(?![\w-]))")
HOSTS = re.compile(r"\b(?:registry\.npmjs\.org|registry\.yarnpkg\.com|npm\.pkg\.github\.com|pypi\.org|"
                   r"files\.pythonhosted\.org|(?:deb|security|ftp|snapshot)\.debian\.org|archive\.ubuntu\.com|"
                   r"crates\.io|proxy\.golang\.org|docker\.io|ghcr\.io|quay\.io)\b")


def no_machine_in_the_tree(tree):
    """no path of one machine and no registry or mirror is written into a file"""
    for path in tree.texts():
        if path.startswith(ITSELF):
            continue
        text = tree.text(path)
        for found in (*PLACES.finditer(text), *HOSTS.finditer(text)):
            yield Finding(path, line_of(text, found.start()), f"names {found[0]}")


def packages_are_pinned(tree):
    """web: exact versions, and a lock file without the addresses of a registry"""
    if "web/package.json" in tree.known:
        package = json.loads(tree.text("web/package.json"))
        for kind in ("dependencies", "devDependencies"):
            for name, version in package.get(kind, {}).items():
                if not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version):
                    yield Finding("web/package.json", 0, f"{name} {version} is not an exact version")
    for path in tree.files("package-lock.json"):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if '"resolved":' in line:
                yield Finding(path, number, "names the registry it came from (resolved)")
                break


def migrations_count_up(tree):
    """migrations are numbered 0001, 0002, ... without a hole or a double"""
    expected, paths = 1, tree.files(".sql", under="db/migrations/")
    for path in paths:
        named = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", posixpath.basename(path))
        if not named:
            yield Finding(path, 0, "a migration is named 0001_what_it_does.sql")
            continue
        number = int(named[1])
        if number != expected:
            yield Finding(path, 0, f"number {number:04} stands where {expected:04} is due")
        expected = number + 1


LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")


def links_lead_somewhere(tree):
    """links between documents lead to a file"""
    for path in tree.files(".md"):
        text = tree.text(path)
        for found in LINK.finditer(text):
            target = found[1]
            if re.match(r"[a-z]+:", target):
                continue
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if not (tree.root / place).exists():
                yield Finding(path, line_of(text, found.start()), f"no file {target}")


CHECKS = (rooms_have_a_readme, no_dead_cpp, no_dead_sql_or_python, no_dead_scripts, no_marks, no_machine_in_the_tree,
          packages_are_pinned, migrations_count_up, links_lead_somewhere)
