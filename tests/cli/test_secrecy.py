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

M1 = """unit,group,commune,naf,value
u1,g1,Mo,A,40
u2,g1,Mo,A,30
u3,g2,Mo,A,20
u4,g3,Mo,B,10
u5,g4,Mo,B,10
u6,g5,Mo,B,10
u7,g6,Ma,A,86
u8,g7,Ma,A,7
u9,g8,Ma,A,7
u10,g9,Ma,B,85
u11,g10,Ma,B,8
u12,g11,Ma,B,7
"""
TWO = ("--dims", "commune,naf", "--value", "value", "--unit", "unit")


def protected(d, content, *words, **how):
    return run("secrecy", "protect", write(d, "data.csv", content), *words, **how)


def hidden(out):
    return {(r["commune"], r["naf"]) for r in rows(out) if r["status"] == "hidden"}


@test
def the_reference_case_is_hidden_attacked_and_explained(d):
    audit = d + "/audit.json"
    out, err = protected(d, M1, *TWO, "--group", "group", "--audit", audit)
    assert hidden(out) == {("Mo", "A"), ("Mo", "B"), ("Ma", "A"), ("Ma", "B")} and err.startswith("4 of 9")
    assert all(not r["value"] and not r["count"] for r in rows(out) if r["status"] == "hidden")
    assert bounds(attacked(d, out)[0]) == {"Mo/A": (0, 120), "Mo/B": (0, 120), "Ma/A": (70, 190), "Ma/B": (10, 130)}
    with open(audit, encoding="utf-8") as file:
        told = json.load(file)
    assert told["loss"] == 130 and 0 < told["bound"] <= 130 and told["minimal"] and [(c["cell"], c["reason"]) for c in told["cells"]] == \
        [("Mo/A", "few"), ("Ma/A", "dominant")]
    assert out == protected(d, M1, *TWO, "--group", "group", language="fr_FR.UTF-8")[0]
    alone = json.loads(protected(d, M1, *TWO, "--json")[0])["cells"]
    assert len(alone) == 9 and ("Ma", "A") in {(r["commune"], r["naf"]) for r in alone if r["value"] is None}
    assert [r["count"] for r in rows(protected(d, M1, *TWO, "--counts-public")[0])][:2] == ["12", "6"]


@test
def order_names_and_scale_change_nothing(d):
    first = hidden(protected(d, M1, *TWO, "--group", "group")[0])
    head, *lines = M1.splitlines()
    assert hidden(protected(d, "\n".join([head, *reversed(lines)]), *TWO, "--group", "group")[0]) == first
    longer = [",".join([*line.split(",")[:4], line.split(",")[4] + "000"]) for line in lines]
    assert hidden(protected(d, "\n".join([head, *longer]), *TWO, "--group", "group")[0]) == first


def entry(cell, time, value, *units):
    shown = {"value": value} if value is not None else {}
    return json.dumps({"variable": "v", "period": "", "cell": cell, "time": time, "status": "published" if shown else "hidden", **shown,
                       "units": [[u, u, 10, False] for u in units]}) + "\n"


@test
def an_attacker_remembers_what_was_published_before(d):
    table = "place,value,status\nA,,hidden\nB,,hidden\nC,40,published\ntotal,120,published\n"
    before = entry("A", "1", 30, "a1", "a2", "a3") + entry("C", "1", 30, "c1", "c2", "c3")
    own = entry("A", "2", None, "a1", "a2", "a3", "x") + entry("B", "2", None, "b1", "b2", "b3", "b4") + \
        entry("C", "2", 40, "c1", "c2", "c3", "c4")
    assert bounds(attacked(d, table)[0]) == {"A": (0, 80), "B": (0, 80)}
    log = write(d, "log.jsonl", before + own)
    assert bounds(attacked(d, table, "--published", log)[0]) == {"A": (30, 80), "B": (0, 50)}
    write(d, "log.jsonl", entry("old", "0", 50, "c1", "c2", "c3", "c4", "x") + before + own)
    assert bounds(attacked(d, table, "--published", log)[0]) == {"A": (40, 40), "B": (40, 40)}, "x is known by C"
    write(d, "log.jsonl", entry("B", "1", 40, "b1", "b2", "b3", "b4") + own)
    assert bounds(attacked(d, table, "--published", log)[0]) == {"A": (40, 40), "B": (40, 40)}
    for other in "", own + entry("A", "3", 40, "a1"), own + entry("Z", "3", None, "z"), "nonsense\n":
        write(d, "log.jsonl", other)
        assert "log.jsonl" in attacked(d, table, "--published", log, code=DATA)[1], other


