#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A judge that shares no code with what it judges: random bare data goes through `grappe secrecy protect`, and every
attacker is tried on the published CSV by linear programmes of our own, solved by glpsol.

usage: judge.py GRAPPE [TABLES [SEED]]     (prints what was broken; exit code 1 if anything was)

Truth is joined only after the programmes are solved. With each table, one hidden cell that is not sensitive is shown
again: the judge must then find it broken. Without glpsol it ends with 77, which leaves the test out.
"""
import collections
import csv
import io
import itertools
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

Case = collections.namedtuple("Case", "dims trees lines integers")
DIMS = "abc"


def tree_of(rng, leaves, deep):
    """{parent: children}; the root is "total"."""
    names = [f"n{i}" for i in range(leaves)]
    if not deep:
        return {"total": names}
    tree, i = {"total": []}, 0
    while i < leaves:
        size = rng.randint(2, 4)
        if leaves - i - size < 2:
            size = leaves - i
        tree[f"m{len(tree)}"] = names[i:i + size]
        tree["total"].append(f"m{len(tree) - 1}")
        i += size
    return tree if len(tree["total"]) > 1 else {"total": names}


def random_case(rng):
    shape = rng.random()
    if shape < .6:
        sizes, deep = (rng.randint(3, 10), rng.randint(3, 8)), False
    elif shape < .75:
        sizes, deep = [rng.randint(2, 4) for _ in range(rng.randint(1, 3))], False
    else:
        sizes, deep = (rng.randint(5, 9), rng.randint(3, 5)), True
    trees = [tree_of(rng, n, deep and d == 0) for d, n in enumerate(sizes)]
    empty, sigma, zeros = rng.uniform(0, .6), rng.uniform(.3, 2.5), rng.choice((0, 0, .1))
    integers, mean, lines = rng.random() < .7, rng.uniform(.5, 8), []
    for leaf in itertools.product(*[[f"n{i}" for i in range(n)] for n in sizes]):
        if rng.random() < empty:
            continue
        for _ in range(rng.choice((1, 2, 3, 1 + int(rng.expovariate(1 / mean))))):
            value = 0 if rng.random() < zeros else math.floor(math.exp(rng.gauss(4, sigma))) + 1
            value = value if integers else round(value + rng.random(), 2)
            group = f"g{rng.randint(0, 12)}" if rng.random() < .4 else f"u{len(lines)}"
            lines.append((leaf, f"u{len(lines)}", group, value))
    if rng.random() < .3 and lines:  # one group with exactly 85 %
        leaf = lines[0][0]
        lines = [line for line in lines if line[0] != leaf] + [(leaf, f"x{i}", f"x{i}", v) for i, v in enumerate((85, 8, 7))]
    return Case(DIMS[:len(sizes)], trees, lines, integers) if lines else random_case(rng)


def nodes(tree):
    return ["total"] + [c for children in tree.values() for c in children]


def ancestors(tree, leaf):
    found, more = [leaf], True
    while more:
        more = [p for p, children in tree.items() if found[-1] in children]
        found += more
    return found


def truth(case):
    """{place: {group: value}}"""
    cells = collections.defaultdict(lambda: collections.defaultdict(float))
    for leaf, _, group, value in case.lines:
        for place in itertools.product(*[ancestors(t, n) for t, n in zip(case.trees, leaf)]):
            cells[place][group] += value
    return cells


def needs(shares, digit):
    """(sensitive, up, down) by the rules for firms."""
    total, largest = sum(shares.values()), max(shares.values())
    up = max(.1 * total, largest / .85 - total, digit)
    return len(shares) < 3 or largest > .85 * total * (1 + 1e-12), up, min(total, up)


def equations(case):
    for d, tree in enumerate(case.trees):
        others = [nodes(t) if k != d else [None] for k, t in enumerate(case.trees)]
        for parent, children in tree.items():
            for place in itertools.product(*others):
                put = lambda n: tuple(n if k == d else x for k, x in enumerate(place))
                yield put(parent), [put(c) for c in children]


class Programme:
    """All that is known of the hidden cells; bounds by glpsol, one file for many objectives."""

    def __init__(self, case, table):
        self.hidden = {p: f"x{i}" for i, p in enumerate(p for p, (s, _) in table.items() if s == "hidden")}
        known = {p: v for p, (s, v) in table.items() if s == "published"}
        self.rows = []
        for total, parts in equations(case):
            left = [("+", self.hidden[p]) for p in parts if p in self.hidden]
            right = -sum(known.get(p, 0) for p in parts)
            if total in self.hidden:
                left.append(("-", self.hidden[total]))
            else:
                right += known.get(total, 0)
            if left:
                self.rows.append((left, right))
        self.top = 3 * max(known.values()) if ("total",) * len(case.dims) in known else None

    def bounds(self, folder, questions):
        """[(place, {place: value the attacker has})] -> [(low, high)]"""
        answers = []
        for place, own in questions:
            pair = []
            for sense in "Minimize", "Maximize":
                path = os.path.join(folder, "attack.lp")
                with open(path, "w", encoding="utf-8") as f:
                    f.write(f"{sense}\n o: {self.hidden[place]}\nSubject To\n")
                    for i, (left, right) in enumerate(self.rows):
                        f.write(f" r{i}: " + " ".join(f"{s} {x}" for s, x in left) + f" = {right!r}\n")
                    f.write("Bounds\n")
                    for p, x in self.hidden.items():
                        f.write(f" {x} = {own[p]!r}\n" if p in own else f" 0 <= {x}" + (f" <= {self.top!r}\n" if self.top else "\n"))
                    f.write("End\n")
                out = subprocess.run(["glpsol", "--nopresol", "--lp", path, "-o", path + ".out"], capture_output=True, text=True, check=True)
                if "UNBOUNDED" in out.stdout:
                    pair.append(math.inf)
                    continue
                with open(path + ".out", encoding="utf-8") as f:
                    report = f.read()
                assert re.search(r"Status:\s+OPTIMAL", report), "what is published contradicts itself"
                pair.append(float(re.search(r"Objective:\s+o = (\S+)", report).group(1)))
            answers.append(tuple(pair))
        return answers


def judge(case, table, folder, rng, most):
    """Everything that is broken, in words; of many attacks, `most` drawn at random."""
    digit = 1 if case.integers else .01
    cells, bad = truth(case), []
    for place, (status, value) in table.items():
        if (status == "empty") != (place not in cells):
            bad.append(f"{place} is {status}")
        elif status == "published" and abs(value - sum(cells[place].values())) > 1e-6 * max(1, abs(value)):
            bad.append(f"{place} is shown as {value}")
        elif status == "published" and needs(cells[place], digit)[0]:
            bad.append(f"{place} is sensitive and shown")
    for total, parts in equations(case):
        rest = collections.Counter()
        for p in parts:
            if table[p][0] == "hidden":
                rest.update(cells[p])
        if table[total][0] != "hidden" and rest and needs(rest, digit)[0]:
            bad.append(f"the hidden parts of {total} tell too much")
    programme = Programme(case, table)
    owner = {p: next(iter(cells[p])) for p in programme.hidden if len(cells[p]) == 1}
    attacks = []
    for p in programme.hidden:
        sensitive, up, down = needs(cells[p], digit)
        if not sensitive:
            continue
        attacks.append((p, None, up, down))
        for g in sorted(set(owner.values())):
            if owner.get(p) == g:
                continue
            own = cells[p].get(g, 0)
            limit = .1 * (sum(cells[p].values()) - own) if own and own == max(cells[p].values()) else math.inf
            attacks.append((p, g, min(up, limit), min(down, limit)))
    attacks = attacks if len(attacks) <= most else rng.sample(attacks, most)
    questions = [(p, {q: sum(cells[q].values()) for q, o in owner.items() if o == g}) for p, g, _, _ in attacks]
    for (p, g, up, down), (low, high) in zip(attacks, programme.bounds(folder, questions)):
        value = sum(cells[p].values())
        for need, reached in ((up, high - value), (down, value - low)):
            if need > 0 and reached < need - 1e-5 * max(1, need):
                bad.append(f"{p} = {value}: {g or 'anybody'} finds [{low}, {high}]")
    return bad


def protect(grappe, case, folder):
    data = os.path.join(folder, "data.csv")
    words = [grappe, "secrecy", "protect", data, "--dims", ",".join(case.dims), "--value", "v", "--unit", "u", "--group", "g"]
    with open(data, "w", encoding="utf-8") as f:
        f.write(",".join(case.dims) + ",u,g,v\n" + "".join(f"{','.join(leaf)},{u},{g},{v}\n" for leaf, u, g, v in case.lines))
    for d, tree in zip(case.dims, case.trees):
        path = os.path.join(folder, f"{d}.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write("child,parent\n" + "".join(f"{c},{p}\n" for p, children in tree.items() for c in children))
        words += ["--hierarchy", f"{d}={path}"]
    out = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "LC_ALL": "en_GB.UTF-8"}, check=False)
    assert out.returncode == 0, out.stderr
    return {tuple(r[d] for d in case.dims): (r["status"], float(r["value"] or 0)) for r in csv.DictReader(io.StringIO(out.stdout))}


def main():
    if not shutil.which("glpsol"):
        return 77
    grappe, tables, seed = os.path.abspath(sys.argv[1]), *(int(w) for w in (sys.argv[2:] + ["10", "1"][len(sys.argv) - 2:]))
    rng, broken, planted, caught = random.Random(seed), 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="grappe-judge-") as folder:
        for number in range(tables):
            case = random_case(rng)
            table = protect(grappe, case, folder)
            bad = judge(case, table, folder, rng, 60)
            broken += bool(bad)
            for what in bad:
                print(f"table {number}: {what}")
            cells, digit = truth(case), 1 if case.integers else .01
            spare = [p for p, (s, _) in table.items() if s == "hidden" and not needs(cells[p], digit)[0]]
            if spare:  # a secondary shown again, and wherever else the same lines stand
                shown = rng.choice(spare)
                same = {p for p in cells if cells[p] == cells[shown] and table[p][0] == "hidden"}
                planted += 1
                caught += bool(judge(case, {p: ("published", sum(cells[p].values())) if p in same else t
                                            for p, t in table.items()}, folder, rng, 10 ** 9))
    print(f"{tables} tables, {broken} broken; {caught} of {planted} planted faults found")
    return broken > 0 or caught < planted or tables >= 10 and not planted


if __name__ == "__main__":
    sys.exit(main())
