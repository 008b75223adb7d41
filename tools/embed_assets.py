#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Embed style sheets, modules, icons: one C table of assets, and a header with their addresses.

    embed_assets.py OUT.c OUT.h FILE...

An address holds a hash of the content (/assets/app.3fa2….css), so browsers keep it for ever. A file that names
another ("./frame.js", url(icons.svg), "favicon.svg") gets that one's address; files that name each other in a circle
are refused, and so are JavaScript imports of what is not there. Text is compressed once, here.
"""
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {'.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml',
         '.webmanifest': 'application/manifest+json', '.png': 'image/png', '.ico': 'image/x-icon',
         '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8'}
BINARY = {'.png', '.ico', '.woff2'}
NAMED = re.compile(r'''(?<=["'(])(?:\./)?([\w-]+(?:\.[\w-]+)+)(?=["')#?])''')
IMPORT = re.compile(r'''(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']''')
NOTE = '/* SPDX-License-Identifier: AGPL-3.0-or-later */\n/* Made by tools/embed_assets.py. */\n'


class Assets:
    """The files, each finished after those it names."""

    def __init__(self, paths):
        self.paths = {path.name: path for path in map(pathlib.Path, paths)}
        self.done, self.waiting = {}, []

    def finish(self, name):
        """The address of a file; its content is rewritten first."""
        if name in self.done:
            return self.done[name][0]
        if name in self.waiting:
            sys.exit(f'{self.paths[name]}: assets name each other in a circle: {" > ".join([*self.waiting, name])}')
        path = self.paths[name]
        if path.suffix not in TYPES:
            sys.exit(f'{path}: unknown kind of asset; known: {" ".join(TYPES)}')
        self.waiting.append(name)
        content = path.read_bytes()
        if path.suffix not in BINARY:
            content = self.rewrite(path, content.decode()).encode()
        self.waiting.pop()
        digest = hashlib.sha256(content).hexdigest()[:16]
        self.done[name] = (f'/assets/{path.stem}.{digest}{path.suffix}', TYPES[path.suffix], content)
        return self.done[name][0]

    def rewrite(self, path, text):
        for found in IMPORT.finditer(text) if path.suffix == '.js' else ():
            if found[1].removeprefix('./') not in self.paths:
                sys.exit(f'{path}:{text.count(chr(10), 0, found.start()) + 1}: there is no asset "{found[1]}"')
        return NAMED.sub(lambda m: self.finish(m[1]) if m[1] in self.paths and m[1] != path.name else m[0], text)


def array(name, content):
    rows = (', '.join(map(str, content[i:i + 32])) for i in range(0, len(content), 32))
    return f'static const unsigned char {name}[] = {{\n' + ',\n'.join(rows) + '};\n'


def icons(assets):
    """(id, address) of every symbol in the SVG files, sorted."""
    return sorted((found, f'{address}#{found}') for name, (address, _, content) in assets.done.items()
                  if name.endswith('.svg') for found in re.findall(r'<symbol[^>]*\bid="([\w-]+)"', content.decode()))


def table(assets):
    """The C file: contents, the table sorted by address, the icons sorted by name."""
    arrays, rows = [], []
    for i, (address, kind, content) in enumerate(sorted(assets.done.values())):
        small = gzip.compress(content, 9, mtime=0)
        arrays.append(array(f'plain_{i}', content or b'\n'))
        packed = '{0}'
        if len(small) < len(content):
            arrays.append(array(f'gzip_{i}', small))
            packed = f'{{(const char *)gzip_{i}, sizeof gzip_{i}}}'
        rows.append(f'    {{"{address}", "{kind}", {{(const char *)plain_{i}, sizeof plain_{i}}}, {packed}}},\n')
    names = [f'    {{"{name}", "{address}"}},\n' for name, address in icons(assets)]
    return (NOTE + '#include "assets/serve.h"\n' + ''.join(arrays) + 'const struct asset asset_table[] = {\n'
            + ''.join(rows) + f'}};\nconst size_t asset_count = {len(rows)};\n'
            + 'const struct asset_symbol asset_symbols[] = {\n' + (''.join(names) or '    {"", "#"},\n')
            + f'}};\nconst size_t asset_symbol_count = {len(names)};\n')


def main(c_file, header, *paths):
    assets = Assets(paths)
    for name in sorted(assets.paths):
        assets.finish(name)
    guard = 'GRAPPE_' + re.sub(r'\W', '_', pathlib.Path(header).name).upper()
    macros = ''.join(f'#define ASSET_{re.sub(chr(92) + "W", "_", name).upper()} "{address}"\n'
                     for name, (address, _, _) in sorted(assets.done.items()))
    pathlib.Path(header).write_text(
        NOTE + f'#ifndef {guard}\n#define {guard}\n#include "assets/serve.h"\n' + macros + '#endif\n')
    pathlib.Path(c_file).write_text(table(assets))


if __name__ == '__main__':
    main(*sys.argv[1:])
