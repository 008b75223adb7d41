#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates that must compile, templates that must not, and what is sent. Prints TAP.

templates/NAME.bad.html begins with {# LINE: words of the error #}; NAME.good.html is what it should have been, and
its C must compile without warnings. usage: test_template_compiler.py CC [arguments]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMPILER = ROOT / 'tools' / 'template_compiler.py'

SENT = [  # a unit's body, what is sent (values as [expression])
    ('<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>', '<ul><li>a</li><li>b</li></ul>'),
    ('<b>a</b>\n<i>b</i>', '<b>a</b> <i>b</i>'),
    ('<p>a   {{ x }}\n\n b</p>', '<p>a [x] b</p>'),
    ('<pre>a\n  b</pre>', '<pre>a\n  b</pre>'),
    ('<p\n  class="a  b"\n  id="c" >d</p>', '<p class="a  b" id="c">d</p>'),
    ('<p>a\n{# gone #}\nb</p>', '<p>a b</p>'),
    ('<p>a<!-- gone -->b</p>', '<p>ab</p>'),
    ('<label>a <input name="b"> c</label>', '<label>a <input name="b"> c</label>'),
    ('<br>a', '<br>a'),
    ('<form method="post" action="/a"><p>b</p></form>', '<form method="post" action="/a">[token]<p>b</p></form>'),
    ('<form action="/a"><p>b</p></form>', '<form action="/a"><p>b</p></form>'),
    ('<p>"é\\?</p>', '<p>"é\\?</p>'),
    ('<svg viewBox="0 0 1 1"><path d="M0"/></svg>', '<svg viewBox="0 0 1 1"><path d="M0"/></svg>'),
    ('<p>' + 'long ' * 1000 + '</p>', '<p>' + 'long ' * 999 + 'long</p>'),
]


def run(folder, *paths):
    return subprocess.run([sys.executable, COMPILER, folder, 'all', *paths], capture_output=True, text=True, check=False)


def bad(path, folder):
    """What is wrong about the refusal of a bad template, or None."""
    line, words = re.match(r'\{# (\d+): (.*) #\}', path.read_text()).groups()
    result = run(folder, path)
    if result.returncode == 0:
        return 'was accepted'
    return None if f'{path.name}:{line}: ' in result.stderr and words in result.stderr else result.stderr.strip()


def compile_c(cc, folder, stem):
    layers = [f'-I{ROOT}/src/{layer}' for layer in ('base', 'draw')]
    return subprocess.run([*cc, '-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror', '-Wformat=2',
                           '-fsyntax-only', f'-I{folder}', *layers, f'{folder}/{stem}.c'],
                          capture_output=True, text=True, check=False)


def good(path, folder, cc):
    result = run(folder, path)
    if result.returncode == 0:
        result = compile_c(cc, folder, path.stem)
    return result.stderr.strip() if result.returncode else None


def sent(body, expected, folder):
    path = pathlib.Path(folder) / 'sent.html'
    path.write_text('{% partial p(const char *x) %}\n' + body)
    result = run(folder, path)
    if result.returncode:
        return result.stderr.strip()
    got = ''
    for static, value, token in re.findall(r'template_static\(h, "((?:[^"\\]|\\.)*)", \d+\)|html_text\(h, (\w+)\)|'
                                           r'(html_token)', path.with_suffix('.c').read_text()):
        text = re.sub(r'\\(.)', lambda m: {'n': '\n', 't': '\t'}.get(m[1], m[1]), static)
        got += text + (f'[{value}]' if value else '') + ('[token]' if token else '')
    return None if got == expected else f'sent {got!r}'


def c_error_is_told_at_the_template(folder, cc):
    path = pathlib.Path(folder) / 'wrong.html'
    path.write_text('{% partial p(int n) %}\n<p>a</p>\n<p>{{ n }}</p>\n')
    run(folder, path)
    result = compile_c(cc, folder, 'wrong')
    return None if result.returncode and 'wrong.html:3' in result.stderr else f'said {result.stderr}'


def main(*cc):
    cc = cc or ('cc',)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((HERE / 'templates').glob('*.html')):
            flaw = bad(path, folder) if path.name.endswith('.bad.html') else good(path, folder, cc)
            results.append((path.name, flaw))
        results += [(f'sent: {body[:40]!r}', sent(body, expected, folder)) for body, expected in SENT]
        results.append(('an error in C is told at the line of the template', c_error_is_told_at_the_template(folder, cc)))
    print(f'1..{len(results)}')
    for number, (name, flaw) in enumerate(results, 1):
        print(f'{"not ok" if flaw else "ok"} {number} - {name}')
        if flaw:
            print('# ' + flaw.replace('\n', '\n# '))
    sys.exit(any(flaw for _, flaw in results))


if __name__ == '__main__':
    main(*sys.argv[1:])
