#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compile HTML templates to C. The grammar is in docs/templates.md.

    template_compiler.py OUTDIR PREFIX TEMPLATE.html...

Writes OUTDIR/PREFIX.h with the prototypes and OUTDIR/<name>.c for each template. A value where escaping would not
be enough is refused here, at its line; errors in C expressions are reported by the C compiler at the same line.
"""
import pathlib
import re
import sys

from html_context import Context, Fault

STRING = r'"(?:[^"\\\n]|\\.)*"'
CALLS = {'': 'html_text(h, {});', 'd': 'html_integer(h, (int64_t)({}));', 'u': 'html_url(h, {});',
         'q': 'html_component(h, {});', 'm': 'html_markup(h, {});'}
NOTE = '/* SPDX-License-Identifier: AGPL-3.0-or-later */\n/* Made by tools/template_compiler.py. */\n'


def closing(source, start, end, line):
    """Where a directive ends; }} and %} inside a C string do not end it."""
    piece = re.compile(STRING + r"|'(?:[^'\\\n]|\\.)'|.", re.S)
    while start < len(source) and not source.startswith(end, start):
        start = start + 1 if end == '#}' else piece.match(source, start).end()
    if start >= len(source):
        raise Fault(line, f'{end} is missing')
    return start + 2


def tokens(source):
    """Yields (kind, content, line) of text, value {{ }} and code {% %}; comments {# #} vanish. A line that holds
    only one {% %} or {# #} leaves no white space."""
    at = 0
    for opening in iter(lambda: re.compile(r'\{[{%#]').search(source, at), None):
        start, line = opening.start(), source.count('\n', 0, opening.start()) + 1
        end = closing(source, opening.end(), {'{{': '}}', '{%': '%}', '{#': '#}'}[opening[0]], line)
        before, after = re.search(r'(?:^|(?<=\n))[ \t]*$', source[at:start]), re.compile(r'[ \t]*\n').match(source, end)
        alone = opening[0] != '{{' and before and after and (at == 0 or source[:at + before.start()].endswith('\n'))
        yield 'text', source[at:at + before.start() if alone else start], source.count('\n', 0, at) + 1
        if opening[0] != '{#':
            yield 'value' if opening[0] == '{{' else 'code', source[start + 2:end - 2], line
        at = after.end() if alone else end
    yield 'text', source[at:], source.count('\n', 0, at) + 1


def split(text):
    """Splits C text at commas outside brackets and strings."""
    parts, depth = [''], 0
    for piece in re.findall(STRING + r"|'(?:[^'\\]|\\.)*'|.", text, re.S):
        depth += (piece in '([{') - (piece in ')]}')
        if piece == ',' and depth == 0:
            parts.append('')
        else:
            parts[-1] += piece
    return [part.strip() for part in parts if part.strip()]


def call(text, line):
    """The name and the arguments of NAME(a, b)."""
    found = re.fullmatch(r'([A-Za-z_]\w*)\s*\((.*)\)', text, re.S)
    if not found:
        raise Fault(line, f'"{text}" should be NAME(…)')
    return found[1], [a for a in split(found[2]) if a != 'void']


def invoke(name, arguments):
    return f'{name}({", ".join(["h", *arguments])});'


def message(kind, expression, line):
    """The C of {{t "msgid" arguments}} and of {{p count "one" "many" arguments}}."""
    found = re.fullmatch(rf'(.*?)({STRING})\s*' + (rf'({STRING})\s*' if kind == 'p' else '()') + r'(?:,?(.*))',
                         expression, re.S)
    if not found or bool(found[1].strip()) != (kind == 'p'):
        raise Fault(line, '{{t }} wants "message"; {{p }} wants a count, "one" and "many"')
    count, one, many, rest = (found[i].strip() for i in range(1, 5))
    if kind == 'p':
        return f'template_count(h, (int64_t)({count}), {one}, {many}, (long long)({count}){", " + rest if rest else ""});'
    return f'template_say(h, {one}, {rest});' if rest else f'html_text(h, tr({one}));'


class Unit:
    """One C function being written: a page, a partial, or one half of a layout."""

    def __init__(self, name, parameters, source):
        self.name, self.parameters, self.source, self.body = name, parameters, source, []

    def text(self, sent):
        if sent and self.body and self.body[-1][0] == 'text':
            self.body[-1] = ('text', self.body[-1][1] + sent)
        elif sent:
            self.body.append(('text', sent))

    def code(self, line, code):
        self.body.append(('code', f'#line {line} "{self.source}"\n{code}'))

    def prototype(self):
        return f'void {self.name}({", ".join(["struct html *h", *self.parameters])})'

    def c(self):
        """The function; static text in pieces under the 4095 bytes that C promises for a literal."""
        escapes = {'\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r', '?': '\\?'}
        names = ['h', *(re.search(r'(\w+)\s*$', p)[1] for p in self.parameters)]
        lines = [self.prototype(), '{', *(f'(void){name};' for name in names)]
        for kind, content in self.body:
            if kind == 'code':
                lines.append(content)
            for i in range(0, len(content) if kind == 'text' else 0, 1000):
                piece = content[i:i + 1000]
                quoted = ''.join(escapes.get(c, c) for c in piece)
                lines.append(f'template_static(h, "{quoted}", {len(piece.encode())});')
        return '\n'.join([*lines, '}', ''])


class Template:
    """One file: its includes and its units."""

    def __init__(self, path):
        self.path, self.shown = path, re.sub(r'^(\.\./)+', '', path.as_posix())
        self.includes, self.units, self.unit, self.context, self.blocks = [], [], None, None, []
        self.layout = self.wrap = None

    def compile(self):
        line = 1
        for kind, content, line in tokens(self.path.read_text(encoding='utf-8')):
            if self.context:
                self.context.line = line
            if kind == 'code':
                self.code(content.strip(), line)
            elif self.unit:
                getattr(self, kind)(content, line)
            elif content.strip():
                raise Fault(line, 'only {% page %}, {% partial %} or {% layout %} can stand here')
        if self.unit:
            self.finish(line)
        if not self.units:
            raise Fault(line, 'no page, partial or layout in this file')

    def text(self, content, _line):
        for c in content:
            self.unit.text(self.context.feed(c))
            if self.context.posts:
                self.unit.code(self.context.line, 'html_token(h);')

    def value(self, content, line):
        found = re.fullmatch(r'(?:([duqtmp])\s)?\s*(\S.*?)\s*', content, re.S)
        if not found:
            raise Fault(line, 'an empty {{ }}')
        kind, expression = found[1] or '', found[2]
        self.unit.text(self.context.take_value(kind))
        self.unit.code(line, message(kind, expression, line) if kind in ('t', 'p') else CALLS[kind].format(expression))

    def code(self, content, line):
        word, _, rest = content.partition(' ')
        if word == 'include':
            self.includes.append(rest.strip())
        elif word in ('page', 'partial', 'layout'):
            self.begin(word, rest.strip(), line)
        elif not hasattr(self, 'do_' + word):
            raise Fault(line, f'{{% {word} %}} is not known')
        elif not self.unit:
            raise Fault(line, f'{{% {word} %}} outside a page, partial or layout')
        else:
            self.unit.text(self.context.take_directive())
            getattr(self, 'do_' + word)(rest.strip(), line)

    def begin(self, word, rest, line):
        if self.unit:
            self.finish(line)
        signature, inside, wrap = rest.partition(') in ')
        name, parameters = call(signature + ')' if inside else rest, line)
        self.wrap = call(wrap, line) if inside else None
        if self.wrap and word == 'layout':
            raise Fault(line, 'a layout cannot stand in another')
        self.layout = name if word == 'layout' else None
        self.unit = Unit(name + '_begin' if self.layout else name, parameters, self.shown)
        self.context = Context(line)
        if self.wrap:
            self.unit.code(line, invoke(self.wrap[0] + '_begin', self.wrap[1]))

    def finish(self, line):
        """Ends the current unit, which must leave nothing open."""
        if self.blocks:
            raise Fault(self.blocks[-1]['line'], f'{{% {self.blocks[-1]["word"]} %}} without {{% end %}}')
        if self.layout:
            raise Fault(line, 'a layout needs one {% content %}')
        if self.context.mode != 'text':
            raise Fault(line, f'the template ends inside a {self.context.mode} of HTML')
        for name, opened in self.context.stack:
            raise Fault(opened, f'<{name}> is never closed')
        if self.wrap:
            self.unit.code(line, invoke(self.wrap[0] + '_end', self.wrap[1]))
        self.units.append(self.unit)
        self.unit = None

    def do_content(self, _rest, line):
        self.between_tags('content', line)
        if not self.layout or self.blocks:
            raise Fault(line, '{% content %} stands once in a layout, outside any block')
        self.units.append(self.unit)
        self.unit = Unit(self.layout + '_end', self.unit.parameters, self.shown)
        self.layout = None

    def open(self, word, line, code, close='}'):
        self.unit.code(line, code)
        self.blocks.append({'word': word, 'line': line, 'start': self.context.fork(), 'ends': [], 'close': close,
                            'else': False})

    def do_if(self, rest, line):
        self.open('if', line, f'if ({rest}) {{')

    def do_for(self, rest, line):
        declaration, _, source = rest.partition(' in ')
        parts, variable = split(source), re.search(r'\*\s*(\w+)$', declaration)
        if len(parts) != 2 or not variable:
            raise Fault(line, 'write {% for TYPE *NAME in ARRAY, COUNT %}')
        name = variable[1]
        self.open('for', line, f'for (size_t {name}_i = 0, {name}_n = (size_t)({parts[1]}); {name}_i < {name}_n; '
                               f'{name}_i++) {{ {declaration} = &({parts[0]})[{name}_i];')

    def do_inside(self, rest, line):
        self.between_tags('inside', line)
        name, arguments = call(rest, line)
        self.open('inside', line, '{ ' + invoke(name + '_begin', arguments), invoke(name + '_end', arguments) + ' }')

    def other_branch(self, word, line, code):
        block = self.blocks[-1] if self.blocks else {'word': ''}
        if block['word'] != 'if' or block['else']:
            raise Fault(line, f'{{% {word} %}} without {{% if %}}')
        block['ends'].append(self.context)
        block['else'] = word == 'else'
        self.context = block['start'].fork()
        self.unit.code(line, code)

    def do_elif(self, rest, line):
        self.other_branch('elif', line, f'}} else if ({rest}) {{')

    def do_else(self, _rest, line):
        self.other_branch('else', line, '} else {')

    def do_end(self, _rest, line):
        if not self.blocks:
            self.finish(line)
            return
        block = self.blocks.pop()
        for end in block['ends'] + ([] if block['else'] else [block['start']]):
            if end.place() != self.context.place():
                raise Fault(block['line'], f'{{% {block["word"]} %}} leaves the HTML in different places')
            self.context.join(end)
        self.unit.code(line, block['close'])

    def do_let(self, rest, line):
        self.unit.code(line, rest + ';')

    def do_call(self, rest, line):
        self.between_tags('call', line)
        self.unit.code(line, invoke(*call(rest, line)))

    def between_tags(self, word, line):
        if self.context.mode != 'text' or self.context.top() in ('title', 'textarea', 'script'):
            raise Fault(line, f'{{% {word} %}} stands between tags')


def header(prefix, templates):
    """The prototypes. Structs are only named; a template with an enum in a signature brings its includes."""
    units = [u for t in templates for u in t.units]
    includes = ['<stdbool.h>', '<stddef.h>', '<stdint.h>', '"html/html.h"']
    for t in templates:
        if any('enum ' in p for u in t.units for p in u.parameters):
            includes += [i for i in t.includes if i not in includes]
    tags = sorted({tag for u in units for tag in re.findall(r'struct (\w+)', u.prototype())})
    guard = f'GRAPPE_{prefix.upper()}_H'
    return '\n'.join([NOTE + f'#ifndef {guard}\n#define {guard}', *(f'#include {i}' for i in includes),
                      *(f'struct {tag};' for tag in tags), *(u.prototype() + ';' for u in units), '#endif', ''])


def main(folder, prefix, *paths):
    folder, templates, bad = pathlib.Path(folder), [Template(pathlib.Path(path)) for path in paths], []
    for template in templates:
        try:
            template.compile()
        except Fault as fault:
            bad.append(f'{template.shown}:{fault.line}: {fault}')
    if bad:
        sys.exit('\n'.join(bad))
    for template in templates:
        includes = ['"template/template.h"', *template.includes, f'"{prefix}.h"']
        (folder / (template.path.stem + '.c')).write_text(
            NOTE + ''.join(f'#include {i}\n' for i in includes) + ''.join(u.c() for u in template.units),
            encoding='utf-8')
    (folder / (prefix + '.h')).write_text(header(prefix, templates), encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
