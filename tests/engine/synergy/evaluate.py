#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`grappe synergies rank` on the projects of Horizon 2020, beside L3, Adamic-Adar and PageRank.

    evaluate.py GRAPPE FOLDER [YEAR ... | --report] [--alone]

FOLDER holds train-before-2018.csv.gz and validation-2018.csv.gz. A cut at the end of year Y: ties are the projects
starting before, of 2 to 60 partners; right are new pairs of private firms of one country in projects of the next twelve
months. Candidates are the linked private firms of the firm's country, without its partners; all countries of 100
candidates and more. Full ranking, mean rank on ties, best hit of each query: MRR and hit@10. Settings were chosen on cuts
up to 2016; --report is the cut of 2017, tried on 2018. Intervals: 10,000 paired bootstraps by query and by project.
Cold firms: no tie before the cut; apart, those with nobody to find; and with one contact of the
same later project. --alone leaves the peers out; PageRank needs numpy. The time of a query is the run's, without that of a run for one firm.
"""
import collections
import csv
import gzip
import math
import os
import random
import subprocess
import sys
import tempfile
import time

try:
    import numpy
except ImportError:
    numpy = None

FILES = ("train-before-2018.csv.gz", "validation-2018.csv.gz")


class Cut:
    """What is known before a year's end, and what the next year brings."""

    def __init__(self, rows, year):
        first, after = f"{year + 1}-01-01", f"{year + 2}-01-01"
        members, self.start, self.of, self.leader = collections.defaultdict(set), {}, {}, {}
        for r in rows:
            members[r["rcn"]].add(r["pic"])
            self.start[r["rcn"]] = r["start_date"]
            self.of.setdefault(r["pic"], (r["type"], r["country"]))
            if r["role"] == "coordinator":
                self.leader[r["rcn"]] = r["pic"]
        fit = {g: m for g, m in members.items() if 2 <= len(m) <= 60}
        self.before = {g: m for g, m in fit.items() if self.start[g] < first}
        self.later = {g: m for g, m in fit.items() if first <= self.start[g] < after}
        self.partners = collections.defaultdict(set)
        for m in self.before.values():
            for v in m:
                self.partners[v] |= m
        for v, p in self.partners.items():
            p.discard(v)
        firms = collections.defaultdict(list)
        for v in sorted(self.partners):
            if self.of[v][0] == "PRC":
                firms[self.of[v][1]].append(v)
        self.candidates = {c: f for c, f in firms.items() if len(f) >= 100}
        self.right, self.right_cold = collections.defaultdict(dict), collections.defaultdict(dict)
        self.cold, self.contacts = set(), collections.defaultdict(list)
        for g in sorted(self.later):
            self.learn(g, sorted(self.later[g]))

    def learn(self, g, members):
        firms = [v for v in members if self.of[v][0] == "PRC" and self.of[v][1] in self.candidates]
        for v in firms:
            warm = v in self.partners
            found = [x for x in firms if x != v and x in self.partners and self.of[x][1] == self.of[v][1]
                     and x not in self.partners[v]] if warm else \
                    [x for x in firms if x != v and x in self.partners and self.of[x][1] == self.of[v][1]]
            for x in found:
                (self.right if warm else self.right_cold)[v].setdefault(x, g)
            if not warm:
                self.cold.add(v)
                known = [x for x in members if x in self.partners and not (self.of[x][0] == "PRC" and self.of[x][1] == self.of[v][1])]
                if found and known:
                    self.contacts[v].append((g, found, known))


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *lines])


