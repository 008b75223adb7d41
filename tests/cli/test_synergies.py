#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`grappe synergies rank` on plain files: whom it names and why, both languages, the same bytes again, and each fault by
its place.

usage: test_synergies.py GRAPPE     (prints TAP)
"""
import csv
import io
import json
import subprocess
import sys

from harness import DATA, GRAPPE, NO_INPUT, UNREADABLE, USAGE, main, run, test, write

TIES = [("p1", "Dupont"), ("p1", "Labo"), ("p2", "Labo"), ("p2", "Martin"), ("p3", "Martin"), ("p3", "Morel"), ("p4", "Morel"),
        ("p4", "Petit"), ("p5", "Seul")]
ATTRIBUTES = "member,type,country,lat,lon,text\nDupont,PME,FR,47.06,6.76,décolletage laiton\nMartin,PME,FR,47.24,6.02,polissage\n" \
             "Neuf,PME,FR,47.2,6.1,polissage de boîtiers\nMorel,ETI,CH,,,\n"


def ties_file(d, dates=False):
    lines = [f"{g},{m}" + (f",20{14 + i}-03" if dates else "") for i, (g, m) in enumerate(TIES)]
    return write(d, "ties.csv", "group,member" + (",date" if dates else "") + "\n" + "\n".join(lines) + "\n")


def listed(d, name, *members):
    return write(d, name, "member\n" + "".join(m + "\n" for m in members))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@test
def a_pair_has_its_rank_its_score_and_its_reasons(d):
    ask = ("synergies", "rank", "--ties", ties_file(d), "--queries", listed(d, "q.csv", "Dupont"))
    out, err = run(*ask)
    assert out.startswith("query,candidate,rank,score,reasons\n") and "Dupont" in err
    found = rows(out)
    assert [r["rank"] for r in found] == [str(i + 1) for i in range(len(found))]
    assert {r["candidate"] for r in found} == {"Labo", "Martin", "Morel", "Petit"}, "no reason for Seul, nor for oneself"
    assert all(0 < float(r["score"]) <= 1 and r["reasons"] for r in found)
    reasons = {r["candidate"]: r["reasons"] for r in found}
    assert reasons["Labo"].startswith("known") and "together in 1 group" in reasons["Labo"]
    assert reasons["Martin"].startswith("to discover") and "1 partner in common: Labo" in reasons["Martin"]
    assert "Labo, a partner, works with Martin" in reasons["Morel"]
    found = rows(run(*ask, "--exclude-known", "--top", "1")[0])
    assert len(found) == 1 and found[0]["candidate"] in ("Martin", "Morel") and "known" not in found[0]["reasons"]


@test
def a_name_is_written_as_it_is_read(d):
    name = 'A "B", C; ""'
    quoted = '"' + name.replace('"', '""') + '"'
    out, _ = run("synergies", "rank", "--ties", write(d, "t.csv", f"group,member\n1,{quoted}\n1,Plain\n"))
    assert [(r["query"], r["candidate"]) for r in rows(out)] == [(name, "Plain"), ("Plain", name)]
    assert f"\n{quoted},Plain,1," in out


@test
def an_answer_that_cannot_be_written_is_told(d):
    ties = write(d, "many.csv", "group,member\n" + "".join(f"g{i},m{i * k % 61}\n" for i in range(1, 60) for k in (1, 3, 7)))
    for more in ((), ("--json",)):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([GRAPPE, "synergies", "rank", "--ties", ties, *more], stdout=full, stderr=subprocess.PIPE,
                                  timeout=280, check=False)
        assert done.returncode == UNREADABLE and done.stderr.strip(), (more, done.returncode)


@test
def a_newcomer_is_ranked_by_what_it_says_and_whom_it_knows(d):
    attributes = write(d, "a.csv", ATTRIBUTES)
    ask = ("synergies", "rank", "--ties", ties_file(d, True), "--queries", listed(d, "q.csv", "Neuf"), "--candidates",
           listed(d, "c.csv", "Dupont", "Martin", "Morel", "Labo"))
    first = rows(run(*ask, "--attributes", attributes)[0])[0]
    assert first["candidate"] == "Martin" and "both speak of: polissage" in first["reasons"] and "km away" in first["reasons"]
    alone, err = run(*ask)
    assert len(rows(alone)) == 4 and "nothing is known: 1" in err and all("open to others" in r["reasons"] for r in rows(alone))
    contacts = write(d, "k.csv", "query,member\nNeuf,Petit\n")
    named = rows(run(*ask, "--contacts", contacts)[0])
    assert named[0]["candidate"] in ("Martin", "Morel") and "network" in named[0]["reasons"]


@test
def what_one_has_and_another_asks_for_is_a_reason(d):
    attributes = write(d, "a.csv", "member,does,needs,spare,short,gives,takes\nA,tournage;,polissage ; dorure,,tour,,\n"
                                   "B,polissage,,,,copeaux,\nC,dorure,tournage,tour,,,copeaux\nD,,,,,,\n")
    ask = ("synergies", "rank", "--ties", ties_file(d), "--attributes", attributes, "--queries", listed(d, "q.csv", "A", "B"),
           "--candidates", listed(d, "c.csv", "A", "B", "C", "D"), "--json")
    found = {(r["query"], r["candidate"]): {x["kind"]: x["sentence"] for x in r["reasons"]}
             for r in json.loads(run(*ask)[0])["rows"]}
    assert found["A", "B"]["chain"] == "does what is asked for here: polissage"
    assert found["A", "C"]["chain"] == "does what is asked for here: dorure, asks for what is done here: tournage"
    assert found["A", "C"]["pooling"] == "has capacity to spare, wanting here: tour"
    assert found["B", "C"]["material"] == "takes what is given here: copeaux" and "chain" not in found["B", "C"]
    assert ("A", "D") not in found, "no reason"
    assert "fait ce qui est demandé ici : polissage" in run(*ask, language="fr_FR.UTF-8")[0].replace("\u00a0", " ")


@test
def the_order_of_lines_threads_and_the_language_change_no_number(d):
    ask = ("synergies", "rank", "--ties", ties_file(d, True), "--attributes", write(d, "a.csv", ATTRIBUTES))
    one = run(*ask, "--threads", "1")[0]
    assert one == run(*ask, "--threads", "4")[0]
    shuffled = write(d, "other.csv", "member,group,date\n" + "".join(
        f"{m},{g},20{14 + i}-03\n" for i, (g, m) in reversed(list(enumerate(TIES)))))
    assert one == run(*ask[:2], "--ties", shuffled, "--attributes", d + "/a.csv")[0]
    french, said = run(*ask, language="fr_FR.UTF-8")
    assert [(r["candidate"], r["score"]) for r in rows(one)] == [(r["candidate"], r["score"]) for r in rows(french)]
    assert "partenaire" in french and "à découvrir" in french and said.strip()


@test
def the_document_has_the_same_rows(d):
    ask = ("synergies", "rank", "--ties", ties_file(d))
    document = json.loads(run(*ask, "--json")[0])
    found = rows(run(*ask)[0])
    assert len(document["rows"]) == len(found) and document["sentence"]
    for a, b in zip(document["rows"], found):
        assert (a["query"], a["candidate"], a["rank"], a["score"]) == (b["query"], b["candidate"], int(b["rank"]), float(b["score"]))
        assert a["status"] in ("known", "to discover") and a["reasons"]
        assert abs(sum(r["part"] for r in a["reasons"]) - a["score"]) < 1e-6


@test
def what_is_wrong_is_named_by_its_place(d):
    good, head = ties_file(d), "group,member,date,weight\n"
    for content, named in (("group\nx\n", ("line 1", '"member"')), (head, ("no lines",)), (head + "p,a,,\np,,,\n", ("line 3", "empty")),
                           (head + "p,a,soon,\n", ("line 2", '"date"', "soon")), (head + "p,a,2016-13,\n", ("line 2", '"date"')),
                           (head + "p,a,,-1\n", ("line 2", '"weight"')), (head + "p,a,,0\n", ("line 2", '"weight"')),
                           (head + "p,a,,nan\n", ("line 2", '"weight"', "nan"))):
        out, err = run("synergies", "rank", "--ties", write(d, "bad.csv", content), code=DATA)
        assert not out and all(word in err for word in named), err
    for option, content, named in (("--attributes", "member,lat,lon\na,91,0\n", ("line 2", '"lat"')),
                                   ("--attributes", "member,lat,lon\na,,3\n", ("line 2", '"lon"')), ("--attributes", "member,lat\na,3\n", ("line 2", '"lat"')),
                                   ("--attributes", "member,lat,lon\na,x,3\n", ("line 2", '"lat"')),
                                   ("--queries", "name\na\n", ("line 1", '"member"')), ("--queries", "member\n", ("no lines",)),
                                   ("--candidates", "member\nDupont\nNobody\n", ("line 3", "Nobody")),
                                   ("--contacts", "query,member\nNeuf,Nobody\n", ("line 2", "Nobody")),
                                   ("--contacts", "query,member\nLabo,Labo\n", ("line 2", "itself"))):
        out, err = run("synergies", "rank", "--ties", good, option, write(d, "bad.csv", content), code=DATA)
        assert not out and all(word in err for word in named), err
    run("synergies", "rank", "--ties", d + "/absent.csv", code=NO_INPUT)
    for words in (), ("--ties",), ("--ties", good, "--top", "0"), ("--ties", good, "--top", "x"), ("--ties", good, "more"):
        run("synergies", "rank", *words, code=USAGE)


if __name__ == "__main__":
    sys.exit(main())
