#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands as people and scripts use them: help, exit codes, data on standard output, messages on standard error.

usage: test_cli.py GRAPPE     (prints TAP)
"""
import contextlib
import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
import zipfile

from harness import DATA, EXISTS, GRAPPE, NO_INPUT, UNREADABLE, USAGE, main, run, test, write


def commands():
    out, _ = run("--help")
    return re.findall(r"^  grappe ([a-z]+(?: [a-z]+)?) {2,}\S", out, re.M)


def house(folder, **options):
    run("init", folder, "--name", "atelier", "--title", "The workshop", **options)
    return os.path.join(folder, "atelier.db")


@test
def the_version_is_that_of_the_build(_):
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "meson.build"), encoding="utf-8") as build:
        version = re.search(r"version: '([^']+)'", build.read()).group(1)
    assert run("--version") == (f"grappe {version}\n", "")


@test
def every_command_explains_itself(_):
    found = commands()
    assert len(found) >= 8, found
    for command in found:
        for language in "en_GB.UTF-8", "fr_FR.UTF-8":
            out, err = run(*command.split(), "--help", language=language)
            assert f"grappe {command}" in out and not err, command
            assert len(out.splitlines()) >= 3, f"{command} says too little"


@test
def what_is_no_command_is_a_usage_error_on_standard_error(_):
    for words, told in ((), "grappe init"), (("nothing",), "grappe init"), (("geo",), "grappe geo import"), \
                       (("geo", "nothing"), "grappe geo import"):
        out, err = run(*words, code=USAGE)
        assert out == "" and told in err


@test
def wrong_options_are_usage_errors_and_touch_nothing(d):
    for words in (("init",), ("init", d + "/x"), ("init", d + "/x", "--title", "T"), ("init", d + "/x", "--wrong"),
                  ("demo",), ("demo", d + "/x", d + "/y"), ("person",), ("person", "add"), ("import",),
                  ("import", d + "/x.csv"), ("match",), ("match", "--firms", d + "/x.csv"), ("verify",),
                  ("verify", d + "/x", d + "/y"), ("records", "--wrong"), ("serve",), ("serve", d, "--port"),
                  ("serve", d, "--port", "http"), ("geo", "import")):
        out, _ = run(*words, code=USAGE)
        assert out == "", words
    assert os.listdir(d) == []


@test
def a_space_is_made_once(d):
    space = house(d)
    assert os.stat(space).st_mode & 0o077 == 0, "others may read the space"
    out, err = run("init", d, "--name", "atelier", "--title", "Again", code=EXISTS)
    assert out == "" and "atelier" in err
    for name in "Upper", "-a", "a b", "../x", "a" * 41, "é":
        run("init", d, "--name", name, "--title", "T", code=DATA)
    run("init", d, "--name", "second", "--title", "T")
    assert sorted(f for f in os.listdir(d) if f.endswith(".db")) == ["atelier.db", "directory.db", "second.db"]


@test
def people_are_added_whole_or_not_at_all(d):
    house(d)
    add = ("person", "add", d, "--name", "Anne Exemple", "--role", "facilitator", "--email", "anne@example.org")
    for words, code in ((("--role", "king"), DATA), (("--email", "nonsense"), DATA), (("--organisation", "Nobody"), NO_INPUT),
                        (("--language", "xx"), DATA), (("--space", "absent"), NO_INPUT)):
        run(*add, *words, code=code)
    run(*add, "--password-stdin", stdin="short\n", code=DATA)
    run(*add, "--password-stdin", stdin="motdepasse\n", code=DATA)
    run(*add, "--password-stdin", stdin="", code=DATA)
    out, err = run("person", "list", d)
    assert out == "", "a refused person is left behind"
    out, err = run(*add, "--password-stdin", stdin="horloge comtoise bleue\n")
    assert "Anne Exemple" in out and "bleue" not in out + err
    run(*add, code=EXISTS)
    rows = list(csv.reader(run("person", "list", d)[0].splitlines(), delimiter="\t"))
    assert rows == [["Anne Exemple", "facilitator", "anne@example.org", ""]], rows
    run("person", "list", d + "/absent", code=NO_INPUT)


@test
def somebody_is_invited_by_a_printed_link(d):
    house(d)
    invite = ("person", "invite", d, "--email", "lea@example.org", "--role", "member")
    for words, code in ((("--role", "king"), DATA), (("--email", "nonsense"), DATA), (("--organisation", "Nobody"), NO_INPUT),
                        (("--url", "nonsense"), DATA)):
        run(*invite, *words, code=code)
    run("person", "invite", d, "--role", "member", code=USAGE)
    out, _ = run(*invite, "--url", "https://grappe.example")
    assert re.fullmatch(r"https://grappe\.example/invitation/[0-9a-f]{64}\n", out), out
    assert run("person", "list", d)[0] == "", "nobody is in the space before they accept"
    for name in os.listdir(d):
        with open(os.path.join(d, name), "rb") as kept:
            assert out.strip()[-64:].encode() not in kept.read(), "the link itself is kept"


@test
def a_token_is_made_listed_and_revoked(d):
    house(d)
    run("person", "add", d, "--name", "Anne Exemple", "--role", "facilitator", "--email", "anne@example.org")
    run("token", "add", d, "--name", "x", code=USAGE)
    run("token", "add", d, "--person", "nobody@example.org", "--name", "x", code=NO_INPUT)
    run("token", "add", d, "--person", "anne@example.org", "--name", "x", "--scopes", "all", code=DATA)
    made, _ = run("token", "add", d, "--person", "Anne@example.org", "--name", "Export", "--scopes", "read,write")
    assert re.fullmatch(r"grp_[0-9a-f]{64}\n", made), made
    row = run("token", "list", d)[0].rstrip("\n").split("\t")
    assert row == [made[:12], "Anne Exemple", "Export", "Read, Write", ""], row
    with open(os.path.join(d, "directory.db"), "rb") as kept:
        assert made.strip().encode() not in kept.read(), "the token itself is kept"
    run("token", "revoke", d, code=USAGE)
    run("token", "revoke", d, "--prefix", "grp_", code=NO_INPUT)
    run("token", "revoke", d, "--prefix", made[:12])
    assert run("token", "list", d)[0] == ""


FIRMS = "Nom;SIREN;Commune;Ce que nous faisons\r\nDécolletage Un;732829320;Besançon;décolletage du titane\r\n" \
        "Sans Numéro;;Morteau;polissage\r\nFaux;123456789;Pontarlier;gravure\r\n"


@test
def a_file_is_imported_tried_and_taken_back(d):
    imported_and_taken_back(d, house(d))


@test
def a_file_is_imported_tried_and_taken_back_in_a_database(d):
    space = os.environ["TEST_POSTGRES"] + "&schema=imported"
    refused = write(d, "refused.csv", "Nom;SIREN\r\nFaux;123456789\r\n".encode())
    run("import", refused, "--space", space, code=DATA)
    assert "imported" not in psql("SELECT nspname FROM pg_namespace"), "a space that nothing went into stays"
    run("import", write(d, "first.csv", "Nom;Commune\r\nPremière;Morteau\r\n".encode()), "--space", space)
    imported_and_taken_back(d, space)


def imported_and_taken_back(d, space):
    file = write(d, "firms.csv", FIRMS.encode("cp1252"))
    options = ("import", file, "--space", space, "--map", "Ce que nous faisons=know_how", "--json")
    dry = json.loads(run(*options, "--dry-run")[0])
    out, err = run(*options)
    real = json.loads(out)
    counts = [{k: v for k, v in report.items() if isinstance(v, int) and k != "done"} for report in (dry, real)]
    assert counts[0] == counts[1] and not dry["done"] and real["done"], (dry, real)
    assert real["created"] == 2 and real["refused"] == 1, real
    assert "123456789" in json.dumps(real) + err
    run("verify", space)
    again = json.loads(run(*options)[0])
    assert again["created"] == 0, again
    assert [k["name"] for k in again["known"]] == ["Décolletage Un", "Sans Numéro"] and again["known"][0]["organisation"]
    plain = run(*options[:-1], language="fr_FR.UTF-8")[0]
    assert "Ligne 2 reconnue\u00a0: Décolletage Un\n" in plain and "Ligne 4 refusée (SIREN, 9 chiffres)" in plain, plain
    run("import", "--undo", str(real["batch"]), "--space", space)
    assert json.loads(run(*options)[0])["created"] == 2
    run("verify", space)


def workbook(sheets):
    """A workbook as bytes: its sheets by name, each a list of rows of texts."""
    names, held = list(sheets), io.BytesIO()
    relation = '<Relationship Id="r%d" Type="x/%s" Target="%s"/>'
    cell = lambda text: f'<c t="inlineStr"><is><t>{text}</t></is></c>'
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("_rels/.rels", "<Relationships>" + relation % (1, "officeDocument", "xl/workbook.xml")
                      + "</Relationships>")
        book.writestr("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(
            relation % (i, "worksheet", f"{i}.xml") for i in range(len(names))) + "</Relationships>")
        book.writestr("xl/workbook.xml", "<workbook><sheets>" + "".join(
            f'<sheet name="{name}" id="r{i}"/>' for i, name in enumerate(names)) + "</sheets></workbook>")
        for i, name in enumerate(names):
            book.writestr(f"xl/{i}.xml", "<worksheet><sheetData>" + "".join(
                "<row>" + "".join(map(cell, row)) + "</row>" for row in sheets[name]) + "</sheetData></worksheet>")
    return held.getvalue()


@test
def communities_are_found_in_ties(d):
    ties = "from,to\n" + "".join(f"{x}{i},{x}{j}\n" for x in "ab" for i in range(4) for j in range(i)) + "a0,b0\n"
    edges = write(d, "ties.csv", ties.encode())
    of = dict(line.split(",")[:2] for line in run("communities", "--edges", edges)[0].splitlines()[1:])
    assert of == {f"{x}{i}": str("ab".index(x)) for x in "ab" for i in range(4)}, of
    attributes = write(d, "attributes.csv", ("member,attribute\n" + "".join(f"b{i},boîtier\n" for i in range(4))).encode())
    answer = json.loads(run("communities", "--edges", edges, "--attributes", attributes, "--json")[0])
    assert answer["bridges"] == [{"from": "a0", "to": "b0"}], answer
    assert [m["member"] for m in answer["members"] if m["articulation"]] == ["a0", "b0"], answer
    assert [c["labels"][0]["attribute"] if c["labels"] else None for c in answer["communities"]] == [None, "boîtier"], answer
    hurried = json.loads(run("communities", "--edges", edges, "--runs", "100000", "--rewirings", "100000", "--time-limit", "0.01",
                             "--json")[0])
    assert 1 <= hurried["runs"] < 100000 and 1 <= hurried["rewirings"] < 100000, hurried
    for wrong in ("from,to,weight\nx,y,0\n", "from,to\n,y\n", "from\nx\n", "from,to\n"):
        run("communities", "--edges", write(d, "wrong.csv", wrong.encode()), code=DATA)
    run("communities", code=USAGE)


REQUESTS = "a,b,priority_a,priority_b\nAnne,Stand 1,9,3\nAnne,Stand 2,4,0\nBruno,Stand 1,5,5\nChloé,Stand 1,1,0\n"


@test
def meetings_are_planned_checked_and_mended(d):
    requests, size = write(d, "requests.csv", REQUESTS.encode()), ("--slots", "3", "--tables", "2")
    out, err = run("schedule", requests, *size)
    assert out.startswith("a,b,slot,table\n") and out.count("\n") == 5 and "proven" in err, (out, err)
    answer = json.loads(run("schedule", requests, *size, "--json")[0])
    assert answer["status"] == "optimal" and answer["n"] == [5, 2, 1] and answer["W"] == answer["W_bound"] == 31, answer
    run("schedule", "check", requests, write(d, "answer.json", json.dumps(answer).encode()), *size)
    for lie in ({"W": 32}, {"W_bound": 30}, {"n": [5, 3, 1]}, {"meetings": answer["meetings"] + answer["meetings"][:1]}):
        run("schedule", "check", requests, write(d, "lie.json", json.dumps({**answer, **lie}).encode()), *size, code=DATA)
    mended = json.loads(run("schedule", requests, *size, "--from", write(d, "plan.csv", out.encode()), "--now", "0",
                            "--absent", "Anne", "--json")[0])
    assert {(c["a"], c["to"]) for c in mended["changes"]} == {("Anne", None)} and mended["n"][0] == 3, mended
    run("schedule", requests, *size, "--absent", "Anne", code=USAGE)
    _, err = run("schedule", write(d, "wrong.csv", (REQUESTS + "Stand 2,Anne,1,1\n").encode()), *size, code=DATA)
    assert "line 6" in err and "--one-set" in err, err
    run("schedule", write(d, "wrong.csv", b"a,b,priority_a\nx,y,12\n"), *size, code=DATA)


@test
def a_workbook_is_imported_by_sheet(d):
    space = house(d)
    firms = [line.split(";") for line in FIRMS.strip().split("\r\n")]
    file = write(d, "firms.xlsx", workbook({"Lisez-moi": [["Bonjour"]], "Adhérents": firms}))
    options = ("--space", space, "--map", "Ce que nous faisons=know_how", "--json", "--dry-run")
    for sheet in ("Adhérents", "2"):
        out, err = run("import", file, "--sheet", sheet, *options)
        assert json.loads(out)["created"] == 2 and "Adhérents" in err, out + err
    assert "Lisez-moi, Adhérents" in run("import", file, "--sheet", "Autre", *options, code=DATA)[1]
    run("import", write(d, "firms.csv", FIRMS), "--sheet", "1", *options, code=DATA)
    run("import", write(d, "cut.xlsx", workbook({"Adhérents": firms})[:300]), "--space", space, code=DATA)


@test
def files_that_are_none_are_refused_by_name(d):
    space = house(d)
    binary = write(d, "image.csv", bytes(range(256)) * 20)
    for file, code in ((d + "/absent.csv", NO_INPUT), (write(d, "empty.csv", ""), DATA),
                       (write(d, "nobody.csv", "couleur;poids\nbleu;3\n"), DATA), (binary, DATA)):
        out, err = run("import", file, "--space", space, code=code)
        assert "\0" not in out + err
    file = write(d, "firms.csv", FIRMS)
    run("import", file, "--space", space, "--map", "Nom=colour", code=DATA)
    run("import", file, "--space", space, "--map", "Absent=name", code=DATA)
    run("import", file, "--space", space, "--type", "planet", code=DATA)
    run("import", file, "--space", space, "--strict", code=DATA)
    run("import", "--undo", "42", "--space", space, code=NO_INPUT)
    dry = json.loads(run("import", file, "--space", space, "--dry-run", "--json")[0])
    assert dry["created"] == 2, "a refused import left something"


@test
def a_space_that_was_tampered_with_does_not_verify(d):
    space = house(d)
    run("verify", space)
    run("verify", d, code=UNREADABLE)
    run("verify", d + "/absent.db", code=NO_INPUT)
    run("verify", write(d, "text.db", "not a database, but long enough to be mistaken for one" * 20), code=DATA)
    with sqlite3.connect(space) as db:
        assert db.execute("UPDATE journal SET at_us = at_us + 1 WHERE id = (SELECT min(id) FROM journal)").rowcount == 1
    out, err = run("verify", space, code=DATA)
    assert err


@test
def the_dictionary_is_complete_in_text_and_json(_):
    types = json.loads(run("records", "--json")[0])
    names = [t["name"] for t in types]
    assert "organisation" in names and len(names) == len(set(names))
    for t in types:
        ids = [f["id"] for f in t["fields"]]
        assert len(ids) == len(set(ids)) and all(i > 0 for i in ids), t["name"]
    out, err = run("records", "organisation")
    assert "turnover_band" in out and not err
    assert json.loads(run("records", "organisation", "--json")[0])
    out, err = run("records", "planet", code=NO_INPUT)
    assert out == "" and "planet" in err
    assert "Raison sociale" in run("records", language="fr_FR.UTF-8")[0] or "Nom" in run("records", language="fr_FR.UTF-8")[0]


@test
def needs_meet_firms_on_plain_files(d):
    firms = write(d, "firms.csv", "id,text\na,décolletage de titane de précision\nb,polissage et gravure de boîtes\n")
    needs = write(d, "needs.csv", "id,text,excluded\nn1,décolletage de pièces en titane,\nn2,polissage,a|b\n")
    out, err = run("match", "--firms", firms, "--needs", needs)
    rows = list(csv.DictReader(out.splitlines()))
    assert [k for k in rows[0]][:5] == ["need", "firm", "rank", "score_lo", "score_hi"], rows[0]
    first = next(r for r in rows if r["need"] == "n1" and r["rank"] == "1")
    assert first["firm"] == "a" and 0 <= float(first["score_lo"]) <= float(first["score_hi"]) <= 1
    assert not [r for r in rows if r["need"] == "n2"] and "n2" in err
    lines = [json.loads(line) for line in
             run("match", "--firms", firms, "--needs", needs, "--json", "--top", "1")[0].splitlines()]
    assert len(lines) == 2 and all(isinstance(line, dict) for line in lines), "one object a need"
    run("match", "--firms", d + "/absent.csv", "--needs", needs, code=NO_INPUT)
    run("match", "--firms", firms, "--needs", write(d, "bad.csv", "colour\nblue\n"), code=DATA)
    run("match", "--firms", firms, "--needs", needs, "--top", "many", code=USAGE)


@contextlib.contextmanager
def served(*words):
    """The address of a server while it runs."""
    server = subprocess.Popen([GRAPPE, "serve", *words, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, "LC_ALL": "en_GB.UTF-8"}, text=True)
    try:
        line = ""
        while "http://" not in line:
            line = server.stdout.readline()
            assert line, "the server ended without an address"
        yield re.search(r"http://[0-9.]+:\d+", line).group(0)
    finally:
        server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    server.stdout.close()


@test
def the_demo_is_made_whole_in_an_empty_place_and_served(d):
    folder = d + "/demo"
    write(d, "taken", "x")
    run("demo", d, code=EXISTS)
    assert os.listdir(d) == ["taken"]
    run("demo", folder)
    for name in os.listdir(folder):
        if name.endswith(".db") and name != "directory.db":
            run("verify", os.path.join(folder, name))
    with served(folder) as url, urllib.request.urlopen(url + "/annuaire", timeout=60) as page:
        assert page.status == 200 and b"<html" in page.read()
    run("serve", d + "/absent", code=NO_INPUT)


@test
def a_space_moves_between_a_file_and_a_database_and_says_the_same(d):
    cluster = os.environ["TEST_POSTGRES"]
    there, back = f"{cluster}&schema=moved", os.path.join(d, "back.db")
    file = house(os.path.join(d, "spaces"))
    for source, target in (file, there), (there, back):
        out, _ = run("space", "copy", source, "--to", target)
        hashes = re.findall(r"^([0-9a-f]{64})  ", out, re.M)
        assert len(hashes) == 2 and hashes[0] == hashes[1], out
        assert "in order" in run("verify", target)[0]
    run("space", "copy", file, "--to", there, code=EXISTS)
    run("space", "copy", f"{cluster}&schema=absent", "--to", os.path.join(d, "x.db"), code=NO_INPUT)
    run("space", "copy", file, code=USAGE)


@test
def a_folder_has_files_and_schemas_side_by_side(d):
    cluster, folder = os.environ["TEST_POSTGRES"], os.path.join(d, "both")
    house(folder)
    out, _ = run("init", folder, "--name", "served", "--title", "Served", "--database", cluster)
    assert f"'{cluster}&schema=served'" in out, out
    run("person", "add", folder, "--space", "served", "--name", "A", "--role", "facilitator")
    assert "in order" in run("verify", f"{cluster}&schema=served")[0]
    assert not os.path.exists(os.path.join(folder, "served.db"))
    run("verify", f"{cluster}&schema=nothing", code=NO_INPUT)
    run("verify", cluster, code=DATA)
    run("verify", "postgresql:///x?host=/nowhere&schema=x", code=UNREADABLE)


def psql(sql):
    return subprocess.run(["psql", "-XAtqc", sql, os.environ["TEST_POSTGRES"]], capture_output=True, text=True,
                          check=True).stdout.split()


@test
def databases_are_served_without_a_folder(d):
    cluster, directory = os.environ["TEST_POSTGRES"], os.path.join(d, "logins.db")
    place = f"{cluster}&schema=far_away"
    run("space", "copy", house(os.path.join(d, "spaces")), "--to", place)
    for _ in range(2):  # listed the first time, known the second
        with served(place, "--directory", directory) as url, urllib.request.urlopen(url, timeout=60) as page:
            assert page.status == 200 and b"far-away" in page.read()
    with served("--directory", directory) as url, urllib.request.urlopen(url, timeout=60) as page:
        assert b"far-away" in page.read()
    run("serve", place, code=USAGE)
    run("serve", d, "x.db", code=USAGE)
    run("serve", cluster, "--directory", directory, code=DATA)
    run("serve", f"{cluster}&schema=nowhere", "--directory", directory, code=NO_INPUT)
    run("serve", f"{cluster}&schema=far-away", "--directory", directory, code=EXISTS)


@test
def a_demo_that_fails_leaves_no_schema_behind(d):
    spaces = "SELECT nspname FROM pg_namespace WHERE nspname IN ('federation', 'pole', 'territoire')"
    psql("CREATE SCHEMA territoire; CREATE TABLE territoire.somebodys (n int)")
    run("demo", os.path.join(d, "demo"), "--database", os.environ["TEST_POSTGRES"], code=DATA)
    assert psql(spaces) == ["territoire"] and not os.listdir(d)
    psql("DROP SCHEMA territoire CASCADE")


if __name__ == "__main__":
    sys.exit(main())
