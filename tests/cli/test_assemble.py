#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`grappe assemble` on plain files: answers, certificates that are accepted and refused, and each fault by its place.

usage: test_assemble.py GRAPPE     (prints TAP)
"""
import json
import os
import sys

from harness import DATA, NO_INPUT, USAGE, main, run, test, write

TABLE = "4 5\n3 2 4 6 9\n2 1 3\n3 1 2 4\n2 2 5\n3 3 4 5\n"  # columns 2 and 3 cover all for 6


@test
def the_cheapest_cover_is_found_proven_and_checked(d):
    table, proof = write(d, "table.txt", TABLE), os.path.join(d, "proof")
    out, _ = run("assemble", "--or-library", table, "--json", "--proof", proof)
    said = json.loads(out)
    assert (said["status"], said["cost"], said["bound"], said["members"]) == ("optimal", 6, 6, [2, 3]), said
    assert "proven" in said["sentence_en"] and "prouvé" in said["sentence_fr"]
    answer = write(d, "answer.json", out)
    run("assemble", "check", table, answer, proof)
    for change in ({"members": [2]}, {"cost": 5}, {"cost": 7, "bound": 7}, {"status": "perhaps"}, {"gap": 0.5}):
        run("assemble", "check", table, write(d, "false.json", json.dumps({**said, **change})), proof, code=DATA)
    run("assemble", "check", write(d, "other.txt", TABLE.replace("6 9", "1 1")), answer, proof, code=DATA)
    run("assemble", "check", table, answer, table, code=DATA)
    run("assemble", "check", table, answer, code=USAGE)
    assert run("assemble", "--or-library", table)[0].splitlines()[1] == "2 3"
    assert "prouvé" in run("assemble", "--or-library", table, language="fr_FR.UTF-8")[0]


@test
def a_row_nobody_covers_is_named(d):
    table, proof = write(d, "bare.txt", "2 1 5 1 1 0"), os.path.join(d, "proof")
    out, _ = run("assemble", "--or-library", table, "--json", "--proof", proof)
    said = json.loads(out)
    assert (said["status"], said["missing"], said["cost"]) == ("infeasible", [2], None), said
    run("assemble", "check", table, write(d, "answer.json", out), proof)
    run("assemble", "check", table, write(d, "a.json", json.dumps({**said, "missing": [1]})), proof, code=DATA)


@test
def bad_tables_and_options_are_refused(d):
    table = write(d, "table.txt", TABLE)
    for bad in ("--time-limit=-1", "--time-limit=nan", "--seed=x", "--nothing"):
        run("assemble", "--or-library", table, bad, code=USAGE)
    run("assemble", code=USAGE)
    run("assemble", "--or-library", write(d, "bad.txt", "2 1 -5 1 1 0"), code=DATA)
    run("assemble", "--or-library", os.path.join(d, "none"), code=NO_INPUT)


if __name__ == "__main__":
    sys.exit(main())
