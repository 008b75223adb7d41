#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check the built-in nomenclature: structure, references, sizes, and synonyms that would fight each other.

Usage: check_taxonomy.py [TAXONOMY.tsv]    exit 0 when clean, 1 with `file:line: message` lines otherwise.
"""
import os
import re
import sys
import unicodedata

HEADER = ["facet", "code", "parent", "fr", "en", "synonyms_fr", "synonyms_en", "related"]
# The facets, and the fewest terms each may hold.
MINIMUM = {"process": 200, "material": 80, "component": 120, "market": 30, "certification": 40, "skill": 70}
MAX_DEPTH = 8
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
# Words a matcher may skip: two synonyms that differ only by them are the same synonym.
STOP = set(
    "de du des la le les l d un une a au aux en et sur pour par dans of the an in on for and to with by".split()
)


def fold(text):
    """Lower case, no accents, no ligatures, punctuation to spaces."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("µ", "u").replace("μ", "u").replace("ß", "ss")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9+&]+", " ", text).strip()


def key(text):
    """The folded text without stop words, each word without its plain plural."""
    words = [w for w in fold(text).split() if w not in STOP] or fold(text).split()
    out = []
    for w in words:
        if len(w) > 3 and w[-1] in "sx" and not w.endswith("ss"):
            w = w[:-1]
        out.append(w)
    return " ".join(out)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../../src/domain/taxonomy/taxonomy.tsv")
    shown = os.path.relpath(path)
    errors = []

    def error(line, message):
        errors.append((line, message))

    with open(path, "rb") as f:
        raw = f.read()
    if raw.startswith(b"\xef\xbb\xbf"):
        error(1, "byte order mark")
    if b"\r" in raw:
        error(raw[: raw.index(b"\r")].count(b"\n") + 1, "carriage return: lines end with LF only")
    if not raw.endswith(b"\n"):
        error(raw.count(b"\n") + 1, "no newline at end of file")
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError as bad:
        print(f"{shown}:{raw[:bad.start].count(bytes([10])) + 1}: not UTF-8", file=sys.stderr)
        return 1
    if lines and lines[-1] == "":
        lines.pop()
    if not lines or lines[0] != "# SPDX-License-Identifier: AGPL-3.0-or-later":
        error(1, "first line must be the SPDX line")
    if len(lines) < 2 or lines[1].split("\t") != HEADER:
        error(2, "header must be: " + " ".join(HEADER))

    terms = {}  # code -> (line, facet, parent)
    references = []  # (line, code, [related])
    strong = {}  # (facet, key) -> (line, code, text); the languages together, as texts mix them
    counts = dict.fromkeys(MINIMUM, 0)
    synonyms = 0

    for number, line in enumerate(lines[2:], 3):
        if line == "":
            error(number, "empty line")
            continue
        cells = line.split("\t")
        if len(cells) != len(HEADER):
            error(number, f"{len(cells)} columns instead of {len(HEADER)}")
            continue
        if unicodedata.normalize("NFC", line) != line:
            error(number, "not in composed Unicode form (NFC)")
        for c in line:
            if c != "\t" and (unicodedata.category(c) in ("Cc", "Cf") or c in "\u00a0\u202f\u2009"):
                error(number, f"invisible or non-breaking character U+{ord(c):04X}")
                break
        for name, cell in zip(HEADER, cells):
            if cell != cell.strip() or "  " in cell:
                error(number, f"{name}: leading, trailing or double space")
        facet, code, parent, fr, en, syn_fr, syn_en, related = cells
        if facet not in MINIMUM:
            error(number, f"unknown facet '{facet}'")
            continue
        counts[facet] += 1
        if not CODE.match(code):
            error(number, f"bad code '{code}'")
        if code in terms:
            error(number, f"code '{code}' already used on line {terms[code][0]}")
        else:
            terms[code] = (number, facet, parent)
        if not fr or not en:
            error(number, f"{code}: empty label")
        references.append((number, code, related.split("|") if related else []))
        for lang, label, cell in (("fr", fr, syn_fr), ("en", en, syn_en)):
            if "|" in label or label.startswith("~"):
                error(number, f"{code}: '|' or '~' in the {lang} label")
            mine = set()
            for text in [label] + (cell.split("|") if cell else []):
                weak = text.startswith("~")
                text = text[1:] if weak else text
                if text != text.strip() or not fold(text):
                    error(number, f"{code}: empty or badly spaced {lang} synonym '{text}'")
                    continue
                if "~" in text:
                    error(number, f"{code}: '~' inside the {lang} synonym '{text}'")
                synonyms += 1
                k = key(text)
                if fold(text) in mine:
                    error(number, f"{code}: {lang} synonym '{text}' repeated")
                mine.add(fold(text))
                if weak:
                    continue
                other = strong.setdefault((facet, k), (number, code, text))
                if other[1] != code:
                    error(number, f"{code}: {lang} '{text}' already means {other[1]} (line {other[0]}, '{other[2]}')")

    for code, (number, facet, parent) in terms.items():
        if parent and parent not in terms:
            error(number, f"{code}: unknown parent '{parent}'")
        elif parent and terms[parent][1] != facet:
            error(number, f"{code}: parent '{parent}' is in another facet")
    deepest = 0
    for code, (number, _, parent) in terms.items():
        seen, depth = {code}, 1
        while parent and parent in terms:
            depth += 1
            if parent in seen:
                error(number, f"{code}: cycle through '{parent}'")
                break
            seen.add(parent)
            parent = terms[parent][2]
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            error(number, f"{code}: {depth} levels deep, at most {MAX_DEPTH}")
    for number, code, related in references:
        for i, other in enumerate(related):
            if other not in terms:
                error(number, f"{code}: unknown related '{other}'")
            elif other == code or other in related[:i]:
                error(number, f"{code}: related '{other}' is itself or repeated")
    for facet, least in MINIMUM.items():
        if counts[facet] < least:
            error(len(lines), f"{counts[facet]} terms in {facet}, at least {least} wanted")

    for number, message in sorted(errors):
        print(f"{shown}:{number}: {message}", file=sys.stderr)
    if errors:
        return 1
    print(", ".join(f"{n} {facet}" for facet, n in counts.items()), f"; {synonyms} labels and synonyms; depth {deepest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
