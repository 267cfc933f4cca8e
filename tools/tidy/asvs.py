#!/usr/bin/env python3
"""The table of docs/security/asvs.md: what OWASP ASVS 5.0.0 asks on levels 1 and 2, and the test that shows it.

asvs.py    counts the answers again and writes the counts into the head of the table
"""

import collections
import dataclasses
import pathlib
import re
import sys

from tree import Finding, Tree

PAGE = "docs/security/asvs.md"
ANSWERS = ("met", "not applicable", "open", "open (on a branch)")
BEGIN, END = "<!-- counts -->", "<!-- /counts -->"
CHAPTERS = {
    1: "Encoding and Sanitization", 2: "Validation and Business Logic", 3: "Web Frontend Security",
    4: "API and Web Service", 5: "File Handling", 6: "Authentication", 7: "Session Management", 8: "Authorization",
    9: "Self-contained Tokens", 10: "OAuth and OIDC", 11: "Cryptography", 12: "Secure Communication",
    13: "Configuration", 14: "Data Protection", 15: "Secure Coding and Architecture",
    16: "Security Logging and Error Handling", 17: "WebRTC",
}
# By section, the level of each requirement in its order: "1.1 22" says that 1.1.1 and 1.1.2 are of level 2.
LEVELS = """
    1.1 22  1.2 1111122223  1.3 112222222223  1.4 222  1.5 123
    2.1 122  2.2 112  2.3 12223  2.4 23
    3.1 3  3.2 113  3.3 12223  3.4 11222233  3.5 11122333  3.6 3  3.7 22333
    4.1 12233  4.2 23333  4.3 22  4.4 1222
    5.1 2  5.2 112333  5.3 113  5.4 222
    6.1 122  6.2 111111112222  6.3 11223333  6.4 112233  6.5 22222333  6.6 2223  6.7 33  6.8 2222
    7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 223  7.6 22
    8.1 1233  8.2 1123  8.3 133  8.4 23
    9.1 111  9.2 1222
    10.1 22  10.2 223  10.3 22223  10.4 1111122222233333  10.5 22222  10.6 22  10.7 222
    11.1 2233  11.2 22233  11.3 11233  11.4 1222  11.5 23  11.6 23  11.7 33
    12.1 12233  12.2 11  12.3 22223
    13.1 2333  13.2 222223  13.3 2233  13.4 1222233
    14.1 22  14.2 12223333  14.3 122
    15.1 12233  15.2 12233  15.3 1222222  15.4 3333
    16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 2223
    17.1 23  17.2 22223333  17.3 22
"""


@dataclasses.dataclass(frozen=True)
class Row:
    line: int
    id: str
    level: int
    answer: str
    why: str

    @property
    def chapter(self):
        return int(self.id.split(".")[0])


def requirements():
    """{id: level} of what the standard asks on levels 1 and 2, in its order: 253 of them, 70 and 183."""
    words = LEVELS.split()
    return {f"{section}.{number}": int(level) for section, levels in zip(words[::2], words[1::2])
            for number, level in enumerate(levels, 1) if level != "3"}


def rows(text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"\d+\.\d+\.\d+", cells[0]):
            id, level, _, answer, *why = cells + [""] * (5 - len(cells))
            found.append(Row(number, id, int(level) if level.isdigit() else 0, answer, " | ".join(why)))
    return found


def counts(table):
    """The lines of the head that count the answers: by chapter, by level, and all."""
    groups = [(f"V{number} {name}", [row for row in table if row.chapter == number])
              for number, name in CHAPTERS.items()]
    groups += [(f"level {level}", [row for row in table if row.level == level]) for level in (1, 2)]
    groups.append(("all", table))
    lines = [["", "rows", *ANSWERS], ["---"] * (len(ANSWERS) + 2)]
    for name, some in groups:
        by_answer = collections.Counter(row.answer for row in some)
        lines.append([name, len(some), *(by_answer[answer] for answer in ANSWERS)])
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


def counted(text):
    """The page with its counts as its rows are."""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        return None
    return before + "\n".join([BEGIN, *counts(rows(text)), END]) + after


def occurs(tree, path, words):
    """Whether the words stand in the file, and not as a part of longer ones."""
    pattern = re.escape(words)
    pattern = (r"(?<!\w)" if re.match(r"\w", words) else "") + pattern + (r"(?!\w)" if re.search(r"\w$", words) else "")
    return re.search(pattern, tree.text(path)) is not None


def faults_of_evidence(tree, row):
    """Of a row that is met: what stands in backticks is a file of the tree, or words that the file before it holds."""
    path = None
    for words in re.findall(r"`([^`]+)`", row.why):
        if words in tree.known:
            path = words
        elif re.fullmatch(r"[\w.@-]+(/[\w.@-]+)+", words) or path is None:
            yield f"there is no file {words}"
        elif not occurs(tree, path, words):
            yield f"{path} holds no '{words}'"
    if path is None:
        yield "names no file that shows it"


def asvs_has_every_requirement(tree):
    """docs/security/asvs.md has each requirement of ASVS 5.0.0 on levels 1 and 2 once, with its level"""
    if PAGE not in tree.known:
        return
    table, asked = rows(tree.text(PAGE)), requirements()
    seen = set()
    for row in table:
        if row.id in seen:
            yield Finding(PAGE, row.line, f"{row.id} is there twice")
        elif row.id not in asked:
            yield Finding(PAGE, row.line, f"{row.id} is no requirement on levels 1 and 2")
        elif row.level != asked[row.id]:
            yield Finding(PAGE, row.line, f"{row.id} is of level {asked[row.id]}")
        seen.add(row.id)
    for id in asked:
        if id not in seen:
            yield Finding(PAGE, 0, f"{id} is missing")


def asvs_answers_are_shown(tree):
    """docs/security/asvs.md: an answer is a known one with a reason, and what is met names file and test that exist"""
    for row in rows(tree.text(PAGE)) if PAGE in tree.known else ():
        if row.answer not in ANSWERS:
            yield Finding(PAGE, row.line, f"{row.id}: '{row.answer}' is no answer")
        if not row.why:
            yield Finding(PAGE, row.line, f"{row.id}: nothing says why")
        elif row.answer == "met":
            for fault in faults_of_evidence(tree, row):
                yield Finding(PAGE, row.line, f"{row.id}: {fault}")


def asvs_is_counted(tree):
    """docs/security/asvs.md counts its own answers right"""
    if PAGE in tree.known and tree.text(PAGE) != counted(tree.text(PAGE)):
        yield Finding(PAGE, 0, "the counts in the head are out of date: tools/tidy/asvs.py writes them")


CHECKS = (asvs_has_every_requirement, asvs_answers_are_shown, asvs_is_counted)


def main():
    tree = Tree(pathlib.Path(__file__).parents[2])
    text = counted(tree.text(PAGE))
    if text is None:
        sys.exit(f"{PAGE} has no place for the counts: {BEGIN} and {END}")
    (tree.root / PAGE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
