#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A set cover of the size of the OR-Library's rail tables, drawn at random, as a file by columns.

    rail_table.py 4284 1092610 1 >rail.txt && grappe assemble --or-library rail.txt --rail --time-limit 120 --json

A column covers 1 to 19 rows near each other, as a crew's day covers trips; costs are 1 and 2; each row has a column.
"""
import random
import sys

rows, columns, seed = (int(word) for word in sys.argv[1:])
rng = random.Random(seed)
print(rows, columns)
for j in range(columns):
    at, covered = int(rng.random() * rows), set()
    for _ in range(1 + int(rng.random() * 12) + int(rng.random() * 8)):
        if at < rows:
            covered.add(at + 1)
        at += 1 + int(rng.random() ** 3 * 60)
    if j < rows:
        covered.add(j + 1)
    print(1 if len(covered) < 8 and rng.random() < .6 else 2, len(covered), *sorted(covered))