def ask(grappe, cut, country, queries, contacts=None):
    """{query: {candidate: score}} and seconds."""
    with tempfile.TemporaryDirectory() as d:
        ties, q, c, k = (os.path.join(d, n) for n in ("ties.csv", "q.csv", "c.csv", "k.csv"))
        write(ties, ("group", "member", "date"), [(g, v, cut.start[g]) for g, m in cut.before.items() for v in sorted(m)])
        write(q, ("member",), [(v,) for v in queries])
        write(c, ("member",), [(v,) for v in cut.candidates[country]])
        more = []
        if contacts:
            write(k, ("query", "member"), contacts)
            more = ["--contacts", k]
        began = time.time()
        done = subprocess.run([grappe, "synergies", "rank", "--ties", ties, "--queries", q, "--candidates", c, "--exclude-known",
                               "--top", str(len(cut.candidates[country])), "--threads", "1", *more], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        ranked = collections.defaultdict(dict)
        for row in csv.DictReader(done.stdout.splitlines()):
            ranked[row["query"]][row["candidate"]] = float(row["score"])
        return ranked, time.time() - began


def l3(cut, v, pool):
    at = collections.Counter()
    for z in cut.partners[v]:
        for y in cut.partners[z]:
            at[y] += 1 / math.sqrt(len(cut.partners[z]) * len(cut.partners[y]))
    return {x: sum(at.get(y, 0) for y in cut.partners[x]) for x in pool}


def adamic_adar(cut, v, pool):
    mine = cut.partners[v]
    return {x: sum(1 / math.log(len(cut.partners[z])) for z in mine & cut.partners[x]) for x in pool}


def page_rank(cut, v, pool):
    """From v with a restart of .15, ten steps on the graph of partners."""
    if not hasattr(cut, "place"):
        names = sorted(cut.partners)
        cut.place = {x: i for i, x in enumerate(names)}
        cut.degree = numpy.array([len(cut.partners[x]) for x in names])
        cut.first = numpy.concatenate([[0], numpy.cumsum(cut.degree)[:-1]])
        cut.onto = numpy.array([cut.place[y] for x in names for y in sorted(cut.partners[x])])
    start = numpy.zeros(len(cut.degree))
    start[cut.place[v]] = 1
    at = start
    for _ in range(10):
        at = .15 * start + .85 * numpy.add.reduceat((at / cut.degree)[cut.onto], cut.first)
    return {x: at[cut.place[x]] for x in pool}


def best_rank(scores, pool, right):
    order = sorted((scores.get(x, 0) for x in pool), reverse=True)
    top = max(scores.get(x, 0) for x in right)
    above = sum(s > top for s in order)
    return above + (sum(s == top for s in order) + 1) / 2


def measures(ranks):
    n = len(ranks)
    return (sum(1 / r for r in ranks) / n, sum(r <= 10 for r in ranks) / n) if n else (math.nan, math.nan)


def interval(rng, groups, gain):
    """Of the mean of gain over queries, drawing groups of queries."""
    keys, means = sorted(groups), []
    sums = {k: (sum(gain[q] for q in groups[k]), len(groups[k])) for k in keys}
    for _ in range(10000):
        drawn = rng.choices(keys, k=len(keys))
        means.append(sum(sums[k][0] for k in drawn) / sum(sums[k][1] for k in drawn))
    means.sort()
    return means[250], means[9750]


def compare(cut, ranks, base, queries, name):
    rng = random.Random(1)
    single, projects = {q: [q] for q in queries}, collections.defaultdict(list)
    for q in queries:
        projects[min(cut.right[q].values())].append(q)
    for what, value in (("MRR", lambda r: 1 / r), ("hit@10", lambda r: float(r <= 10))):
        gain = {q: value(ranks[q]) - value(base[q]) for q in queries}
        mean = sum(gain.values()) / len(gain)
        spans = [interval(rng, g, gain) for g in (single, projects)]
        print(f"  {name} {what} {mean:+.4f}, by query [{spans[0][0]:+.3f}, {spans[0][1]:+.3f}],"
              f" by project [{spans[1][0]:+.3f}, {spans[1][1]:+.3f}]")


def warm(grappe, cut, peers):
    ranks, spent = {n: {} for n in ("ours", *peers)}, 0
    for country, all_of_it in sorted(cut.candidates.items()):
        queries = [q for q in sorted(cut.right) if cut.of[q][1] == country]
        if not queries:
            continue
        ranked, seconds = ask(grappe, cut, country, queries)
        idle = ask(grappe, cut, country, queries[:1])[1]
        spent += max(0, seconds - idle)
        for q in queries:
            pool = [x for x in all_of_it if x != q and x not in cut.partners[q]]
            ranks["ours"][q] = best_rank(ranked[q], pool, cut.right[q])
            for name, peer in peers.items():
                ranks[name][q] = best_rank(peer(cut, q, pool), pool, cut.right[q])
    french = [q for q in ranks["ours"] if cut.of[q][1] == "FR"]
    print(f" warm: {len(ranks['ours'])} firms, {len(french)} French, {1000 * spent / len(ranks['ours']):.1f} ms a query")
    for name, found in ranks.items():
        print("  {:12} {:.4f} {:.3f}   French {:.4f} {:.3f}".format(
            name, *measures(found.values()), *measures([found[q] for q in french])))
    for name in peers:
        compare(cut, ranks["ours"], ranks[name], sorted(ranks["ours"]), "over " + name)
        compare(cut, ranks["ours"], ranks[name], french, "  French over " + name)


def cold(grappe, cut):
    found = {"ours": [], "degree": [], "ours, one contact": [], "degree of the same": []}
    rng = random.Random(2)
    for country, pool in sorted(cut.candidates.items()):
        degree = {x: len(cut.partners[x]) for x in pool}
        queries = [q for q in sorted(cut.right_cold) if cut.of[q][1] == country]
        if not queries:
            continue
        ranked, _ = ask(grappe, cut, country, queries)
        for q in queries:
            found["ours"].append(best_rank(ranked[q], pool, cut.right_cold[q]))
            found["degree"].append(best_rank(degree, pool, cut.right_cold[q]))
        named = {q: rng.choice(cut.contacts[q]) for q in queries if cut.contacts[q]}
        chosen = {q: rng.choice(known) for q, (_, _, known) in named.items()}
        if not named:
            continue
        ranked, _ = ask(grappe, cut, country, sorted(named), sorted(chosen.items()))
        for q, (_, right, _) in sorted(named.items()):
            left = [x for x in pool if x != chosen[q]]
            found["ours, one contact"].append(best_rank(ranked[q], left, right))
            found["degree of the same"].append(best_rank(degree, left, right))
    print(f" cold: {len(cut.cold)} firms, {len(cut.cold) - len(cut.right_cold)} of them with nobody to find")
    for name, ranks in found.items():
        print("  {:20} {:.4f} {:.3f}   of {}".format(name, *measures(ranks), len(ranks)))


def main():
    words = sys.argv[1:]
    report = "--report" in words
    folder = words[1]
    names = FILES if report else FILES[:1]
    missing = [n for n in names if not os.path.exists(os.path.join(folder, n))]
    if missing:
        print(f"{folder} has no {', '.join(missing)}: the projects of Horizon 2020 are not at hand, nothing was measured")
        sys.exit(77)
    rows = []
    for n in names:
        with gzip.open(os.path.join(folder, n), "rt", encoding="utf-8") as handle:
            rows += list(csv.DictReader(handle))
    years = [2017] if report else [int(w) for w in words[2:] if w.isdigit()] or [2015, 2016]
    peers = {} if "--alone" in words else {"L3": l3, "Adamic-Adar": adamic_adar} | ({"PageRank": page_rank} if numpy else {})
    for year in years:
        cut = Cut(rows, year)
        print(f"cut at the end of {year}: {len(cut.before)} projects", flush=True)
        warm(words[0], cut, peers)
        cold(words[0], cut)


main()
