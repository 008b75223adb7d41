#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every message of the interface has its French; French that is no longer used is named. French punctuation does not
leave its word: a no-break space (U+00A0) stands before : and » and after «, a narrow one (U+202F) before ; ? !.

Messages are taken from C sources and .def files by xgettext, and from templates by their {{t "…"}} marks.
Exits 1 with the list of what is missing, 77 when xgettext is not installed.
"""
import ast
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYWORDS = ["N_", "tr", "tr_in:2", "tr_plural:2,3", "fault:2"]
CALL = re.compile(r"\btr\((\"(?:[^\"\\]|\\.)*\")\)")
TEMPLATE = re.compile(r"\{\{t\s+(\"(?:[^\"\\]|\\.)*\")")
PLURAL = re.compile(r"\{\{p\s+[^\"]*(\"(?:[^\"\\]|\\.)*\")\s+(\"(?:[^\"\\]|\\.)*\")")


LOOSE = re.compile(r" [:;?!»]|« ")


def catalogue(lines):
    found, current, fields = set(), None, {}
    for raw in [*lines, ""]:
        line = raw.strip()
        if line.startswith(("msgid ", "msgid_plural ", "msgstr")):
            current, text = line.split(" ", 1)
            if current == "msgid_plural":
                found.add((ast.literal_eval(text), ""))
            fields[current] = ast.literal_eval(text)
        elif line.startswith('"') and current:
            fields[current] += ast.literal_eval(line)
        elif not line:
            if fields.get("msgid"):
                found.add((fields["msgid"], fields.get("msgstr", "")))
            current, fields = None, {}
    return found


def loose(lines):
    french = False
    for number, line in enumerate(lines, 1):
        french = line.startswith("msgstr") or (french and line.startswith('"'))
        if french and LOOSE.search(line):
            yield number


def main():
    if not shutil.which("xgettext"):
        print("SKIP: xgettext is not installed")
        sys.exit(77)
    sources = [str(p) for pattern in ("*.c", "*.h", "*.def") for p in sorted((ROOT / "src").rglob(pattern))]
    command = ["xgettext", "--language=C", "--from-code=UTF-8", "--no-wrap", "--output=-", "--keyword"]
    used = subprocess.run(command + [f"--keyword={k}" for k in KEYWORDS] + sources, capture_output=True, text=True,
                          check=True).stdout.split("\n")
    wanted = {msgid for msgid, _ in catalogue(used)}
    for page in sorted((ROOT / "src").rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        wanted |= {ast.literal_eval(m) for m in TEMPLATE.findall(text) + CALL.findall(text)}
        for pair in PLURAL.findall(text):
            wanted |= {ast.literal_eval(m) for m in pair}
    have, spaced = {}, []
    for po in sorted((ROOT / "po" / "fr").glob("*.po")):
        lines = po.read_text(encoding="utf-8").split("\n")
        have.update(catalogue(lines))
        spaced += [f"{po.name}:{number}" for number in loose(lines)]
    missing = sorted(m for m in wanted if not have.get(m))
    unused = sorted(set(have) - wanted)
    for m in missing:
        print(f"not translated: {m!r}")
    for m in unused:
        print(f"no longer used: {m!r}")
    for place in spaced:
        print(f"an ordinary space beside French punctuation: {place}")
    sys.exit(bool(missing or spaced))


main()
