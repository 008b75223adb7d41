#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine beside its peers, one table: each line the same input for all, in one run, each a process of its own, elapsed time.

    engine_bench.py GRAPPE [--seconds 30] [--small 1000]

GLPK and CBC get groups and covers as integer programmes (conflicts aggregated: what is best for them); spatstat gets K with the
isotropic correction, and its envelopes; igraph, from R, gets Leiden by modularity. A peer's answer that is better than ours, or a
proven one that is another, ends the run with an error. A peer that is not installed is named first, and its column says so.
"""
import argparse
import collections
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from assemble_bench import as_lp, cbc, glpk, lines_of, problem_of, small, timed

Work = collections.namedtuple("Work", "grappe folder seconds peers")
PEERS = {"glpk": ("glpsol", "glpk-utils"), "cbc": ("cbc", "coinor-cbc"), "spatstat": ("spatstat.explore", "r-cran-spatstat"),
         "igraph": ("igraph", "r-cran-igraph")}


def has(name):
    if name in ("glpk", "cbc"):
        return bool(shutil.which(PEERS[name][0]))
    return bool(shutil.which("Rscript")) and not subprocess.run(
        ["Rscript", "-e", f"quit(status=!requireNamespace('{PEERS[name][0]}',quietly=TRUE))"], capture_output=True, check=False).returncode


def ours(w, *words):
    said, took = timed(lambda: subprocess.run([w.grappe, *words], capture_output=True, check=True).stdout)
    return json.loads(said), took


def r_script(w, text):
    """Numbers that the script prints, and the seconds it says it took, without R's own start."""
    path = os.path.join(w.folder, "peer.R")
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    said = subprocess.run(["Rscript", "--vanilla", path], capture_output=True, text=True, check=True).stdout.split()
    return [float(x) for x in said[:-1]], float(said[-1])


def line(what, answer, took, theirs):
    print(f"{what:44} | {answer:>16} {took:8.2f} s | " + " | ".join(
        f"{name} {'not installed' if value is None else value} {'' if value is None else f'{s:.2f} s'}" for name, value, s in theirs),
        flush=True)


def integer_peers(w, what, lp, cost):
    theirs = []
    for name, call in ("glpk", glpk), ("cbc", cbc):
        if name not in w.peers:
            theirs.append((name, None, 0))
            continue
        value, took = timed(call, lp, w.folder, w.seconds)
        if value is not None and value != cost:
            sys.exit(f"{what}: {name} says {value}, ours is {cost}")
        theirs.append((name, "not proven" if value is None else f"{value:g}", took))
    return theirs


def groups(w):
    for firms, steps, members, km in (400, 14, 10, 60), (400, 14, 8, 45), (2000, 20, 14, 30):
        problem, what = problem_of(firms, steps, members, km, 7), f"group of {firms} firms, {steps} steps, {km} km"
        path, lp = os.path.join(w.folder, "problem.json"), os.path.join(w.folder, "problem.lp")
        with open(path, "w", encoding="ascii") as out:
            json.dump(problem, out)
        as_lp(problem, lp)
        said, took = ours(w, "assemble", path, "--json")
        line(what, f"{said['cost']:g} {said['status']}", took, integer_peers(w, what, lp, said["cost"]))


def cover_of(rows, columns, density, seed):
    r = random.Random(seed)
    at = [sorted(set(r.sample(range(columns), max(2, int(density * columns))))) for _ in range(rows)]
    return [r.randint(1, 100) for _ in range(columns)], at


def covers(w):
    for rows, columns, density in (200, 2000, .02), (300, 3000, .02):
        cost, at = cover_of(rows, columns, density, rows)
        what = f"cover of {rows} rows by {columns} columns"
        path, lp = os.path.join(w.folder, "cover.txt"), os.path.join(w.folder, "cover.lp")
        with open(path, "w", encoding="ascii") as out:
            out.write(f"{rows} {columns}\n{' '.join(map(str, cost))}\n")
            out.writelines(f"{len(c)}\n{' '.join(str(j + 1) for j in c)}\n" for c in at)
        with open(lp, "w", encoding="ascii") as out:
            out.write("Minimize\n cost: " + lines_of([f"+ {c} x{j}" for j, c in enumerate(cost)]) + "\nSubject To\n")
            out.writelines(f" r{i}: {lines_of([f'+ x{j}' for j in c])} >= 1\n" for i, c in enumerate(at))
            out.write("Binary\n " + lines_of([f"x{j}" for j in range(columns)]) + "\nEnd\n")
        said, took = ours(w, "assemble", "--or-library", path, "--json")
        line(what, f"{said['cost']:g} {said['status']}", took, integer_peers(w, what, lp, said["cost"]))