@test
def a_later_publication_does_not_betray_who_left(d):
    log = d + "/log.jsonl"
    firms = [f"f{i},X,{100 if i < 9 else 100}" for i in range(10)]
    data = "unit,place,value\n" + "\n".join(firms) + "\n"
    ask = ("--dims", "place", "--value", "value", "--unit", "unit", "--published", log, "--period", "2024-05")
    assert {r["status"] for r in rows(protected(d, data, *ask)[0])} == {"published"}
    without = data.replace("f0,X,100\n", "")
    out = protected(d, without, *ask)[0]
    assert {r["status"] for r in rows(out)} == {"hidden"}
    assert bounds(attacked(d, out, "--published", log)[0]) == {"X": (0, 1000), "total": (0, 1000)}
    assert {r["status"] for r in rows(protected(d, without, *ask[:-1], "2024-06")[0])} == {"published"}
    before = open(log, encoding="utf-8").read()
    single = "unit,place,value\n" + "".join(f"f{i},X,100\n" for i in range(1))
    protected(d, single, *ask[:-1], "2024-07")
    assert open(log, encoding="utf-8").read().startswith(before)
    write(d, "log.jsonl", '{"variable":"value","period":"2024-08","status":"published","value":1,"units":[["f0","f0",100,false]]}\n')
    out, err = protected(d, single, *ask[:-1], "2024-08", code=DATA)
    assert not out and "log.jsonl" in err, err
    for bad in "nonsense\n", "{}\n", '{"variable":"v","period":"","status":"published","value":"x","units":[]}\n':
        write(d, "log.jsonl", bad)
        assert "line 1" in protected(d, data, *ask, code=DATA)[1]


@test
def surveys_hide_who_did_not_answer_and_taxes_who_is_a_person(d):
    answers = "unit,commune,naf\n" + "".join(f"p{i},{'Mo' if i < 7 else 'Ma'},{'A' if i % 2 else 'B'}\n" for i in range(13)) + \
        "p20,Mo,C\n"
    out = rows(protected(d, answers, "--dims", "commune,naf", "--unit", "unit", "--profile", "survey")[0])
    assert {r["status"] for r in out} <= {"published", "hidden"} and ("Ma", "C") in hidden_of(out)
    taxed = "unit,commune,naf,value,natural\n" + "".join(f"p{i},Mo,A,10,{int(i == 3)}\nq{i},Ma,A,10,0\n" for i in range(10))
    out = rows(protected(d, taxed, *TWO, "--profile", "fiscal")[0])
    assert {("Mo", "A"), ("Mo", "total")} <= hidden_of(out)
    protected(d, M1, *TWO, "--profile", "fiscal", code=DATA)


def hidden_of(table):
    return {(r["commune"], r["naf"]) for r in table if r["status"] == "hidden"}


@test
def what_is_wrong_with_data_is_named_by_its_place(d):
    head = "unit,group,commune,naf,value\n"
    for content, named in (("unit,commune,value\n", ("line 1", '"naf"')), (head, ("no lines",)),
                           (head + "u,g,Mo,A,1\nv,g,Mo,A,-1\n", ("line 3", '"value"', "-1")),
                           (head + "u,g,Mo,A,NaN\n", ("line 2", '"value"', "NaN")), (head + "u,g,Mo,A,\n", ("line 2", '"value"')),
                           (head + ",g,Mo,A,1\n", ("line 2", '"unit"', "empty")), (head + "u,,Mo,A,1\n", ("line 2", '"group"')),
                           (head + "u,g,total,A,1\n", ("line 2", '"commune"', "sum"))):
        out, err = protected(d, content, *TWO, "--group", "group", code=DATA)
        assert not out and all(word in err for word in named), err
    geo = write(d, "geo.csv", "child,parent\nMo,all\n")
    assert "hierarchy" in protected(d, M1, *TWO, "--hierarchy", f"commune={geo}", code=DATA)[1]
    assert "dimension" in protected(d, M1, *TWO, "--hierarchy", f"town={geo}", code=DATA)[1]
    for words in ((), TWO[:2], TWO[2:], (*TWO, "--profile", "x"), (*TWO, "--cost", "x"), (*TWO, "--time-limit", "0")):
        protected(d, M1, *words, code=USAGE)


if __name__ == "__main__":
    sys.exit(main())
