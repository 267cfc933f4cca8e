#!/usr/bin/env python3
"""Holds a running server against its own description.

fuzz.py WORLD.json [--examples N] [--seed N]     tests/contract/run.mjs writes the world and starts the server
"""

import argparse
import json
import pathlib
import sys

import checks
from client import Case, Client
from document import Document
from fuzzer import Fuzzer


def main():
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("world", type=pathlib.Path)
    line.add_argument("--examples", type=int, default=25, help="of each kind for each operation")
    line.add_argument("--seed", type=int, default=1)
    wanted = line.parse_args()
    world = json.loads(wanted.world.read_text())
    client = Client(world["port"])
    document = Document(client.send(Case(None, "GET", "/openapi.json", {}, None)).body)
    fuzzer = Fuzzer(document, client, world, wanted.examples, wanted.seed)
    findings = fuzzer.run()
    for finding in findings:
        print(f"FAIL {finding}")
    # A check that was never asked proves nothing.
    idle = [name for name, count in fuzzer.used.items() if count == 0]
    for name in idle:
        print(f"FAIL no case asked for {name}")
    never = sorted({one.id for one in document.operations} - fuzzer.accepted)
    print(f"contract: {client.requests} requests, {len(document.operations)} operations, seed {wanted.seed}, "
          f"{wanted.examples} examples")
    print(f"never accepted: {' '.join(never) or 'none'}")
    bad = {finding.split(":")[0] for finding in findings}
    failed = len(bad) + len(idle)
    print(f"{len(document.operations) - len(bad) + len(checks.ALL) - len(idle)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
