#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put whole files into the program's .rodata, at build.

    embed.py STEM NAME=FILE...

Writes STEM.bin, STEM.S and STEM.h: for each name `extern const char NAME[]` and NAME_COUNT, the bytes of its files,
one after the other.
"""
import pathlib
import sys

from rodata import Rodata


def main(stem, *files):
    out = Rodata(stem)
    contents = {}
    for name, path in (each.split('=', 1) for each in files):
        contents[name] = contents.get(name, b'') + pathlib.Path(path).read_bytes()
    for name, content in contents.items():
        out.add(name, 'char', content, len(content))
    out.write('stddef.h')


if __name__ == '__main__':
    main(*sys.argv[1:])
