#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turn data/places.tsv.xz into arrays for .rodata, at build.

    embed_places.py PLACES.tsv.xz STEM [little|big]

Writes STEM.bin, STEM.S and STEM.h. Layout and meaning of the arrays: src/domain/places/places_rows.h.
"""
import collections
import lzma
import re
import struct
import sys

from places_fold import fold
from rodata import Pool, Rodata

NONE16, NONE32, UNKNOWN_DEGREES = 0xFFFF, 0xFFFFFFFF, -0x80000000
ORIGINS = {'': 0, 'postcode': 1, 'epci': 2, 'parent': 3}
OFFICIAL, SHORTENED, FORMER = 0, 1, 2
ARTICLE = re.compile(r'^(le|la|les|l) (?=.)')
EPCI_KIND = re.compile(r"^(cc|ca|cu|me|metropole|communaute de communes|communaute d agglomeration|communaute urbaine) ")
EPCI_ARTICLE = re.compile(r'^(du|de la|de l|des|de|d) ')


def degrees(text):
    """Degrees as an integer of 1e-5 degree."""
    return round(float(text) * 1e5) if text else UNKNOWN_DEGREES


def names_of(place):
    """(folded name, class) of everything a place may be called."""
    name = fold(place[2])
    names = {name: OFFICIAL}
    for alias in filter(None, place[11].split('|')):
        names.setdefault(fold(alias), OFFICIAL)
    quarter = re.fullmatch(r'(paris|lyon|marseille) (\d+)(?:er|e) arrondissement', name)
    if quarter:
        names.setdefault(f'{quarter[1]} {quarter[2]}', OFFICIAL)
    if ARTICLE.match(name):
        names.setdefault(ARTICLE.sub('', name), SHORTENED)
    return names.items()


def epci_names(name):
    """What an EPCI may be called: its name with, and without, its kind and article."""
    full = fold(name)
    bare = EPCI_KIND.sub('', full)
    return {full, bare, EPCI_ARTICLE.sub('', bare)}


def main(source, stem, order='little'):
    rows = collections.defaultdict(list)
    with lzma.open(source, 'rt', encoding='utf-8') as lines:
        for line in lines:
            fields = line.rstrip('\n').split('\t')
            rows[fields[0]].append(fields)
    end = {'little': '<', 'big': '>'}[order]
    pool, out = Pool(), Rodata(stem)

    def table(name, ctype, layout, items):
        out.add(name, ctype, b''.join(struct.pack(end + layout, *item) for item in items), len(items))

    places = sorted(rows['place'], key=lambda p: p[1].encode())
    epcis = sorted(rows['epci'], key=lambda e: e[1].encode())
    departments = sorted(rows['department'], key=lambda d: d[1].encode())
    region_name = {r[1]: r[2] for r in rows['region']}
    place_at = {p[1]: i for i, p in enumerate(places)}
    epci_at = {e[1]: i for i, e in enumerate(epcis)}
    department_at = {d[1]: i for i, d in enumerate(departments)}
    size = [int(p[6] or 0) for p in places]

    table('place_rows', 'struct place_row', 'IIIIiiHHBBH', [
        (pool.add(p[1]), pool.add(p[2]), pool.add(p[10]), int(p[6]) if p[6] else NONE32, degrees(p[7]), degrees(p[8]),
         department_at.get(p[4], NONE16), epci_at.get(p[5], NONE16), ORIGINS[p[9]], 0,
         int.from_bytes(p[3].encode(), 'big')) for p in places])

    names = [(folded, cls, i) for i, p in enumerate(places) for folded, cls in names_of(p)]
    official = {(folded, i) for folded, cls, i in names}
    names += [(fold(f[3]), FORMER, place_at[f[2]]) for f in rows['former']
              if f[3] and (fold(f[3]), place_at[f[2]]) not in official]
    names = sorted(set(names), key=lambda n: (n[0].encode(), n[1], -size[n[2]], places[n[2]][1]))
    table('place_names', 'struct place_name', 'III', [(pool.add(folded), i, cls) for folded, cls, i in names])

    postcodes = sorted(((int(z), -size[i], i) for i, p in enumerate(places) for z in filter(None, p[10].split('|'))))
    table('place_postcodes', 'struct place_postcode', 'II', [(z, i) for z, _, i in postcodes])

    former = sorted(((f[1], f[2], f[3]) for f in rows['former']), key=lambda f: f[0].encode())
    table('place_former', 'struct place_former', 'III', [(pool.add(c), place_at[n], pool.add(old)) for c, n, old in former])

    members = collections.defaultdict(list)
    for i, p in enumerate(places):
        if p[5]:
            members[epci_at[p[5]]].append(i)
    flat, spans = [], []
    for e in range(len(epcis)):
        inside = sorted(members[e], key=lambda i: (-size[i], places[i][1]))
        spans.append((len(flat), len(inside)))
        flat += inside
    table('epci_rows', 'struct epci_row', 'IIII', [
        (pool.add(e[1]), pool.add(e[2]), *span) for e, span in zip(epcis, spans)])
    table('epci_members', 'uint32_t', 'I', [(i,) for i in flat])
    named = sorted({(n, i) for i, e in enumerate(epcis) for n in epci_names(e[2])}, key=lambda n: (n[0].encode(), n[1]))
    table('epci_names', 'struct epci_name', 'II', [(pool.add(n), i) for n, i in named])

    table('department_rows', 'struct department_row', 'III', [
        (pool.add(d[1]), pool.add(d[2]), pool.add(region_name.get(d[3], ''))) for d in departments])
    out.add('place_texts', 'char', bytes(pool.bytes), len(pool.bytes))
    out.write('places/places_rows.h')


if __name__ == '__main__':
    main(*sys.argv[1:])
