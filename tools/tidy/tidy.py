#!/usr/bin/env python3
"""Checks what a compiler does not: the walls between rooms, the shape of the text, what is left lying about.

tidy.py [FOLDER]     FOLDER is the checkout, by default the one this file stands in
"""

import pathlib
import sys

import asvs
import borders
import event_types
import parts
import problem_codes
import promises
import remains
import shape
from tree import Tree

CHECKS = (*borders.CHECKS, *shape.CHECKS, *remains.CHECKS, *problem_codes.CHECKS, *asvs.CHECKS, *parts.CHECKS,
          *promises.CHECKS, *event_types.CHECKS)


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[2])
    tree = Tree(root)
    passed = failed = 0
    for check in CHECKS:
        findings = list(check(tree))
        print(f"{'ok  ' if not findings else 'FAIL'} {check.__name__}: {check.__doc__}")
        for finding in sorted(findings, key=lambda one: (one.path, one.line)):
            print(f"     {finding}")
        passed += not findings
        failed += bool(findings)
    print(f"tidy: {passed} passed, {failed} failed")
    return 1 if failed or not tree.paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
