#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts the tests of a Meson run, TAP subtests one by one, and ends with the line people and machines read.

usage: count_tests.py testlog.json
Exits 1 when a test failed, 2 when none ran.
"""
import json
import re
import sys

TAP = re.compile(r"^(not )?ok\b[^#\n]*(# *(SKIP|skip))?", re.M)


def main():
    passed = failed = skipped = 0
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            points = TAP.findall(test.get("stdout", "") or "")
            bad = sum(1 for negative, skip, _ in points if negative and not skip)
            skip = sum(1 for _, skip, _ in points if skip)
            good = len(points) - bad - skip
            result = test["result"]
            if result in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"):
                failed += max(bad, 1)
                passed += good
            elif result == "SKIP":
                skipped += max(skip, 1)
            else:
                passed += good if points else 1
                skipped += skip
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0 if passed else 2)


main()
