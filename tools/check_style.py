#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rules that a compiler does not know. Prints one line a finding and exits 1 if there is any.

- every source file starts with its licence line
- no include climbs ("../"); topic/file.h names are unique over the layers
- no prototype of a non-static function outside a header; no banned call; sqlite3_ and PQ only in store/db/, MHD_ only in web/http/
- no file over 700 lines; nothing left unfinished; no path of a developer's machine
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BANNED = re.compile(r"\b(sprintf|strcpy|strcat|strtok|gets|atoi|atol|rand|srand|system|popen|localtime|gmtime)\s*\(")
PROTOTYPE = re.compile(r"^(?!static|extern|typedef|return|else)[a-z_][\w \*]*\b\w+\([^;{}]*\);\s*$")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
ONLY_IN = {"sqlite3_": "src/store/db/", "PQ": "src/store/db/", "MHD_": "src/web/http/", "jansson.h": ("src/io/", "src/app/jobs/", "src/web/api/", "src/cli/commands/"), "microhttpd.h": "src/web/http/"}
LICENSED = {".c", ".h", ".def", ".py", ".sh", ".js", ".css", ".po", ".build"}


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def findings_of(path, name, text):
    lines = text.split("\n")
    suffix = ".build" if path.name == "meson.build" else path.suffix
    if suffix in LICENSED and "SPDX-License-Identifier: AGPL-3.0-or-later" not in "\n".join(lines[:3]):
        yield 1, "no SPDX-License-Identifier line"
    if path.suffix in (".c", ".h", ".js", ".py") and len(lines) > 701:
        yield len(lines), "more than 700 lines"
    for number, line in enumerate(lines, 1):
        if path.name != "check_style.py" and UNFINISHED.search(line):
            yield number, "left unfinished"
        if path.name != "check_style.py" and MACHINE.search(line):
            yield number, "a path of somebody's machine"
        if path.suffix not in (".c", ".h"):
            continue
        if '#include "../' in line:
            yield number, "an include that climbs"
        if name.startswith("src/") and BANNED.search(line) and not line.lstrip().startswith(("*", "/*")):
            yield number, "a banned call"
        if path.suffix == ".c" and name.startswith("src/") and PROTOTYPE.match(line):
            yield number, "a prototype outside a header"
        for word, home in ONLY_IN.items():
            if word in line and name.startswith("src/") and not name.startswith(home) and "/*" not in line:
                yield number, f"{word} outside {home}"


def main():
    bad, topics = [], {}
    for path in tracked():
        name = str(path.relative_to(ROOT))
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        bad += [f"{name}:{line}: {what}" for line, what in findings_of(path, name, text)]
        if path.suffix == ".h" and name.startswith("src/"):
            topic = "/".join(path.parts[-2:])
            if topics.setdefault(topic, name) != name:
                bad.append(f"{name}:1: {topic} is also {topics[topic]}")
    print("\n".join(bad) or "style: nothing to say")
    sys.exit(bool(bad))


main()
