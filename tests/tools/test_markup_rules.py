#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What html() formats may not hold, and icons that exist. The compiler of templates checks templates; this checks
the C files. Prints TAP."""
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent / 'src'
CALL = re.compile(r'\bhtml\(\s*[\w>.&()-]+,\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
TAG = r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*'
RULES = [  # style sheets inside are for SVG files that stand alone, never for pages
    ('a value in an unquoted attribute', TAG + '=%'),
    ('an inline script or style', r'<script(?![^>]*\bsrc=)|\sstyle='),
    ('an event handler', TAG + r'\son[a-z]+='),
    ('a value as the name of an attribute', TAG + r'\s%'),
    ('a single-quoted attribute', TAG + "='"),
    ('text inside an address: build it with url()', r'\b(?:href|src|action)="[^"%#][^"%]*%[^"]*s'),
]


def flaws(text):
    """(offset, rule) of each format that breaks one."""
    for call in CALL.finditer(text):
        written = re.sub(r'"\s*"', '', call[1]).replace('\\"', '"')
        for rule, pattern in RULES:
            if re.search(pattern, written, re.I):
                yield call.start(), rule


def planted_faults_are_found():
    planted = ['html(h, "<p class=%s>", x);', 'html(h, "<script>%s</script>", x);', 'html(h, "<p style=\\"a\\">");',
               'html(h, "<p " "onclick=\\"a\\">");', 'html(v->h, "<p %s=\\"a\\">", x);', 'html(h, "<p id=\'a\'>");',
               'html(&h, "<a href=\\"/a/%s\\">", x);']
    return [line for line in planted if not list(flaws(line))]


def formats_hold_no_fault():
    found = []
    for path in sorted(SOURCE.rglob('*.c')):
        text = path.read_text(encoding='utf-8')
        found += [f'{path}:{text.count(chr(10), 0, at) + 1}: {rule}' for at, rule in flaws(text)]
    return found


def icons_exist():
    known = set(re.findall(r'<symbol[^>]*\bid="([\w-]+)"',
                           ''.join(p.read_text(encoding='utf-8') for p in (SOURCE / 'web/assets/files').glob('*.svg'))))
    found = []
    for path in sorted([*SOURCE.rglob('*.c'), *SOURCE.rglob('*.html')]):
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            found += [f'{path}:{number}: no icon "{name}"' for name in re.findall(r'asset_icon\("([^"]*)"\)', line)
                      if name not in known]
    return found


def main():
    tests = [planted_faults_are_found, formats_hold_no_fault, icons_exist]
    print(f'1..{len(tests)}')
    results = [(test.__name__, test()) for test in tests]
    for number, (name, found) in enumerate(results, 1):
        print(f'{"not ok" if found else "ok"} {number} - {name}')
        print(''.join(f'# {line}\n' for line in found), end='')
    sys.exit(any(found for _, found in results))


main()
