#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`grappe territory` on plain files: its numbers, both languages, the same bytes again, and each fault by its place.

usage: test_territory.py GRAPPE     (prints TAP)
"""
import csv
import io
import json
import sys

from harness import DATA, NO_INPUT, USAGE, main, run, test, write

JOBS = [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]]  # EconGeo
POINTS = [(0, 0, "A", 10), (1, 0, "B", 5), (0, 2, "A", 1), (3, 3, "A", 20), (4, 3, "B", 8), (4, 4, "A", 4),
          (10, 10, "B", 2), (10, 10, "A", 7)]


def jobs_file(d):
    lines = [f"R{r + 1},I{i + 1},{n}" for r, row in enumerate(JOBS) for i, n in enumerate(row)]
    return write(d, "jobs.csv", "region,industry,jobs\n" + "\n".join(lines) + "\n")


def points_file(d):
    return write(d, "points.csv", "type;y;x;weight;note\n" + "".join(f"{t};{y};{x};{w};-\n" for x, y, t, w in POINTS))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def values(text):
    return [float(r["value"]) if r["value"] else None for r in rows(text)]


def close(found, expected):
    assert len(found) == len(expected), found
    for a, b in zip(found, expected):
        assert (a is None) == (b is None) and (a is None or abs(a - b) <= 1e-9 * max(1, abs(b))), (found, expected)


@test
def tables_have_the_numbers_of_the_literature(d):
    path = jobs_file(d)
    close(values(run("territory", "lq", path)[0])[5:10], [0, .75, .25, 3.5, .5])
    for statistic, expected in (("krugman", [1.6, 1, .6, .7, 1.1]), ("herfindahl", [1, .525, .34, .315, .465]),
                                ("gini", [.40, .18, .27, .31, .28])):
        out, err = run("territory", statistic, path)
        close(values(out), expected)
        assert err.strip(), "no sentence"
        close([row["value"] for row in json.loads(run("territory", statistic, path, "--json")[0])["rows"]], expected)
    shifts = [("A", 90, 100), ("B", 20, 40), ("C", 10, 10), ("D", 60, 55)]
    nation = [("A", 400, 440), ("B", 150, 210), ("C", 150, 135), ("D", 400, 480)]
    path = write(d, "growth.csv", "region,industry,year,jobs\n" + "".join(
        f"{name},{i},{year},{n}\n" for name, table in (("Here", shifts), ("France", nation))
        for i, old, new in table for year, n in ((2019, old), (2024, new))))
    parts = rows(run("territory", "shift-share", path, "--whole", "France")[0])
    for name, expected in (("national", [13.5, 3, 1.5, 9]), ("mix", [-4.5, 5, -2.5, 3]), ("regional", [1, 12, 1, -17])):
        close([float(r[name]) for r in parts], expected)


@test
def points_have_the_numbers_of_the_literature(d):
    radii = ("--radii", "0,1,2,5,20")
    close(values(run("territory", "m", points_file(d), "--reference", "A", *radii)[0]),
          [0, 0, .646588021888, .728387188854, 1])
    close(values(run("territory", "m", points_file(d), "--reference", "A", "--neighbours", "B", *radii)[0]),
          [3.33333333333, 3.05910213741, 1.7682243341, 1.59041454138, 1])
    alone = write(d, "alone.csv", "x,y,type\n0,0,A\n3,1,B\n")
    out, err = run("territory", "kd", alone, "--reference", "A", "--radii", "1,2")
    close(values(out), [None, None])
    assert "Too few" in err


@test
def both_languages_say_what_was_found(d):
    ask = ("territory", "m", points_file(d), "--reference", "A", "--radii", "5")
    assert "neighbours" in run(*ask)[1] and "voisins" in run(*ask, language="fr_FR.UTF-8")[1]
    assert run(*ask)[0] == run(*ask, language="fr_FR.UTF-8")[0], "the data depend on the language"


@test
def a_seed_gives_the_same_bytes_on_any_threads(d):
    for statistic in "k", "l", "m", "kd":
        ask = ("territory", statistic, points_file(d), "--reference", "A", "--radii", "2,5", "--simulations", "50", "--seed")
        one = run(*ask, "3", "--threads", "1")[0]
        assert one == run(*ask, "3", "--threads", "3")[0] and one != run(*ask, "4")[0], statistic
        assert set(rows(one)[0]) == {"r", "value", "lo", "hi", "global_lo", "global_hi", "p"}


@test
def what_was_made_in_time_is_told(d):
    ask = ("territory", "m", points_file(d), "--reference", "A", "--radii", "2,5", "--simulations", "100000")
    out, err = run(*ask, "--time-limit", "0.01")
    assert "Time was over after" in err and rows(out)[0]["lo"], (out, err)
    assert "Le temps" in json.loads(run(*ask, "--time-limit", "0.01", "--json", language="fr_FR.UTF-8")[0])["sentence"]
    assert "over" not in run(*ask[:-1], "50", "--time-limit", "1000")[1]


@test
def what_is_wrong_with_a_table_is_named_by_its_place(d):
    head = "region,industry,jobs,year\n"
    for content, named in (("region,jobs\nA,1\n", ("line 1", '"industry"')), (head, ("no lines",)),
                           (head + "A,x,1,2020\nB,x,-2,2020\n", ("line 3", '"jobs"', "less than 0")),
                           (head + "A,x,NaN,2020\n", ("line 2", '"jobs"', "NaN")),
                           (head + "A,x,1e999,2020\n", ("line 2", '"jobs"')), (head + "A,x,,2020\n", ("line 2", '"jobs"')),
                           (head + "A,x,1,2020\nA,,1,2020\n", ("line 3", '"industry"', "empty")),
                           (head + "A,x,1,soon\n", ("line 2", '"year"', "soon")),
                           (head + "A,x,0,2020\n", ("no jobs",))):
        for statistic in "lq", "krugman", "hoover", "ellison-glaeser", "complexity", "relatedness", "density":
            out, err = run("territory", statistic, write(d, "bad.csv", content), code=DATA)
            assert not out and all(word in err for word in named), err
    for statistic in "lq", "shift-share":
        run("territory", statistic, write(d, "empty.csv", ""), code=DATA)
        run("territory", statistic, d + "/absent.csv", code=NO_INPUT)
    assert "two years" in run("territory", "shift-share", jobs_file(d), code=DATA)[1]
    assert "Atlantis" in run("territory", "shift-share", write(d, "g.csv", head + "A,x,1,2020\nA,x,2,2021\n"), "--whole",
                             "Atlantis", code=DATA)[1]


@test
def what_is_wrong_with_points_is_named_by_its_place(d):
    head = "x,y,type,weight\n"
    for content, named in (("x,type\n1,A\n", ("line 1", '"y"')), (head, ("no lines",)),
                           (head + "0,0,A,1\nnan,0,A,1\n", ("line 3", '"x"', "nan")),
                           (head + "0,0,A,1\n0,inf,A,1\n", ("line 3", '"y"')), (head + "0,0,,1\n", ("line 2", '"type"')),
                           (head + "0,0,A,-1\n", ("line 2", '"weight"')), (head + "0,0,A,\n", ("line 2", '"weight"')),
                           (head + "0,0,A,1\n1,1,B,1\n", ('"C"',)), (head + "1e13,0,C,1\n", ("Point 1",))):
        for statistic in "k", "l", "m", "kd":
            out, err = run("territory", statistic, write(d, "bad.csv", content), "--reference", "C", "--radii", "1", code=DATA)
            assert not out and all(word in err for word in named), err
    ask = ("territory", "m", points_file(d), "--reference", "A")
    for radii in "5,5", "-1", "5,2":
        assert "adius" in run(*ask, "--radii", radii, code=DATA)[1]
    assert '"D"' in run(*ask, "--neighbours", "D", "--radii", "1", code=DATA)[1]
    err = run("territory", "k", points_file(d), "--reference", "all", "--radii", "1", "--window", "0,0,5,20", code=DATA)[1]
    assert "line 8" in err and '"x"' in err and "window" in err
    corners = write(d, "corners.csv", "x,y\n0,0\n9,0\n0,9\n")
    assert "window" in run("territory", "k", points_file(d), "--reference", "all", "--radii", "1", "--window", corners, code=DATA)[1]
    crossed = write(d, "crossed.csv", "x,y\n0,0\n9,9\n0,9\n9,0\n")
    assert "corners 1 and 3" in run("territory", "k", points_file(d), "--reference", "all", "--radii", "1", "--window", crossed, code=DATA)[1]
    for words in (), ("m",), ("nothing", points_file(d)), ask, (*ask, "--radii", "x"), (*ask, "--radii", "1", "--edge", "y"), \
            (*ask, "--radii", "1", "--confidence", "z"), (*ask, "--radii", "1", "--simulations", "-1"):
        run(*(words if words[:1] == ("territory",) else ("territory", *words)), code=USAGE)
    run(*ask, "--radii", "1", "--confidence", "1.5", code=DATA)


if __name__ == "__main__":
    sys.exit(main())
