#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Retrieval of partners from project texts, ours beside BM25: data ANR (projets.csv, partenaires.csv).

    match_anr.py GRAPPE DIRECTORY [--one-row] [--part FROM TO] [--options ...]

Projects are split by a hash of their code: one in four is held out. An organisation's text is its name and the
title and summary of its other projects; a query is a held-out project's title and summary; right are its partners
that have a training text. Prints hit@10 (one partner at least in the first ten), recall@10 and MRR.
--one-row: one row an organisation, else one row a project of it. --part 0 50: only queries whose second hash falls in
that range of 0..99, to tune on one half and report the other.
"""
import csv
import hashlib
import os
import subprocess
import sys
import tempfile


def rows(path):
    with open(path, encoding='utf-8-sig', newline='') as handle:
        return list(csv.DictReader(handle))


def spread(text, salt=''):
    return int(hashlib.sha256((salt + text).encode()).hexdigest()[:8], 16)


def load(directory):
    texts, partners = {}, {}
    for row in rows(os.path.join(directory, 'projets.csv')):
        texts[row['Projet.Code_Decision_ANR']] = ' '.join(
            (row['Projet.Titre.Francais'] + '. ' + row['Projet.Resume.Francais']).split())
    for row in rows(os.path.join(directory, 'partenaires.csv')):
        name = row['Projet.Partenaire.Nom_organisme'].strip()
        code = row['Projet.Partenaire.Code_Decision_ANR']
        project = code.rsplit('-', 1)[0] if code.rsplit('-', 1)[0] in texts else row['Projet.Code_Decision_ANR']
        if name and name != 'Non renseigné' and project in texts:
            partners.setdefault(project, set()).add(name)
    return texts, partners


def write(path, header, lines):
    with open(path, 'w', encoding='utf-8', newline='') as out:
        csv.writer(out).writerows([header, *lines])


def run(grappe, firms, needs, options):
    done = subprocess.run([grappe, 'match', '--firms', firms, '--needs', needs, '--top', '20', *options],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    ranked = {}
    for row in csv.DictReader(done.stdout.splitlines()):
        ranked.setdefault(row['need'], []).append(row['firm'])
    return ranked


def main():
    arguments = sys.argv[1:]
    options = arguments[arguments.index('--options') + 1:] if '--options' in arguments else []
    low, high = 0, 100
    if '--part' in arguments:
        at = arguments.index('--part')
        low, high = int(arguments[at + 1]), int(arguments[at + 2])
    texts, partners = load(arguments[1])
    held = [p for p in sorted(partners) if spread(p) % 4 == 0]
    known = {}
    for project in sorted(partners):
        if spread(project) % 4:
            for name in sorted(partners[project]):
                known.setdefault(name, []).append(texts[project])
    numbers = {name: f'O{i:04}' for i, name in enumerate(sorted(known))}
    right = {p: {numbers[n] for n in partners[p] if n in numbers} for p in held}
    queries = [p for p in held if right[p] and low <= spread(p, 'part') % 100 < high]
    with tempfile.TemporaryDirectory() as scratch:
        firms, needs = (os.path.join(scratch, n) for n in ('firms.csv', 'needs.csv'))
        if '--one-row' in arguments:
            lines = [(numbers[n], n + '. ' + '. '.join(t)) for n, t in known.items()]
        else:
            lines = [(numbers[n], n + '. ' + each) for n, t in known.items() for each in t]
        write(firms, ('id', 'text'), lines)
        write(needs, ('id', 'text'), [(p, texts[p][:19000]) for p in queries])
        print(f'{len(numbers)} organisations, {len(queries)} queries')
        for name, more in (('ours', options), ('BM25', ['--bm25'])):
            ranked = run(arguments[0], firms, needs, more)
            ranks = [[i for i, f in enumerate(ranked.get(p, []), 1) if f in right[p]] for p in queries]
            n = len(queries)
            hit = sum(any(i <= 10 for i in r) for r in ranks) / n
            recall = sum(sum(i <= 10 for i in r) / len(right[p]) for r, p in zip(ranks, queries)) / n
            mrr = sum(1 / r[0] for r in ranks if r) / n
            empty = sum(not ranked.get(p) for p in queries)
            print(f'{name:5} hit@10 {hit:.3f}  recall@10 {recall:.3f}  MRR {mrr:.3f}  without answer {empty}')


if __name__ == '__main__':
    main()
