#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A header as other programs get it, or what all public headers export.

usage: public_header.py HEADER PUBLIC_HEADER...    prints HEADER, its includes under <grappe/...>; an include of what is not
                                                   public (a ceiling of the program, say) is left out
       public_header.py --exports PUBLIC_HEADER... prints a version script for the linker: every function they declare
"""
import pathlib
import re
import sys


def name_of(path):
    return "/".join(pathlib.Path(path).parts[-2:])


def installed(path, public):
    names = {name_of(p) for p in public}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        own = re.match(r'#include "(.+)"', line)
        if not own:
            print(line)
        elif own.group(1) in names:
            print(f"#include <grappe/{own.group(1)}>")


def declared(path):
    """The functions a header declares: names before a bracket in what is left without comments, macros and bodies."""
    text = re.sub(r"/\*.*?\*/", "", pathlib.Path(path).read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"^#(?:.*\\\n)*.*$", "", text, flags=re.M)
    while re.search(r"\{[^{}]*\}", text):
        text = re.sub(r"(?:static inline[^;{}]*)?\{[^{}]*\}", " ", text)
    for statement in text.split(";"):
        function = re.match(r"\s*(?!typedef)[\w\s*]*?\b(\w+)\s*\(", re.sub(r"__attribute__\s*\(\(.*\)\)", "", statement, flags=re.S))
        if function:
            yield function.group(1)


def main():
    if sys.argv[1] != "--exports":
        installed(sys.argv[1], sys.argv[2:])
        return
    names = sorted({name for path in sys.argv[2:] for name in declared(path)})
    print("GRAPPE_ENGINE_0 {\n global:\n" + "".join(f"  {name};\n" for name in names) + " local:\n  *;\n};")


main()
