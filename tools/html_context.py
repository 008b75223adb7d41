# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where in HTML a template is, character by character, and whether a value may stand there."""
import copy
import re

VOID = set('area base br col embed hr img input link meta source track wbr'.split())
BLOCK = set(  # white space beside their tags has no effect
    'address area article aside base blockquote body caption col colgroup dd details dialog div dl dt fieldset '
    'figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li link main menu meta nav ol '
    'optgroup option p pre section select script source summary table tbody td tfoot th thead title tr track ul '
    'circle defs g line path polygon polyline rect svg symbol use'.split())
TEXT_ONLY = {'title', 'textarea', 'script'}
ADDRESS = set('href src action formaction poster cite data manifest ping background xlink:href'.split())
REFUSED = {'style': 'the content security policy refuses style=: use a class', 'srcdoc': 'srcdoc= is refused',
           'http-equiv': 'http-equiv= is refused: set the header'}
SPACE = ' \t\n\r'


class Fault(Exception):
    """What is wrong with a template, and at which line."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


class Context:
    """feed() takes the template's own characters and returns what to send of them."""

    def __init__(self, line):
        self.mode = 'text'  # text, name, close, tag, attribute, equals, value, comment, doctype
        self.stack = []     # (element, line) that are open
        self.name = self.attribute = self.value = ''
        self.attributes = {}
        self.fresh = True   # nothing yet in the attribute's value
        self.gap = False    # white space since the last attribute
        self.space = False  # white space of a text, not yet sent
        self.quiet = True   # white space here has no effect
        self.posts = False  # a <form method="post"> has just been opened
        self.line = line

    def fork(self):
        other = copy.copy(self)
        other.stack, other.attributes = list(self.stack), dict(self.attributes)
        return other

    def place(self):
        """What two branches must agree on."""
        return self.mode, [name for name, _ in self.stack], self.name, self.attribute

    def join(self, other):
        """Carries on after branches that end in the same place, as careful as the less certain one."""
        self.fresh, self.gap = self.fresh or other.fresh, self.gap and other.gap
        self.quiet, self.space = self.quiet and other.quiet, False
        self.attributes = {**other.attributes, **self.attributes}

    def fail(self, text):
        raise Fault(self.line, text)

    def top(self):
        return self.stack[-1][0] if self.stack else ''

    def flush(self):
        sent, self.space = ' ' if self.space else '', False
        return sent

    def feed(self, c):
        self.line += c == '\n'
        self.posts = False
        return getattr(self, 'in_' + self.mode)(c)

    def in_text(self, c):
        if c in SPACE and self.top() not in ('pre', 'textarea'):
            self.space = self.space or not self.quiet
            return ''
        if c == '<':
            self.mode, self.name = 'name', ''
            return ''
        if self.top() == 'script':
            self.fail('the content security policy refuses inline scripts: use a file of src/web/assets')
        self.quiet = False
        return self.flush() + c

    def in_name(self, c):
        """After '<': the name is sent when complete, since it decides about the space before it."""
        if self.name and c in SPACE + '>/':
            return self.open_tag() + getattr(self, 'in_' + self.mode)(c)
        self.name += c
        if self.name == '!--':
            self.mode, self.name, self.value = 'comment', '', ''
        elif not re.fullmatch(r'!-?|!\w*|/|/?[A-Za-z][\w:-]*', self.name):
            self.fail(f'"<{self.name}" is no tag: write &lt;')
        return ''

    def open_tag(self):
        name = self.name.lstrip('/')
        if self.name.lower() == '!doctype':
            self.mode = 'doctype'
            return '<' + self.name
        if not name or name.startswith('!'):
            self.fail('the name of a tag is missing')
        if self.top() in TEXT_ONLY and name == self.name:
            self.fail(f'<{name}> inside <{self.top()}>, which holds text only')
        if name == 'style':
            self.fail('the content security policy refuses <style>: use a file of src/web/assets')
        if name in BLOCK:
            self.space = False
        self.mode, self.gap, self.attributes = 'tag' if name == self.name else 'close', False, {}
        return self.flush() + '<' + self.name

    def in_doctype(self, c):
        if c == '>':
            self.mode, self.name = 'text', ''
        return c

    def in_comment(self, c):
        self.value = (self.value + c)[-3:]
        if self.value == '-->':
            self.mode = 'text'
        return ''

    def in_close(self, c):
        name = self.name[1:]
        if c in SPACE:
            return ''
        if c != '>':
            self.fail(f'</{name} must end with >')
        if not self.stack:
            self.fail(f'</{name}> closes nothing')
        opened, line = self.stack.pop()
        if opened != name:
            self.fail(f'</{name}> where <{opened}> of line {line} is open')
        self.mode, self.name, self.quiet = 'text', '', name in BLOCK
        return c

    def in_tag(self, c):
        if c in SPACE:
            self.gap = True
            return ''
        if c == '>':
            return self.end_tag()
        if self.name.endswith('/'):
            self.fail('"/" inside a tag')
        if c == '/':
            self.name += '/'
            return ''
        if not self.gap or not re.match(r'[\w:@-]', c):
            self.fail(f'"{c}" where an attribute, after a space, should begin')
        self.mode, self.attribute, self.value = 'attribute', c, ''
        return ' ' + c

    def end_tag(self):
        closed, name = self.name.endswith('/'), self.name.rstrip('/')
        if name == 'img' and 'alt' not in self.attributes:
            self.fail('<img> without alt=')
        self.mode, self.name, self.quiet = 'text', '', name in BLOCK
        self.posts = name == 'form' and self.attributes.get('method', '').lower() == 'post'
        if name in VOID:
            return '>'
        if closed and name != 'svg' and 'svg' not in [element for element, _ in self.stack]:
            self.fail(f'<{name}/> closes itself only inside <svg>')
        if not closed:
            self.stack.append((name, self.line))
        return '/>' if closed else '>'

    def in_attribute(self, c):
        if c in SPACE + '>/':
            self.end_attribute()
            return self.in_tag(c)
        if c == '=':
            self.check_attribute()
            self.mode = 'equals'
        elif re.match(r'[\w:.@-]', c):
            self.attribute += c
        else:
            self.fail(f'"{c}" in the name of an attribute')
        return c

    def check_attribute(self):
        name = self.attribute.lower()
        if name.startswith('on'):
            self.fail(f'the content security policy refuses {name}=: use a module of src/web/assets')
        if name == 'http-equiv' and self.top() == 'noscript' and 'content' not in self.attributes:
            return  # what scripts do otherwise; its content is literal, see take_value
        if name in REFUSED:
            self.fail(REFUSED[name])

    def end_attribute(self):
        self.check_attribute()
        self.attributes[self.attribute.lower()] = self.value
        self.mode, self.attribute, self.gap = 'tag', '', False

    def in_equals(self, c):
        if c != '"':
            self.fail(f'the value of {self.attribute}= must stand in double quotes')
        self.mode, self.fresh, self.value = 'value', True, ''
        return c

    def in_value(self, c):
        if c == '"':
            self.end_attribute()
            return c
        self.fresh = False
        self.value += c
        if self.attribute.lower() in ADDRESS and re.match(r'\s*(javascript|data|vbscript):', self.value, re.I):
            self.fail(f'{self.attribute}= with a scheme that runs code')
        return c

    def take_directive(self):
        """{% %} may stand in text, between attributes, and in a quoted value. Returns what to send before it."""
        if self.mode == 'name' and self.name.isalnum():
            return self.open_tag()
        if self.mode == 'attribute':
            self.end_attribute()
        if self.mode not in ('text', 'tag', 'value'):
            self.fail(f'a directive in a {self.mode} of HTML')
        return self.flush()

    def take_value(self, kind):
        """{{ }} is refused where escaping would not make it safe. Returns what to send before it."""
        shown = f'{{{{{kind} }}}}'
        if self.mode == 'text':
            if self.top() == 'script':
                self.fail(f'{shown} inside <script>: put it in a data- attribute')
            if kind in ('u', 'q'):
                self.fail(f'{shown} is for addresses; in text write {{{{ }}}}')
            if kind == 'm' and self.top() in TEXT_ONLY:
                self.fail(f'{shown} inside <{self.top()}>, which holds text only')
            self.quiet = False
            return self.flush()
        if self.mode != 'value':
            where = {'equals': 'an attribute value without double quotes', 'name': 'the name of a tag',
                     'close': 'the name of a tag', 'comment': 'a comment', 'doctype': 'a doctype'}
            self.fail(f'{shown} in {where.get(self.mode, "the name of an attribute")}')
        name = self.attribute.lower()
        if kind == 'm' or name in ('srcset', 'method') or 'http-equiv' in self.attributes:
            self.fail(f'{shown} in the attribute {name}=')
        if name in ADDRESS:
            if self.fresh and kind != 'u':
                self.fail(f'{shown} begins {name}=: write {{{{u }}}}, which checks the scheme')
            if not self.fresh and kind not in ('q', 'd'):
                self.fail(f'{shown} inside {name}=: write {{{{q }}}} for a component, {{{{d }}}} for a number')
        elif kind == 'u':
            self.fail(f'{shown} in {name}=, which is no address')
        self.fresh = False
        return ''
