#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check the labelled set: ids, counts, shares and word overlap. Exit 1 on any failure.

Usage: check_labelled.py [DIRECTORY]      (default: the directory of this file)
"""
import csv
import os
import re
import sys
import unicodedata

FIRM_COLUMNS = ["id", "text", "processes", "materials", "certifications", "size_min",
                "size_max", "tolerance", "volume_max", "commune", "lat", "lon"]
NEED_COLUMNS = ["id", "text", "max_km", "commune", "lat", "lon", "excluded"]
LABEL_COLUMNS = ["need", "firm", "grade"]
MAX_OVERLAP = 0.30

# Words that carry no fact: articles, prepositions, auxiliaries, polite padding.
STOP = set("""
aux avec car ces cet cette chez comme dans depuis des deux donc dont elle elles ensuite entre est
etc ete etre eux fait faire font il ils jusqu jusque les leur leurs lors mais meme mes moins mon
nos notre nous ont par pas peu plus pour puis quand que quel quelle quelqu qui quoi sans ses son
sont sous suis sur tout toute toutes tous tres une vers vos votre vous aussi autre autres avant
apres bien cela ceci encore environ faut ici ainsi bonjour merci svp soit sera serait avons avez
the and for with from our your you are can not but all any into that this these those has have had
was were will would than then there their they its per via out who what which some one
""".split())


def fold(text):
    """Lower case, no accents, ligatures spelled out."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if not unicodedata.combining(c))


