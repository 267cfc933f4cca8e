"""Readers of source text, good enough for counting: blanks out what is not code and finds functions."""

import ast
import re

CPP_TOKEN = re.compile(
    r"""(?P<raw>\bR"(?P<tag>[^\s()\\"]{0,16})\((?P<sql>.*?)\)(?P=tag)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<separator>(?<=[0-9a-fA-F])'(?=[0-9a-fA-F]))
      | (?P<character>'(?:\\.|[^'\\\n])+')
      | (?P<comment>//[^\n]*|/\*.*?\*/)""", re.VERBOSE | re.DOTALL)
SQL_TOKEN = re.compile(
    r"""(?P<string>\b[eE]'(?:\\.|''|[^'\\])*' | '(?:''|[^'])*')
      | (?P<comment>--[^\n]*|/\*.*?\*/)""", re.VERBOSE | re.DOTALL)


def blank(text):
    """As many lines and columns as before, and nothing in them."""
    return re.sub(r"[^\n]", " ", text)


def cpp_code(text):
    return CPP_TOKEN.sub(lambda found: "'" if found["separator"] else blank(found[0]), text)


def sql_code(text):
    return SQL_TOKEN.sub(lambda found: blank(found[0]), text)


def cpp_literals(text):
    """(offset, content) of every string literal."""
    for found in CPP_TOKEN.finditer(text):
        if found["raw"]:
            yield found.start(), found["sql"]
        elif found["string"]:
            yield found.start(), found["string"][1:-1]


def closing(code, opening):
    """The offset of the bracket that closes the one at `opening`, or the end of the text."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    here, there = code[opening], pairs[code[opening]]
    depth = 0
    for offset in range(opening, len(code)):
        if code[offset] == here:
            depth += 1
        elif code[offset] == there:
            depth -= 1
            if depth == 0:
                return offset
    return len(code)


SCOPE = re.compile(r"\s*(?:(?:inline|export|typedef|static|constexpr|const)\s+|(?:public|private|protected)\s*:\s*)*"
                   r"(?:namespace|class|struct|union|enum|extern|concept)\b")
# A brace after the name of a member or a base, in the list between a constructor's parameters and its body.
MEMBER_BRACE = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:).*[\w>]\s*$", re.DOTALL)


def without_brackets(head):
    """The head of a declaration without template parameters, parameters and attributes."""
    while found := re.search(r"\btemplate\s*<", head):
        depth, end = 1, found.end()
        while end < len(head) and depth:
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
        head = head[:found.start()] + head[end:]
    shorter = re.sub(r"\([^()]*\)|\[\[[^\[\]]*\]\]", " ", head)
    return head if shorter == head else without_brackets(shorter)


def cpp_functions(text):
    """(name, first line, lines) of every function with a body that stands in a namespace or a type."""
    code = re.sub(r"^[ \t]*#[^\n]*", lambda found: blank(found[0]), cpp_code(text), flags=re.MULTILINE)
    offset, start, parens = 0, 0, 0
    while offset < len(code):
        letter = code[offset]
        if letter in "()":
            parens += 1 if letter == "(" else -1
        elif parens > 0:
            pass
        elif letter in ";}":
            start = offset + 1
        elif letter == "{":
            head = code[start:offset]
            if SCOPE.match(without_brackets(head)):
                start = offset + 1
            elif "(" not in head or MEMBER_BRACE.search(head):
                # An initialiser: its statement goes on behind it.
                offset = closing(code, offset)
            else:
                end = closing(code, offset)
                begin = start + len(head) - len(head.lstrip())
                name = re.search(r"([~\w:]+|operator\S+)\s*\(", head)
                first, last = line_at(text, begin), line_at(text, end)
                yield name[1] if name else "a function", first, last - first + 1
                offset = end
                start = end + 1
        offset += 1


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


SCRIPT_FUNCTION = re.compile(
    r"""^(?P<indent>\s*)(?:export\s+)?(?:default\s+)?
        (?:(?:async\s+)?function\b\*?\s*(?P<function>\w*)
          |const\s+(?P<arrow>\w+)[^=]*=\s*(?:async\s*)?(?:\(|<|\w+\s*=>)
          |(?P<test>(?:test|it)\()
          |(?:async\s+)?(?P<method>(?!(?:if|for|while|switch|catch|return)\b)\w+)\(.*\)[^=]*\{\s*$)""",
    re.VERBOSE)


def script_functions(text):
    """By indentation: the formatter closes a function in the column of its first line."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        found = SCRIPT_FUNCTION.match(line)
        if not found or not line.rstrip().endswith(("(", "{", ",")):
            continue
        column = len(found["indent"])
        for last in range(number + 1, len(lines)):
            here = lines[last].rstrip()
            if not here or len(here) - len(here.lstrip()) > column:
                continue
            if here.lstrip()[0] in ")}]" and here.endswith(("{", "(")):
                continue
            if here.lstrip()[0] in ")}]":
                name = found["function"] or found["arrow"] or found["method"] or line.strip()
                yield name, number + 1, last - number + 1
            break


def functions(path, text):
    if path.endswith((".cpp", ".hpp")):
        return cpp_functions(text)
    if path.endswith(".py"):
        return python_functions(text)
    return script_functions(text)
