#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turn data/naf.tsv into arrays for .rodata, at build.

    embed_naf.py NAF.tsv STEM [little|big]

Writes STEM.bin, STEM.S and STEM.h: for each version one array sorted by code, and the texts.
Layout: src/domain/naf/naf_rows.h.
"""
import struct
import sys

from rodata import Pool, Rodata


def main(source, stem, order='little'):
    with open(source, encoding='utf-8') as lines:
        rows = [line.rstrip('\n').split('\t') for line in lines]
    end = {'little': '<', 'big': '>'}[order]
    pool, out = Pool(), Rodata(stem)
    for version in ('2', '2025'):
        own = sorted((r for r in rows if r[0] == version), key=lambda r: r[1].encode())
        out.add(f'naf_{version}_rows', 'struct naf_row', b''.join(
            struct.pack(end + 'IIII', pool.add(code), pool.add(parent), pool.add(label), int(level))
            for _, code, level, parent, label in own), len(own))
    out.add('naf_texts', 'char', bytes(pool.bytes), len(pool.bytes))
    out.write('naf/naf_rows.h')


if __name__ == '__main__':
    main(*sys.argv[1:])