def stem(word):
    """Crude: drop a plural and a verb ending, keep six letters."""
    if len(word) > 3 and word[-1] in "sx":
        word = word[:-1]
    for ending in ("ing", "ent", "ons", "ant", "er", "ez", "ed", "ee", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[:-len(ending)]
            break
    return word[:6]


def content_words(text):
    """The set of stems of the words of three letters or more that are not in the stop list."""
    text = re.sub(r"(?<=\d)[ \u00a0\u202f.,'](?=\d{3}\b)", "", text)  # 20 000 is one number
    words = re.findall(r"[a-z0-9]+", fold(text))
    return {stem(w) for w in words if len(w) >= 3 and w not in STOP}


def read(path, columns, errors):
    with open(path, encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        if reader.fieldnames != columns:
            errors.append(f"{path}: columns are {reader.fieldnames}, expected {columns}")
            return []
        rows = list(reader)
    for number, row in enumerate(rows, 2):
        if None in row or any(value is None for value in row.values()):
            errors.append(f"{path}: row {number}: wrong number of cells")
    return rows


def unique_ids(rows, letter, name, errors):
    ids = {}
    for row in rows:
        if not re.fullmatch(letter + r"\d{3}", row["id"]):
            errors.append(f"{name}: bad id {row['id']!r}")
        if row["id"] in ids:
            errors.append(f"{name}: id {row['id']} twice")
        if not row["text"].strip():
            errors.append(f"{name}: {row['id']} has no text")
        ids[row["id"]] = row
    return ids


def check_places(rows, name, errors):
    for row in rows:
        if bool(row["lat"]) != bool(row["lon"]):
            errors.append(f"{name}: {row['id']}: lat without lon, or lon without lat")
        elif row["lat"]:
            try:
                if not (45 < float(row["lat"]) < 49 and 4 < float(row["lon"]) < 9):
                    errors.append(f"{name}: {row['id']}: point outside the region")
            except ValueError:
                errors.append(f"{name}: {row['id']}: lat or lon is not a number")


def main():
    here = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    errors = []
    firm_rows = read(os.path.join(here, "firms.csv"), FIRM_COLUMNS, errors)
    need_rows = read(os.path.join(here, "needs.csv"), NEED_COLUMNS, errors)
    label_rows = read(os.path.join(here, "labels.csv"), LABEL_COLUMNS, errors)
    firms = unique_ids(firm_rows, "F", "firms.csv", errors)
    needs = unique_ids(need_rows, "N", "needs.csv", errors)
    check_places(firm_rows, "firms.csv", errors)
    check_places(need_rows, "needs.csv", errors)

    if len(firms) < 120:
        errors.append(f"{len(firms)} firms, at least 120 wanted")
    if len(needs) < 300:
        errors.append(f"{len(needs)} needs, at least 300 wanted")
    texts = {}
    for name, rows in (("firms.csv", firm_rows), ("needs.csv", need_rows)):
        for row in rows:
            key = fold(row["text"]).strip()
            if key in texts:
                errors.append(f"{name}: {row['id']} has the text of {texts[key]}")
            texts[key] = row["id"]

    for row in need_rows:
        if row["max_km"] and not row["lat"]:
            errors.append(f"needs.csv: {row['id']}: max_km without a point")
        for firm in filter(None, row["excluded"].split("|")):
            if firm not in firms:
                errors.append(f"needs.csv: {row['id']}: unknown excluded firm {firm}")

    seen, answers, nobody = set(), {}, set()
    for row in label_rows:
        need, firm, grade = row["need"], row["firm"], row["grade"]
        if need not in needs:
            errors.append(f"labels.csv: unknown need {need!r}")
            continue
        if (need, firm) in seen:
            errors.append(f"labels.csv: {need},{firm} twice")
        seen.add((need, firm))
        if grade == "0" and firm == "":
            nobody.add(need)
        elif grade in ("1", "2") and firm in firms:
            answers.setdefault(need, []).append((firm, int(grade)))
            if firm in needs[need]["excluded"].split("|"):
                errors.append(f"labels.csv: {need}: {firm} is excluded by the need")
        else:
            errors.append(f"labels.csv: bad row {need},{firm},{grade}")
    for need in needs:
        if need in nobody and need in answers:
            errors.append(f"labels.csv: {need} is both answered and without answer")
        if need not in nobody and need not in answers:
            errors.append(f"labels.csv: {need} has no label")
        if need in answers and all(grade < 2 for _, grade in answers[need]):
            errors.append(f"labels.csv: {need} has acceptable answers but no right one")

    share = len(nobody) / max(1, len(needs))
    if not 0.10 <= share <= 0.14:
        errors.append(f"{share:.1%} of the needs have no answer, 10 to 14 % wanted")
    structured = FIRM_COLUMNS[2:]
    blank = sum(1 for row in firm_rows for column in structured if not row[column].strip())
    blank_share = blank / max(1, len(firm_rows) * len(structured))
    if not 0.38 <= blank_share <= 0.45:
        errors.append(f"{blank_share:.1%} of the structured firm cells blank, 38 to 45 % wanted")

    overlaps = []
    for need, pairs in answers.items():
        wanted = content_words(needs[need]["text"])
        if not wanted:
            errors.append(f"needs.csv: {need}: no content word")
            continue
        for firm, grade in pairs:
            if grade != 2:
                continue
            shared = wanted & content_words(firms[firm]["text"])
            overlap = len(shared) / len(wanted)
            overlaps.append(overlap)
            if overlap > MAX_OVERLAP:
                errors.append(f"overlap {overlap:.0%} {need}-{firm}: {' '.join(sorted(shared))}")

    odd = [need for need in needs if int(need[1:]) % 2]
    print(f"{len(firms)} firms, {blank_share:.1%} of structured cells blank")
    print(f"{len(needs)} needs ({len(odd)} odd, {len(needs) - len(odd)} even), "
          f"{len(nobody)} without answer ({share:.1%}), "
          f"of which {sum(1 for n in nobody if int(n[1:]) % 2)} odd")
    ones = sum(1 for pairs in answers.values() for _, grade in pairs if grade == 1)
    print(f"{len(overlaps)} right pairs, {ones} acceptable pairs; "
          f"{len({f for p in answers.values() for f, g in p if g == 2})} firms right at least once")
    if overlaps:
        overlaps.sort()
        print(f"word overlap of right pairs: mean {sum(overlaps) / len(overlaps):.1%}, "
              f"median {overlaps[len(overlaps) // 2]:.1%}, max {overlaps[-1]:.1%}")
        for low, high in ((0, 0), (0, 5), (5, 10), (10, 15), (15, 20), (20, 25), (25, 30)):
            if high == 0:
                count, name = sum(1 for o in overlaps if o == 0), "0 %"
            else:
                count = sum(1 for o in overlaps if low / 100 < o <= high / 100)
                name = f"{low} to {high} %"
            print(f"  {name:>10}: {count}")
    for error in errors:
        print("FAIL:", error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
