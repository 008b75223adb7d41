#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups with their proof, ours beside GLPK and CBC (glpsol and cbc, as processes of their own) on the same problems.

    assemble_bench.py GRAPPE [--covers FOLDER] [--seconds 60] [--small 1000]

Prints a line a problem: firms, steps, members, km; ours, the time with reading and printing, the certificate's time;
then value and time of each other that is installed ("-" after the time limit). The others get the formulation that is best
for them: conflicts aggregated, sum of those in conflict with j + K x_j <= K. --covers: all tables of a folder of the
OR-Library solved, proven and checked. --small: so many random small problems, infeasible ones too, must equal GLPK's.
"""
import argparse
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

SHAPES = [(150, 10, 8, None), (150, 10, 8, 60), (400, 14, 10, 60), (400, 14, 10, 45), (400, 14, 8, 45), (2000, 20, 14, 30),
          (5000, 20, 14, 25), (5000, 20, 12, 15)]


def problem_of(firms, steps, members, km, seed, rivals=.02):
    r = random.Random(seed)
    names = [f"s{i}" for i in range(steps)]
    list_of = [{"id": f"f{j}", "cost": r.randint(5, 34), "x_km": 100 * r.random(), "y_km": 100 * r.random(),
                "steps": {s: r.randint(1, 20) for s in r.sample(names, r.randint(1, min(3, steps)))}} for j in range(firms)]
    pairs = {tuple(sorted(r.sample(range(firms), 2))) for _ in range(int(firms * (firms - 1) / 2 * rivals))}
    problem = {"steps": names, "firms": list_of, "max_members": members,
               "conflicts": [[f"f{a}", f"f{b}"] for a, b in sorted(pairs)]}
    return {**problem, "max_distance_km": km} if km else problem


def in_conflict(problem):
    at = [(f["x_km"], f["y_km"]) for f in problem["firms"]]
    number = {f["id"]: j for j, f in enumerate(problem["firms"])}
    bad = [set() for _ in at]
    for a, b in problem["conflicts"]:
        bad[number[a]].add(number[b])
        bad[number[b]].add(number[a])
    km = problem.get("max_distance_km", math.inf)
    for a, (x, y) in enumerate(at):
        for b in range(a if km < math.inf else 0):
            if math.sqrt((x - at[b][0]) ** 2 + (y - at[b][1]) ** 2) > km:
                bad[a].add(b)
                bad[b].add(a)
    return bad


def lines_of(terms):
    return "\n ".join(" ".join(terms[k:k + 12]) for k in range(0, len(terms), 12))


def as_lp(problem, path):
    firms, most = problem["firms"], problem["max_members"]
    goal = [f"+ {f['cost']} x{j}" for j, f in enumerate(firms)]
    goal += [f"+ {c} y{j}_{s}" for j, f in enumerate(firms) for s, c in f["steps"].items()]
    rows = ["+ " + lines_of([f"+ y{j}_{s}" for j, f in enumerate(firms) if s in f["steps"]])[2:] + " = 1"
            for s in problem["steps"] if any(s in f["steps"] for f in firms)]
    rows += [f"y{j}_{s} - x{j} <= 0" for j, f in enumerate(firms) for s in f["steps"]]
    rows.append(lines_of([f"+ x{j}" for j in range(len(firms))]) + f" <= {most}")
    rows += [lines_of([f"+ x{k}" for k in sorted(bad)] + [f"+ {most} x{j}"]) + f" <= {most}"
             for j, bad in enumerate(in_conflict(problem)) if bad]
    names = [f"x{j}" for j in range(len(firms))] + [f"y{j}_{s}" for j, f in enumerate(firms) for s in f["steps"]]
    with open(path, "w", encoding="ascii") as out:
        out.write("Minimize\n cost: " + lines_of(goal) + "\nSubject To\n")
        out.writelines(f" r{k}: {row}\n" for k, row in enumerate(rows))
        out.write("Binary\n " + lines_of(names) + "\nEnd\n")


def glpk(lp, folder, seconds):
    out = os.path.join(folder, "glpk.out")
    said = subprocess.run(["glpsol", "--lp", lp, "--tmlim", str(seconds), "--cuts", "-o", out], capture_output=True, text=True,
                          check=False).stdout
    if "NO PRIMAL FEASIBLE" in said or "NO INTEGER FEASIBLE" in said or "NO FEASIBLE SOLUTION" in said:
        return math.inf
    with open(out, encoding="ascii") as answer:
        text = answer.read()
    return float(re.search(r"Objective:\s+\S+ = (\S+)", text).group(1)) if "INTEGER OPTIMAL" in text else None


def cbc(lp, folder, seconds):
    out = os.path.join(folder, "cbc.out")
    subprocess.run(["cbc", lp, "-timeMode", "elapsed", "-sec", str(seconds), "-solve", "-solu", out], capture_output=True,
                   check=False, timeout=4 * seconds + 60)
    with open(out, encoding="ascii") as answer:
        first = answer.readline()
    return float(first.split()[-1]) if first.startswith("Optimal") else math.inf if "nfeasible" in first else None


def ours(grappe, folder, problem):
    path, proof, answer = (os.path.join(folder, name) for name in ("problem.json", "proof", "answer.json"))
    with open(path, "w", encoding="ascii") as out:
        json.dump(problem, out)
    said = subprocess.run([grappe, "assemble", path, "--json", "--proof", proof], capture_output=True, check=True).stdout
    with open(answer, "wb") as out:
        out.write(said)
    said, start = json.loads(said), time.monotonic()
    subprocess.run([grappe, "assemble", "check", path, answer, proof], check=True, capture_output=True)
    return said, time.monotonic() - start


def timed(call, *words):
    start = time.monotonic()
    return call(*words), time.monotonic() - start


def groups(grappe, folder, seconds):
    others = [(name, call) for name, call in (("glpsol", glpk), ("cbc", cbc)) if shutil.which(name)]
    print("firms steps members km | ours s check s |", " | ".join(f"{name} s" for name, _ in others))
    for shape in SHAPES:
        problem = problem_of(*shape, seed=7)
        (said, checked), took = timed(ours, grappe, folder, problem)
        line = f"{shape} | {said['cost']} {said['status']} {took - checked:.3f} {checked:.3f}"
        lp = os.path.join(folder, "problem.lp")
        if shape[0] <= 2000:
            as_lp(problem, lp)
        for _, call in others if shape[0] <= 2000 else ():
            value, took = timed(call, lp, folder, seconds)
            if value is not None and value != (math.inf if said["cost"] is None else said["cost"]):
                sys.exit(f"{shape}: {value} instead of {said['cost']}")
            line += f" | {'-' if value is None else value} {took:.2f}"
        print(line, flush=True)


def small(grappe, folder, count):
    infeasible = 0
    for seed in range(count):
        r = random.Random(seed)
        problem = problem_of(r.randint(4, 25), r.randint(1, 6), r.randint(1, 5), r.choice([None, 30, 60]), seed, r.choice([0, .1]))
        said, _ = ours(grappe, folder, problem)
        undone = [s for s in problem["steps"] if not any(s in f["steps"] for f in problem["firms"])]
        lp = os.path.join(folder, "problem.lp")
        as_lp(problem, lp)
        value = math.inf if undone else glpk(lp, folder, 60)
        if value != (math.inf if said["cost"] is None else said["cost"]):
            sys.exit(f"seed {seed}: GLPK {value}, ours {said['cost']}")
        infeasible += value == math.inf
    print(f"{count} small problems equal GLPK's, {infeasible} infeasible, every certificate accepted")


def covers(grappe, folder, tables):
    solved = checked = size = 0
    names = sorted(n for n in os.listdir(tables) if re.fullmatch(r"scp\w+\.txt", n))
    for name in names:
        path, proof, answer = os.path.join(tables, name), os.path.join(folder, "proof"), os.path.join(folder, "answer")
        said, took = timed(lambda p=path, q=proof: subprocess.run(
            [grappe, "assemble", "--or-library", p, "--json", "--proof", q], capture_output=True, check=True).stdout)
        solved += took
        if json.loads(said)["status"] != "optimal":
            sys.exit(f"{name} was not proven")
        with open(answer, "wb") as out:
            out.write(said)
        _, took = timed(lambda p=path, a=answer, q=proof: subprocess.run(
            [grappe, "assemble", "check", p, a, q], capture_output=True, check=True))
        checked += took
        size += os.path.getsize(proof)
    print(f"{len(names)} covers proven in {solved:.2f} s, checked in {checked:.2f} s, {size} bytes of proof")


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("grappe")
    said.add_argument("--covers")
    said.add_argument("--seconds", type=int, default=60)
    said.add_argument("--small", type=int, default=0)
    o = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if o.covers:
            covers(o.grappe, folder, o.covers)
        if o.small and shutil.which("glpsol"):
            small(o.grappe, folder, o.small)
        groups(o.grappe, folder, o.seconds)


if __name__ == "__main__":
    main()
