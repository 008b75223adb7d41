#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`grappe secrecy` on plain files: published examples, the same bytes again, and each fault by its place.

usage: test_secrecy.py GRAPPE     (prints TAP)
"""
import csv
import io
import json
import sys

from harness import DATA, NO_INPUT, USAGE, main, run, test, write

# The vignette of rtauargus: turnover by activity and size, two cells sensitive, two more hidden.
VIGNETTE = """activity,size,value,count,status
01,tr1,100,,published
01,tr2,50,,published
01,total,150,,published
02,tr1,,,hidden
02,tr2,,,hidden
02,total,50,,published
06,tr1,,,hidden
06,tr2,,,hidden
06,total,100,,published
total,tr1,190,,published
total,tr2,110,,published
total,total,300,,published
"""


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def bounds(text):
    return {r["cell"]: (float(r["min"]), float(r["max"])) for r in rows(text)}


def attacked(d, content, *words, **how):
    return run("secrecy", "attack", write(d, "published.csv", content), *words, **how)


@test
def an_attacker_finds_the_bounds_of_the_vignette(d):
    out, err = attacked(d, VIGNETTE)
    assert bounds(out) == {"02/tr1": (0, 50), "02/tr2": (0, 50), "06/tr1": (40, 90), "06/tr2": (10, 60)}, out
    assert err.startswith("4 ")
    assert bounds(attacked(d, VIGNETTE, "--know", "02/tr1=30")[0])["06/tr2"] == (40, 40)
    assert json.loads(attacked(d, VIGNETTE, "--json")[0])["cells"][0]["cell"] == "02/tr1"
    assert out == attacked(d, VIGNETTE, language="fr_FR.UTF-8")[0]


@test
def hierarchies_and_zonings_that_cross_are_attacked_together(d):
    geo = write(d, "geo.csv", "child,parent,zoning\nA,North,land\nB,North,land\nC,South,land\nNorth,All,land\nSouth,All,land\n"
                              "A,Coast,sea\nC,Coast,sea\nB,Inland,sea\nCoast,All,sea\nInland,All,sea\n")
    table = "place,value,status\nA,,hidden\nB,,hidden\nC,5,published\nNorth,9,published\nSouth,5,published\nAll,14,published\n"
    assert bounds(attacked(d, table, "--hierarchy", f"place={geo}")[0]) == {"A": (0, 9), "B": (0, 9)}
    told = table + "Coast,8,published\nInland,,hidden\n"
    assert bounds(attacked(d, told, "--hierarchy", f"place={geo}")[0])["B"] == (6, 6)


@test
def what_is_wrong_with_a_published_table_is_named_by_its_place(d):
    head = "a,value,status\n"
    for content, named in (("a,status\nx,hidden\n", ("line 1", '"value"')), (head, ("no lines",)),
                           (head + "x,1,published\ny,-1,published\n", ("line 3", '"value"', "-1")),
                           (head + "x,nan,published\n", ("line 2", '"value"', "nan")),
                           (head + "x,1,secret\n", ("line 2", '"status"', "secret")),
                           (head + "x,1,hidden\n", ("line 2", '"value"')), (head + ",1,published\n", ("line 2", '"a"', "empty")),
                           (head + "x,1,published\nx,1,published\n", ("line 3", "once more")),
                           (head + "x,1,published\ny,,hidden\nz,,hidden\ntotal,0,published\n", ("contradicts",)),
                           ("a,b,c,d,value,status\n1,1,1,1,1,published\n", ("three",))):
        out, err = attacked(d, content, code=DATA)
        assert not out and all(word in err for word in named), err
    run("secrecy", "attack", d + "/absent.csv", code=NO_INPUT)
    run("secrecy", "attack", write(d, "empty.csv", ""), code=DATA)
    good = head + "x,1,published\ntotal,1,published\n"
    for tree, named in (("child,parent\nx,x\nx,total\n", '"x"'), ("child,parent\nx,y\nz,y\nx,total\ny,total\n", '"total"'),
                        ("child,parent\n,y\n", "line 2"), ("child\nx\n", '"parent"'), ("child,parent\ny,total\n", "hierarchy")):
        assert named in attacked(d, good, "--hierarchy", "a=" + write(d, "tree.csv", tree), code=DATA)[1], tree
    assert '"b=' in attacked(d, good, "--hierarchy", "b=x", code=DATA)[1]
    assert '"q"' in attacked(d, good, "--know", "q=1", code=DATA)[1]
    attacked(d, good, "--know", "x", code=USAGE)
    run("secrecy", "attack", code=USAGE)


if __name__ == "__main__":
    sys.exit(main())
