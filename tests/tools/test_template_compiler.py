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
sys.path.insert(0, str(ROOT / 'tools'))
sys.dont_write_bytecode = True

import template_compiler  # noqa: E402 - found by the path just set

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


def compile_template(folder, path):
    """The complaint of the compiler, or None; writes folder/<stem>.c and its own header."""
    try:
        template_compiler.main(folder, path.name.replace('.', '_'), path)
    except SystemExit as end:
        return str(end)
    return None


def bad(path, folder):
    """What is wrong about the refusal of a bad template, or None."""
    line, words = re.match(r'\{# (\d+): (.*) #\}', path.read_text()).groups()
    said = compile_template(folder, path)
    if said is None:
        return 'was accepted'
    return None if f'{path.name}:{line}: ' in said and words in said else said


def compile_c(cc, folder, *stems):
    layers = [f'-I{ROOT}/src/{layer}' for layer in ('base', 'draw')]
    result = subprocess.run([*cc, '-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror', '-Wformat=2',
                             '-fsyntax-only', f'-I{folder}', *layers, *(f'{folder}/{stem}.c' for stem in stems)],
                            capture_output=True, text=True, check=False)
    return result.stderr.strip() if result.returncode else None


def sent(body, expected, folder):
    path = pathlib.Path(folder) / 'sent.html'
    path.write_text('{% partial p(const char *x) %}\n' + body)
    said = compile_template(folder, path)
    if said:
        return said
    got = ''
    for static, value, token in re.findall(r'template_static\(h, "((?:[^"\\]|\\.)*)", \d+\)|html_text\(h, (\w+)\)|'
                                           r'(html_token)', path.with_suffix('.c').read_text()):
        text = re.sub(r'\\(.)', lambda m: {'n': '\n', 't': '\t'}.get(m[1], m[1]), static)
        got += text + (f'[{value}]' if value else '') + ('[token]' if token else '')
    return None if got == expected else f'sent {got!r}'


def c_error_is_told_at_the_template(folder, cc):
    path = pathlib.Path(folder) / 'wrong.html'
    path.write_text('{% partial p(int n) %}\n<p>a</p>\n<p>{{ n }}</p>\n')
    compile_template(folder, path)
    said = compile_c(cc, folder, 'wrong')
    return None if said and 'wrong.html:3' in said else f'said {said}'


def main(*cc):
    cc = cc or ('cc',)
    with tempfile.TemporaryDirectory() as folder:
        every = sorted((HERE / 'templates').glob('*.html'))
        accepted = [path for path in every if path.name.endswith('.good.html')]
        results = [(path.name, bad(path, folder)) for path in every if path.name.endswith('.bad.html')]
        results += [(path.name, compile_template(folder, path)) for path in accepted]
        results.append(('the C of good templates', compile_c(cc, folder, *(path.stem for path in accepted))))
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
