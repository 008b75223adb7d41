#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check usage.tsv: lines that the lexicon would silently pass over or count twice.

Usage: check_usage.py [TAXONOMY.tsv USAGE.tsv]    exit 0 when clean, 1 with `file:line: message` lines otherwise.
"""
import os
import sys

FEWEST = 8  # words and phrases a line


def main():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../src/domain/taxonomy")
    taxonomy, usage = sys.argv[1:3] if len(sys.argv) > 2 else (os.path.join(here, n) for n in ("taxonomy.tsv", "usage.tsv"))
    with open(taxonomy, encoding="utf-8") as f:
        codes = {line.split("\t")[1] for line in f if line.count("\t") > 1}
    errors, seen, words = [], {}, 0
    with open(usage, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith("#"):
                continue
            name, tab, rest = line.partition("\t")
            said = [w.strip().lower() for w in rest.split("|")]
            words += len(said)
            for wrong, message in (
                (name[:1] not in ("@", "!") or not tab, "wants @code or !name, a tab, words"),
                (name.startswith("@") and name[1:] not in codes, f"unknown code '{name[1:]}'"),
                (name in seen, f"{name} already on line {seen.get(name)}"),
                ("" in said, f"{name}: an empty word"),
                (len(said) < FEWEST, f"{name}: {len(said)} words, at least {FEWEST} wanted"),
                (len(set(said)) < len(said), f"{name}: {', '.join({w for w in said if said.count(w) > 1})} repeated"),
            ):
                if wrong:
                    errors.append(f"{os.path.relpath(usage)}:{number}: {message}")
            seen[name] = number
    print("\n".join(errors) or f"{len(seen)} lines, {words} words and phrases", file=sys.stderr if errors else sys.stdout)
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main())
