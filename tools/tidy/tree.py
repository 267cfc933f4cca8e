"""The files that tidy looks at: everything under a folder but what .gitignore leaves out."""

import dataclasses
import fnmatch
import functools
import os
import pathlib
import re

CPP = (".cpp", ".hpp")
SCRIPT = (".ts", ".tsx", ".js", ".mjs")
BINARY = (".png", ".jpg", ".woff2", ".pbf", ".mbtiles", ".pmtiles", ".gz", ".br", ".zip", ".shp", ".shx", ".dbf")


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


@dataclasses.dataclass(frozen=True)
class Module:
    """One `module(...)` line of src/CMakeLists.txt."""
    name: str
    line: int
    uses: list
    doors: list
    links: list
    publishes: list
    tests: list


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.ignored = self._ignored()
        self.paths = sorted(self._walk())
        self.known = set(self.paths)

    def _ignored(self):
        file = self.root / ".gitignore"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        return [".git"] + [pattern.rstrip("/") for pattern in patterns]

    def _left_out(self, path):
        for pattern in self.ignored:
            if "/" in pattern:
                if fnmatch.fnmatch(path, pattern.lstrip("/")):
                    return True
            elif fnmatch.fnmatch(path.rsplit("/", 1)[-1], pattern):
                return True
        return False

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            inside = pathlib.Path(folder).relative_to(self.root).as_posix()
            prefix = "" if inside == "." else inside + "/"
            folders[:] = [name for name in folders if not self._left_out(prefix + name)]
            for name in names:
                if not self._left_out(prefix + name) and (self.root / prefix / name).is_file():
                    yield prefix + name

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def files(self, *endings, under=""):
        return [path for path in self.paths if path.startswith(under) and path.endswith(endings)]

    def texts(self):
        """Every file a person wrote or reads: no pictures, no archives."""
        return [path for path in self.paths if not path.endswith(BINARY)]

    @functools.cached_property
    def modules(self):
        path = "src/CMakeLists.txt"
        if path not in self.known:
            return {}
        text = re.sub(r"#[^\n]*", "", self.text(path))
        found = {}
        for call in re.finditer(r"\bmodule\(([^)]*)\)", text):
            words = call[1].split()
            lists, current = {}, None
            for word in words[1:]:
                if re.fullmatch(r"[A-Z_]+", word):
                    current = lists.setdefault(word, [])
                elif current is not None:
                    current.append(word)
            uses, doors, links, publishes = (lists.get(key, []) for key in ("USES", "DOORS", "LINKS", "PUBLISHES"))
            tests = lists.get("UNIT_TESTS", []) + lists.get("DATABASE_TESTS", [])
            found[words[0]] = Module(words[0], line_of(text, call.start()), uses, doors, links, publishes, tests)
        return found

    def room_of(self, path):
        """The room a file of src/ stands in; None elsewhere."""
        parts = path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def is_test(path):
    """C++ that stands beside the code for tests only, or under tests/."""
    return path.startswith("tests/") or re.search(r"_test\.(cpp|hpp)$", path) is not None or \
        path.startswith("platform/testing/")
