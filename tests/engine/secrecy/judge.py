#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A judge that shares no code with what it judges: random bare data goes through `grappe secrecy protect`, and every
attacker is tried on the published CSV by linear programmes of our own, solved by GLPK.

usage: judge.py GRAPPE [TABLES [SEED [FIRST]]]     (prints what was broken; exit code 1 if anything was)

Tables of one to three dimensions, flat, with trees, with two zonings of the same places (two linked tables), and second
publications of what a unit joined, left or moved in, or whose zoning changed. Truth is joined only after the programmes are
solved. With each table, one hidden cell that is not sensitive is shown again: the judge must then find it broken. Without
GLPK it ends with 77, which leaves the test out.
"""
import collections
import csv
import ctypes
import ctypes.util
import io
import itertools
import math
import os
import random
import subprocess
import sys
import tempfile

Case = collections.namedtuple("Case", "dims trees lines integers")  # trees: lists of (parent, children, zoning)
DIMS = "abc"
KINDS = ("flat", "cube", "tree", "linked", "second")
WEIGHTS = (60, 15, 15, 5, 5)


# --- random data ---------------------------------------------------------------------------------------------------------


def zoning(rng, names, mark):
    """Sums of two to four names each, and the total of these."""
    parts, rest = [], names[:]
    while rest:
        size = rng.randint(2, 4) if len(rest) > 5 else len(rest) if len(rest) < 4 else 2
        parts.append(rest[:size])
        rest = rest[size:]
    if len(parts) < 2:
        return [("total", names, mark)]
    return [("total", [f"{mark}{i}" for i in range(len(parts))], mark)] + [(f"{mark}{i}", p, mark) for i, p in enumerate(parts)]


def tree_of(rng, leaves, kind):
    names = [f"n{i}" for i in range(leaves)]
    if kind == "flat":
        return [("total", names, "z")]
    first = zoning(rng, names, "z")
    if kind == "tree":
        return first
    mixed = names[:]
    rng.shuffle(mixed)
    return first + zoning(rng, mixed, "y")


def shape_of(rng, kind):
    if kind == "cube":
        return [rng.randint(2, 5) for _ in range(rng.randint(1, 3))]
    if kind == "flat":
        return (rng.randint(3, 30), rng.randint(3, 20)) if rng.random() < .02 else (rng.randint(3, 10), rng.randint(3, 8))
    return rng.randint(5, 9), rng.randint(3, 5)


def random_line(rng, leaf, number, sigma, zeros, integers):
    value = 0 if rng.random() < zeros else math.floor(math.exp(rng.gauss(4, sigma))) + 1
    value = value if integers else round(value + rng.random(), 2)
    return leaf, f"u{number}", f"g{rng.randint(0, 12)}" if rng.random() < .4 else f"u{number}", value


def random_case(rng, kind):
    sizes = shape_of(rng, kind)
    trees = [tree_of(rng, n, kind if d == 0 and kind in ("tree", "linked") else "flat") for d, n in enumerate(sizes)]
    empty, sigma, zeros = rng.uniform(0, .6), rng.uniform(.3, 2.5), rng.choice((0, 0, .1))
    integers, mean, lines = rng.random() < .7, rng.uniform(.5, 8), []
    for leaf in itertools.product(*[[f"n{i}" for i in range(n)] for n in sizes]):
        if rng.random() < empty:
            continue
        for _ in range(rng.choice((1, 2, 3, rng.choice((4, 5, 10, 11)), 1 + int(rng.expovariate(1 / mean))))):
            lines.append(random_line(rng, leaf, len(lines), sigma, zeros, integers))
    if rng.random() < .3 and lines:  # one group with exactly 85 %
        leaf = lines[0][0]
        lines = [line for line in lines if line[0] != leaf] + [(leaf, f"x{i}", f"x{i}", v) for i, v in enumerate((85, 8, 7))]
    return Case(DIMS[:len(sizes)], trees, lines, integers) if lines else random_case(rng, kind)


def changed(rng, case):
    """The same a while later: somebody came, left or moved, or the places are put together otherwise."""
    lines, trees = case.lines[:], case.trees
    what = rng.choice(("came", "left", "moved", "zoning"))
    if what == "zoning":
        names = [c for p, children, _ in trees[0] for c in children if p == "total"]
        trees = [zoning(rng, names, "w")] + trees[1:]
    elif what == "came" or len(lines) < 2:
        lines.append((rng.choice(lines)[0], "new", "new", 1 + rng.randint(0, 200)))
    else:
        leaf, unit, group, value = lines.pop(rng.randrange(len(lines)))
        if what == "moved":
            lines.append((rng.choice(lines)[0], unit, group, value))
    return case._replace(lines=lines, trees=trees)


# --- truth ---------------------------------------------------------------------------------------------------------------


def nodes(tree):
    return sorted({"total"} | {c for _, children, _ in tree for c in children})


def ancestors(tree, leaf):
    found = {leaf}
    while True:
        more = {p for p, children, _ in tree if found & set(children)} - found
        if not more:
            return sorted(found)
        found |= more


def truth(case):
    """{place: {group: value}}, and {place: its lines}"""
    cells = collections.defaultdict(lambda: collections.defaultdict(float))
    members = collections.defaultdict(set)
    for leaf, unit, group, value in case.lines:
        for place in itertools.product(*[ancestors(t, n) for t, n in zip(case.trees, leaf)]):
            cells[place][group] += value
            members[place].add((unit, group, value))
    return cells, {p: frozenset(m) for p, m in members.items()}


def needs(shares, digit):
    """(sensitive, up, down) by the rules for firms."""
    total, largest = sum(shares.values()), max(shares.values())
    up = max(.1 * total, largest / .85 - total, digit)
    return len(shares) < 3 or largest > .85 * total * (1 + 1e-12), up, min(total, up)


def shares_of(members):
    shares = collections.defaultdict(float)
    for _, group, value in members:
        shares[group] += value
    return shares


def equations(case):
    for d, tree in enumerate(case.trees):
        others = [nodes(t) if k != d else [None] for k, t in enumerate(case.trees)]
        for parent, children, _ in tree:
            for place in itertools.product(*others):
                put = lambda n: tuple(n if k == d else x for k, x in enumerate(place))
                yield put(parent), [put(c) for c in children]


# --- attackers -----------------------------------------------------------------------------------------------------------


class Glpk:
    """Rows `sum of coefficient * variable = right`, variables from 0 to `top`; bounds of one variable after the other."""
    LOWER, BETWEEN, FIXED = 2, 4, 5
    OPTIMAL, UNBOUNDED = 5, 6

    def __init__(self, library, variables, rows, top):
        self.at = {v: i + 1 for i, v in enumerate(variables)}
        self.lib, self.top = library, top
        library.glp_create_prob.restype, library.glp_get_obj_val.restype = ctypes.c_void_p, ctypes.c_double
        library.glp_term_out(0)
        self.lp = ctypes.c_void_p(library.glp_create_prob())
        if rows:
            library.glp_add_rows(self.lp, len(rows))
        library.glp_add_cols(self.lp, len(self.at))
        for variable in self.at:
            self.set(variable)
        for number, (terms, right) in enumerate(rows, 1):
            n = len(terms)
            library.glp_set_mat_row(self.lp, number, n, (ctypes.c_int * (n + 1))(0, *[self.at[v] for v in terms]),
                                    (ctypes.c_double * (n + 1))(0, *terms.values()))
            library.glp_set_row_bnds(self.lp, number, self.FIXED, ctypes.c_double(right), ctypes.c_double(right))

    def set(self, variable, value=None):
        low, high = (0, self.top or 0) if value is None else (value, value)
        kind = self.FIXED if value is not None else self.BETWEEN if self.top else self.LOWER
        self.lib.glp_set_col_bnds(self.lp, self.at[variable], kind, ctypes.c_double(low), ctypes.c_double(high))

    def bounds(self, variable, own):
        for v, value in own.items():
            self.set(v, value)
        self.lib.glp_set_obj_coef(self.lp, self.at[variable], ctypes.c_double(1))
        pair = [self.extreme(sense) for sense in (1, 2)]
        self.lib.glp_set_obj_coef(self.lp, self.at[variable], ctypes.c_double(0))
        for v in own:
            self.set(v)
        return pair

    def extreme(self, sense):
        self.lib.glp_set_obj_dir(self.lp, sense)
        for _ in range(2):
            if self.lib.glp_simplex(self.lp, None) == 0 and self.lib.glp_get_status(self.lp) in (self.OPTIMAL, self.UNBOUNDED):
                break
            self.lib.glp_std_basis(self.lp)
        status = self.lib.glp_get_status(self.lp)
        assert status in (self.OPTIMAL, self.UNBOUNDED), "what is published contradicts itself"
        return math.inf if status == self.UNBOUNDED else self.lib.glp_get_obj_val(self.lp)

    def close(self):
        self.lib.glp_delete_prob(self.lp)


class Programme:
    """All that is known: the table, its sums, and, with an earlier table, what every shown cell of it is more or less by."""

    def __init__(self, case, table, members, earlier):
        self.hidden = [p for p, (s, _) in table.items() if s == "hidden"]
        known = {p: v for p, (s, v) in table.items() if s == "published"}
        self.rows, self.between, self.plain = [], {}, []
        for total, parts in equations(case):
            terms = collections.Counter(p for p in parts if table[p][0] == "hidden")
            if table[total][0] == "hidden":
                terms[total] -= 1
            if terms:
                self.rows.append((terms, known.get(total, 0) - sum(known.get(p, 0) for p in parts)))
        for q, (status, value) in (earlier[1] if earlier else {}).items():
            before = earlier[2].get(q)
            for p, now in members.items() if status == "published" else ():
                if before <= now or now <= before:
                    self.compare(p, table[p], frozenset(before ^ now), value, 1 if before <= now else -1)
        self.top = 3 * max(known.values()) if ("total",) * len(case.dims) in known else None

    def compare(self, p, state, rest, value, sign):
        """p = value + what came, or value - what left."""
        if state[0] == "published":
            self.plain += [rest] if rest else []
        elif not rest:
            self.rows.append((collections.Counter([p]), value))
        else:
            self.between[rest] = None
            self.rows.append((collections.Counter({p: 1, rest: -sign}), value))


def judge(library, case, table, rng, most, earlier=None):
    """Everything that is broken, in words; of many attacks, `most` drawn at random."""
    digit = 1 if case.integers else .01
    (cells, members), bad = truth(case), []
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
    programme = Programme(case, table, members, earlier)
    bad += [f"{sorted(rest)} came or left" for rest in programme.plain if needs(shares_of(rest), digit)[0]]
    targets = {p: cells[p] for p in programme.hidden} | {rest: shares_of(rest) for rest in programme.between}
    owner = {p: next(iter(s)) for p, s in targets.items() if len(s) == 1}
    attacks = []
    for p, shares in targets.items():
        sensitive, up, down = needs(shares, digit)
        if not sensitive:
            continue
        attacks.append((p, None, up, down))
        for g in sorted(set(owner.values()) - {owner.get(p)}):
            own = shares.get(g, 0)
            limit = .1 * (sum(shares.values()) - own) if own and own == max(shares.values()) else math.inf
            attacks.append((p, g, min(up, limit), min(down, limit)))
    attacks = attacks if len(attacks) <= most else rng.sample(attacks, most)
    solver = Glpk(library, list(targets), programme.rows, programme.top) if attacks else None
    for p, g, up, down in attacks:
        low, high = solver.bounds(p, {q: sum(targets[q].values()) for q, o in owner.items() if o == g})
        value = sum(targets[p].values())
        for need, reached in ((up, high - value), (down, value - low)):
            if need > 0 and reached < need - 1e-5 * max(1, need):
                bad.append(f"{p} = {value}: {g or 'anybody'} finds [{low}, {high}]")
    if solver:
        solver.close()
    return bad


# --- the judged ----------------------------------------------------------------------------------------------------------


def protect(grappe, case, folder, log=None):
    data = os.path.join(folder, "data.csv")
    words = [grappe, "secrecy", "protect", data, "--dims", ",".join(case.dims), "--value", "v", "--unit", "u", "--group", "g",
             "--time-limit", "1000"]  # of a machine that has other things to do, too
    with open(data, "w", encoding="utf-8") as f:
        f.write(",".join(case.dims) + ",u,g,v\n" + "".join(f"{','.join(leaf)},{u},{g},{v}\n" for leaf, u, g, v in case.lines))
    for d, tree in zip(case.dims, case.trees):
        path = os.path.join(folder, f"{d}.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write("child,parent,zoning\n" + "".join(f"{c},{p},{z}\n" for p, children, z in tree for c in children))
        words += ["--hierarchy", f"{d}={path}"]
    words += ["--published", log] if log else []
    out = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "LC_ALL": "en_GB.UTF-8"}, check=False)
    if log and out.returncode == 65 and "gives it away" in out.stderr:
        return None
    assert out.returncode == 0, out.stderr
    return {tuple(r[d] for d in case.dims): (r["status"], float(r["value"] or 0)) for r in csv.DictReader(io.StringIO(out.stdout))}


def shown_again(case, table, rng):
    """The table with one secondary shown, and wherever else the same lines stand; None without a secondary."""
    (cells, members), digit = truth(case), 1 if case.integers else .01
    spare = [p for p, (s, _) in table.items() if s == "hidden" and not needs(cells[p], digit)[0]]
    if not spare:
        return None
    same = members[rng.choice(spare)]
    return {p: ("published", sum(cells[p].values())) if members.get(p) == same else t for p, t in table.items()}


def main():
    name = ctypes.util.find_library("glpk")
    if not name:
        return 77
    library = ctypes.CDLL(name)
    grappe = os.path.abspath(sys.argv[1])
    tables, seed, start = (int(w) for w in sys.argv[2:] + ["10", "1", "0"][len(sys.argv) - 2:])
    counts = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="grappe-judge-") as folder:
        for number in range(start, start + tables):
            rng = random.Random(seed * 1000003 + number)
            kind = rng.choices(KINDS, WEIGHTS)[0]
            case, log, earlier = random_case(rng, "flat" if kind == "second" else kind), None, None
            if kind == "second":
                log = os.path.join(folder, f"{number}.jsonl")
                first = protect(grappe, case, folder, log)
                earlier = case, first, truth(case)[1]
                case = changed(rng, case)
            table = protect(grappe, case, folder, log)
            counts[kind] += 1
            if table is None:  # what was shown before gives it away: nothing was published
                counts["refused"] += 1
                continue
            bad = judge(library, case, table, rng, 60, earlier)
            counts["broken"] += bool(bad)
            for what in bad[:3]:
                print(f"table {number} ({kind}): {what}", flush=True)
            planted = None if earlier else shown_again(case, table, rng)
            if planted:
                counts["planted"] += 1
                caught = bool(judge(library, case, planted, rng, 10 ** 9))
                counts["caught"] += caught
                if not caught:
                    print(f"table {number} ({kind}): a secondary shown again was not found", flush=True)
    print(f"{tables} tables (" + ", ".join(f"{k} {counts[k]}" for k in KINDS) +
          f"; {counts['refused']} refused), {counts['broken']} broken; {counts['caught']} of {counts['planted']} planted faults found")
    return counts["broken"] > 0 or counts["caught"] < counts["planted"] or tables >= 10 and not counts["planted"]


if __name__ == "__main__":
    sys.exit(main())