def clustering(w, count=2000, simulations=39):
    """K of all points of a square of 100 x 100 km, at 2.5, 5 and 10 km, and its envelopes."""
    r, path = random.Random(1), os.path.join(w.folder, "points.csv")
    with open(path, "w", encoding="ascii") as out:
        out.write("x,y,type\n" + "".join(f"{100 * r.random()!r},{100 * r.random()!r},a\n" for _ in range(count)))
    words = ["territory", "k", path, "--reference", "all", "--radii", "2.5,5,10", "--edge", "isotropic", "--window", "0,0,100,100",
             "--simulations", str(simulations), "--threads", "1", "--json"]
    said, took = ours(w, *words)
    values, theirs = [x["value"] for x in said["rows"]], [("spatstat", None, 0)]
    if "spatstat" in w.peers:
        found, seconds = r_script(w, f"""suppressMessages(library(spatstat.explore))
p <- read.csv("{path}"); x <- ppp(p$x, p$y, window = owin(c(0, 100), c(0, 100))); r <- seq(0, 10, length.out = 513)
start <- proc.time()[3]
k <- Kest(x, r = r, correction = "isotropic")
e <- envelope(x, Kest, nsim = {simulations}, r = r, correction = "isotropic", verbose = FALSE)
took <- proc.time()[3] - start
cat(sprintf("%.12g", k$iso[c(129, 257, 513)]), took)
""")
        if any(abs(a - b) > 1e-6 * b for a, b in zip(values, found)):
            sys.exit(f"K: spatstat says {found}, ours is {values}")
        theirs = [("spatstat", "/".join(f"{v:.1f}" for v in found), seconds)]
    line(f"K of {count} points, {simulations} simulations", "/".join(f"{v:.1f}" for v in values), took, theirs)


def planted(r, nodes, groups, inside, outside):
    """Ties within groups and between them, drawn independently."""
    for a in range(nodes):
        for b in range(a):
            if r.random() < (inside if a % groups == b % groups else outside):
                yield a, b


def modularity(ties, of):
    within, degrees = 0, collections.Counter()
    for a, b in ties:
        within += of[a] == of[b]
        degrees[of[a]] += 1
        degrees[of[b]] += 1
    return within / len(ties) - sum((d / 2 / len(ties)) ** 2 for d in degrees.values())


def communities(w, runs=10):
    path, ties = os.path.join(w.folder, "ties.csv"), list(planted(random.Random(1), 2000, 40, .2, .004))
    with open(path, "w", encoding="ascii") as out:
        out.write("from,to\n" + "".join(f"n{a},n{b}\n" for a, b in ties))
    said, took = timed(lambda: subprocess.run([w.grappe, "communities", "--edges", path, "--objective", "modularity", "--runs", str(runs)],
                                              capture_output=True, check=True, text=True).stdout)
    found_by_us = modularity(ties, {int(x.split(",")[0][1:]): x.split(",")[1] for x in said.splitlines()[1:]})
    theirs = [("igraph", None, 0)]
    if "igraph" in w.peers:
        found, seconds = r_script(w, f"""suppressMessages(library(igraph))
g <- simplify(graph_from_data_frame(read.csv("{path}"), directed = FALSE))
start <- proc.time()[3]
best <- max(sapply(1:{runs}, function(i) modularity(g, membership(cluster_leiden(g, "modularity", n_iterations = 10)))))
cat(sprintf("%.12g", best), proc.time()[3] - start)
""")
        if found[0] > found_by_us + 1e-3:
            sys.exit(f"communities: igraph reaches {found[0]}, ours {found_by_us}")
        theirs = [("igraph", f"{found[0]:.4f}", seconds)]
    line(f"communities of 2000, best of {runs} runs", f"{found_by_us:.4f}", took, theirs)


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("grappe")
    said.add_argument("--seconds", type=int, default=30)
    said.add_argument("--small", type=int, default=1000)
    o = said.parse_args()
    peers = [name for name in PEERS if has(name)]
    absent = [f"{name} (package {PEERS[name][1]})" for name in PEERS if name not in peers]
    print("not installed: " + (", ".join(absent) or "none") + f"; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="grappe-bench-") as folder:
        w = Work(os.path.abspath(o.grappe), folder, o.seconds, peers)
        covers(w)
        groups(w)
        clustering(w)
        communities(w)
        if o.small and "glpk" in peers:
            small(w.grappe, folder, o.small)


if __name__ == "__main__":
    main()
