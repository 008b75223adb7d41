#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Assets get hashed addresses, in the table and in each other. Prints TAP."""
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile

EMBEDDER = pathlib.Path(__file__).resolve().parent.parent.parent / 'tools' / 'embed_assets.py'
ICONS = '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="search" viewBox="0 0 1 1"></symbol></svg>'


def embed(files):
    """(process, C, header) for {name: content}."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, content in files.items():
            (folder / name).write_text(content)
        result = subprocess.run([sys.executable, EMBEDDER, folder / 'out.c', folder / 'out.h',
                                 *(folder / name for name in files)], capture_output=True, text=True, check=False)
        made = [(folder / name).read_text() if result.returncode == 0 else '' for name in ('out.c', 'out.h')]
        return result, *made


def content_of(c, path):
    """The plain and the unpacked bytes of one asset of the table."""
    row = re.search(rf'\{{"{re.escape(path)}", "[^"]*", \{{\(const char \*\)(plain_\d+), .*?\}}, \{{(?:0|.*?(gzip_\d+),)', c)
    arrays = {name: bytes(map(int, re.findall(r'\d+', body)))
              for name, body in re.findall(r'unsigned char (\w+)\[\] = \{([^}]*)\}', c)}
    plain = arrays[row[1]].decode()
    return plain, gzip.decompress(arrays[row[2]]).decode() if row[2] else plain


def address(header, macro):
    return re.search(rf'#define {macro} "([^"]*)"', header)[1]


def references_are_rewritten():
    _, c, header = embed({'app.js': 'import "./frame.js";\nimport {a} from "./frame.js";\nconst b = "other.js";\n' * 20,
                          'frame.js': 'export const a = 1;\n', 'app.css': 'p { background: url(icons.svg) }\n',
                          'icons.svg': ICONS, 'm.webmanifest': '{"src": "icons.svg"}'})
    frame, icon = address(header, 'ASSET_FRAME_JS'), address(header, 'ASSET_ICONS_SVG')
    plain, unpacked = content_of(c, address(header, 'ASSET_APP_JS'))
    assert f'import "{frame}";\nimport {{a}} from "{frame}";\nconst b = "other.js";' in plain
    assert unpacked == plain
    assert f'url({icon})' in content_of(c, address(header, 'ASSET_APP_CSS'))[0]
    assert f'"src": "{icon}"' in content_of(c, address(header, 'ASSET_M_WEBMANIFEST'))[0]
    assert f'{{"search", "{icon}#search"}}' in c


def the_name_changes_with_the_content_and_with_what_it_names():
    one = embed({'a.js': 'import "./b.js";', 'b.js': '1'})[2]
    same = embed({'a.js': 'import "./b.js";', 'b.js': '1'})[2]
    other = embed({'a.js': 'import "./b.js";', 'b.js': '2'})[2]
    assert address(one, 'ASSET_A_JS') == address(same, 'ASSET_A_JS') != address(other, 'ASSET_A_JS')


def circles_and_missing_files_are_refused():
    for files, words in (({'a.js': 'import "./b.js";', 'b.js': 'import "./a.js";'}, 'in a circle: a.js > b.js > a.js'),
                         ({'a.js': '\nimport {x} from "./gone.js";'}, 'a.js:2: there is no asset "./gone.js"'),
                         ({'a.js': 'const m = await import("./gone.js");'}, 'there is no asset'),
                         ({'a.exe': 'x'}, 'unknown kind of asset')):
        result, _, _ = embed(files)
        assert result.returncode != 0 and words in result.stderr, result.stderr


def the_table_is_sorted():
    _, c, _ = embed({f'{name}.css': 'p{}' for name in ('b', 'a', 'a-b', 'a_b')})
    paths = re.findall(r'\{"(/assets/[^"]*)", "text', c)
    assert len(paths) == 4 and paths == sorted(paths)


def main():
    tests = [references_are_rewritten, the_name_changes_with_the_content_and_with_what_it_names,
             circles_and_missing_files_are_refused, the_table_is_sorted]
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} - {test.__name__}')
        except AssertionError as error:
            failed += 1
            print(f'not ok {number} - {test.__name__}\n# {error}')
    sys.exit(failed > 0)


main()
