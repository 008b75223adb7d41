#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`grappe assemble` on plain files: answers, certificates that are accepted and refused, and each fault by its place.

usage: test_assemble.py GRAPPE     (prints TAP)
"""
import json
import os
import random
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


def hand(**changes):
    """Firms A to F, steps P1 to P4; the cheapest group is C and F, for 29."""
    costs = {"A": (10, {"P1": 2, "P2": 4}), "B": (8, {"P2": 3, "P3": 5}), "C": (12, {"P1": 1, "P3": 2, "P4": 6}),
             "D": (6, {"P3": 2}), "E": (9, {"P1": 4, "P4": 3}), "F": (7, {"P2": 5, "P4": 2})}
    firms = [{"id": i, "cost": cost, "steps": steps} for i, (cost, steps) in costs.items()]
    return {"steps": ["P1", "P2", "P3", "P4"], "firms": firms, "max_members": 3, **changes}


def solve(d, problem, *options, code=0):
    out, _ = run("assemble", write(d, "problem.json", json.dumps(problem)), "--json", *options, code=code)
    return json.loads(out) if out else None


@test
def the_published_groups_are_found(d):
    rivals = {"conflicts": [["C", "F"]]}
    for changes, cost, members in (({}, 29, "CF"), (rivals, 32, "BC"), ({"conflicts": [["C", "F"], ["B", "E"]]}, 32, "BC"),
                                   ({"must": ["D"]}, 33, "ADF"), ({"exclude": ["C"]}, 32, "BE"),
                                   ({"exclude": ["C", "E"]}, 33, "ADF"), ({"exclude": ["C", "E", "F"]}, None, ""),
                                   ({"max_members": 1}, None, ""), ({"steps": [], "firms": []}, 0, "")):
        said = solve(d, hand(**changes), "--proof", os.path.join(d, "proof"))
        assert (said["cost"], "".join(said["members"])) == (cost, members), (changes, said)
        assert said["status"] == ("infeasible" if cost is None else "optimal")
        run("assemble", "check", os.path.join(d, "problem.json"), write(d, "answer.json", json.dumps(said)),
            os.path.join(d, "proof"))
    assert solve(d, hand())["assignment"] == {"P1": "C", "P2": "F", "P3": "C", "P4": "F"}


@test
def a_false_answer_is_refused(d):
    proof, said = os.path.join(d, "proof"), solve(d, hand(), "--proof", os.path.join(d, "proof"))
    problem = os.path.join(d, "problem.json")
    for change in ({"members": ["C"]}, {"cost": 28, "bound": 28}, {"bound": 28}, {"members": ["C", "F", "F"]},
                   {"assignment": {**said["assignment"], "P4": "C"}}, {"status": "infeasible"}, {"gap": .1}):
        run("assemble", "check", problem, write(d, "false.json", json.dumps({**said, **change})), proof, code=DATA)
    answer = write(d, "answer.json", json.dumps(said))
    for change in ({"conflicts": [["C", "F"]]}, {"exclude": ["F"]}, {"must": ["D"]}, {"max_members": 1}):
        run("assemble", "check", write(d, "other.json", json.dumps(hand(**change))), answer, proof, code=DATA)
    cheaper = hand()
    cheaper["firms"][1]["cost"] = 1
    run("assemble", "check", write(d, "other.json", json.dumps(cheaper)), answer, proof, code=DATA)


@test
def what_is_missing_and_would_mend_it_is_said(d):
    said = solve(d, hand(max_members=1))
    assert said["missing"] and said["relaxations"][0]["of"] == "max_members" and said["relaxations"][0]["to"] == 2
    said = solve(d, hand(exclude=["C", "E", "F"]))
    assert said["missing"] == ["P4"] and said["relaxations"][0]["without"] == ["C"]
    far = hand(max_distance_km=20, must=["C"], max_members=2)
    for firm, x in zip(far["firms"], (90, 50, 0, 90, 90, 57.25)):
        firm.update(x_km=x, y_km=0)
    said = solve(d, far)
    assert [(r["of"], r["to"]) for r in said["relaxations"]] == [("max_distance_km", 50)], said
    assert "50 km" in said["reasons_fr"][1] and "50 km" in said["reasons_en"][1]
    said = solve(d, hand(steps=["P1", "P2", "P3", "P4", "P5"]))
    assert "P5" in said["reasons_en"][1] and said["missing"] == ["P5"]


@test
def several_groups_the_front_and_losses(d):
    said = solve(d, hand(), "--top", "4", "--pareto", "--resilience")
    assert [(g["cost"], "".join(g["members"])) for g in said["groups"]] == [(29, "CF"), (32, "BC"), (32, "BE"), (33, "ADF")]
    assert [(p["cost"], p["member_count"]) for p in said["pareto"]] == [(29, 2)]
    lost = {"".join(x["lost"]): x["cost"] for x in said["resilience"]}
    assert lost == {"C": 32, "F": 32, "CB": 33, "CE": 33, "FB": 35}, lost
    assert all(word in run("assemble", os.path.join(d, "problem.json"), "--resilience")[0] for word in ("29", "Without C"))


@test
def volumes_are_shared_out(d):
    firms = [{"id": 1, "cost": 10, "steps": {"a": 1.5}, "capacities": {"a": 60}},
             {"id": 2, "cost": 5, "steps": {"a": 2}, "capacities": {"a": 50}},
             {"id": 3, "cost": 7, "steps": {"a": 2.25}}]
    said = solve(d, {"steps": ["a"], "firms": firms, "volumes": {"a": 100}}, "--proof", os.path.join(d, "proof"))
    assert (said["cost"], said["members"], said["assignment"]) == (185, [1, 2], {"a": {"1": 60, "2": 40}}), said
    answer = write(d, "answer.json", json.dumps(said))
    run("assemble", "check", os.path.join(d, "problem.json"), answer, os.path.join(d, "proof"))
    false = write(d, "false.json", json.dumps({**said, "assignment": {"a": {"1": 61, "2": 39}}}))
    run("assemble", "check", os.path.join(d, "problem.json"), false, os.path.join(d, "proof"), code=DATA)


@test
def who_could_do_more_than_is_asked_is_proven_too(d):
    r = random.Random(3)
    firms = [{"id": j, "cost": r.randint(90, 130), "steps": {s: r.randint(1, 9) for s in "abc"},
              "capacities": {s: r.randint(10, 300) for s in "abc"}} for j in range(20)]
    said = solve(d, {"steps": list("abc"), "firms": firms, "volumes": {"a": 100, "b": 80, "c": 120}, "max_members": 6}, "--proof",
                 os.path.join(d, "proof"))
    assert said["status"] == "optimal" and said["nodes"] > 5, said
    run("assemble", "check", os.path.join(d, "problem.json"), write(d, "answer.json", json.dumps(said)), os.path.join(d, "proof"))


@test
def every_fault_of_a_problem_is_named(d):
    def broken(**changes):
        problem = hand()
        problem["firms"][1].update(changes)
        return problem

    twice = hand()
    twice["firms"][1]["id"] = "A"
    bare = hand()
    del bare["firms"][2]["cost"]
    for problem, named in ((broken(cost=-1), "firms[1].cost"), (broken(cost="8"), "firms[1].cost"),
                           (broken(steps={"P9": 1}), "P9"), (broken(steps={"P1": -1}), "firms[1].steps.P1"),
                           (broken(id=""), "firms[1].id"), (broken(price=3), "firms[1].price"), (twice, "A"),
                           (bare, "firms[2].cost"), (hand(must=["Z"]), "Z"), (hand(exclude=[[]]), "exclude[0]"),
                           (hand(must=["C"], exclude=["C"]), "C"), (hand(conflicts=[["C", "Q"]]), "Q"),
                           (hand(conflicts=[["C", "F"]], must=["C", "F"]), "F"), (hand(max_members=-1), "max_members"),
                           (hand(max_members=1, must=["A", "B"]), "members"), (hand(max_distance_km=-2), "max_distance_km"),
                           (hand(max_distance_km=5), "x_km"), (hand(steps=["P1", "P1"]), "P1"), (hand(steps=[""]), "steps[0]"),
                           (hand(distances=[["A", "B", 3]]), "missing"), (hand(volumes={"P1": 0}), "volumes.P1"),
                           (hand(stepz=[]), "stepz"), ([], "object"), ({}, "steps"), ({"steps": []}, "firms"),
                           (hand(steps=[f"s{i}" for i in range(65)]), "64")):
        _, err = run("assemble", write(d, "bad.json", json.dumps(problem)), code=69 if named == "64" else DATA)
        assert named in err, (named, err)
    for text, named in (("", "line 1"), ('{"steps": [', "JSON"), ('{"steps": ["a"], "firms": [{"id": "a", "cost": NaN}]}', "NaN")):
        assert named in run("assemble", write(d, "bad.json", text), code=DATA)[1]


if __name__ == "__main__":
    sys.exit(main())
