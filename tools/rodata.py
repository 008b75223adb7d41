# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arrays that are linked into the program as they are: one .bin, an assembler file that includes it, a header.

Each array becomes a symbol in .rodata of a type the C side declares, so start-up parses and allocates nothing.
"""
import pathlib

ASM = """    .globl {name}
    .hidden {name}
    .type {name}, %object
    .balign 8
{name}:
    .incbin "{path}", {start}, {size}
    .size {name}, {size}
"""


class Pool:
    """NUL-terminated texts, each stored once; offset 0 is the empty text."""

    def __init__(self):
        self.bytes = bytearray(b'\0')
        self.offsets = {'': 0}

    def add(self, text):
        """The offset of a text."""
        if text not in self.offsets:
            self.offsets[text] = len(self.bytes)
            self.bytes += text.encode() + b'\0'
        return self.offsets[text]


class Rodata:
    """Collects arrays and writes STEM.bin, STEM.S and STEM.h."""

    def __init__(self, stem):
        self.stem = pathlib.Path(stem)
        self.blob = bytearray()
        self.arrays = []

    def add(self, name, ctype, content, count):
        """An array of `count` elements of `ctype`, packed in host byte order by the caller."""
        self.blob += b'\0' * (-len(self.blob) % 8)
        self.arrays.append((name, ctype, len(self.blob), len(content), count))
        self.blob += content

    def write(self, include):
        """Write the three files; `include` is the header that declares the element types."""
        binary = self.stem.with_suffix('.bin').resolve()
        binary.write_bytes(self.blob)
        note = '/* SPDX-License-Identifier: AGPL-3.0-or-later */\n/* Made by tools/, at build. */\n'
        asm = note + '    .section .rodata\n' + ''.join(
            ASM.format(name=name, path=binary, start=start, size=size) for name, _, start, size, _ in self.arrays)
        self.stem.with_suffix('.S').write_text(asm + '    .section .note.GNU-stack,"",%progbits\n')
        guard = 'GRAPPE_' + self.stem.name.upper() + '_H'
        lines = [note + f'#ifndef {guard}\n#define {guard}\n#include "{include}"\n']
        for name, ctype, _, _, count in self.arrays:
            lines.append(f'enum {{ {name.upper()}_COUNT = {count} }};\nextern const {ctype} {name}[];')
        self.stem.with_suffix('.h').write_text('\n'.join(lines) + '\n#endif\n')
