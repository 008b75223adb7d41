#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine's library as a stranger meets it: installed into an empty folder, found by pkg-config, used by the example.

usage: test_library.py SOURCE COMPILER…     (prints TAP)

Installs the release build, as ./run and the browser tests use it: no program of somebody else's has our sanitizers.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE, COMPILER = pathlib.Path(sys.argv[1]), sys.argv[2:]
BUILD = SOURCE / "build-run"
STRICT = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wstrict-prototypes", "-Wshadow", "-Werror"]


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)
    assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stdout[-2000:]}"
    return done.stdout


class Installed:
    """An installation under a folder, and what pkg-config says of it."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        if not (BUILD / "build.ninja").exists():
            run("meson", "setup", BUILD, "--buildtype=release", cwd=SOURCE)
        run("ninja", "-C", BUILD, "grappe", "engine-library")
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", self.root)
        self.library = next(p for p in self.root.rglob("libgrappe-engine.so.*") if not p.is_symlink())
        self.headers = self.root / "usr/local/include/grappe"
        self.env = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": str(self.root), "PKG_CONFIG_PATH": str(self.library.parent / "pkgconfig"),
                    "LD_LIBRARY_PATH": str(self.library.parent), "LSAN_OPTIONS": "", "ASAN_OPTIONS": ""}

    def flags(self, *which):
        return run("pkg-config", *which, "grappe-engine", env=self.env).split()

    def compiled(self, text, name, *more):
        source = self.root / f"{name}.c"
        source.write_text(text, encoding="utf-8")
        run(*COMPILER, *STRICT, source, *self.flags("--cflags"), *more, "-o", self.root / name, env=self.env, cwd=self.root)
        return self.root / name

    def declared(self):
        """Functions of the headers, as the compiler sees them: it warns of every declaration that is said twice."""
        names = set()
        for path in self.headers.rglob("*.h"):
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            for called in re.findall(r"\b([a-z]\w*)\s*\(", text):
                names.add(called)
        return names


def the_example_compiles_and_answers(it):
    example = (SOURCE / "library/example.c").read_text(encoding="utf-8")
    said = run(it.compiled(example, "example", *it.flags("--libs"), "-lm"), env=it.env)
    assert said == "optimal, cost 12: Balance Cadran; the proof holds\n", said


def every_header_stands_alone(it):
    paths = sorted(it.headers.rglob("*.h"))
    assert len(paths) > 20, paths
    for path in paths:
        it.compiled(f"#include <{path.relative_to(it.headers.parent)}>\nint main(void) {{ return 0; }}\n", "alone")
        own = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('#include "')]
        assert not own, f"{path.name}: {own}"


def what_headers_declare_is_exported_and_nothing_else(it):
    exported = {line.split()[-1].split("@")[0] for line in run("nm", "-D", "--defined-only", it.library).splitlines()}
    exported.discard("GRAPPE_ENGINE_0")
    for inside in ("movements_find", "cover_search", "flow_solve", "tr", "message_table", "random_next", "walks_new"):
        assert inside not in exported, inside
    assert len(exported) > 80, sorted(exported)
    assert exported <= it.declared(), sorted(exported - it.declared())
    listed = re.findall(r"^  (\w+);$", (BUILD / "library/exported.map").read_text(encoding="utf-8"), flags=re.M)
    assert set(listed) == exported, sorted(set(listed) ^ exported)
    includes = "".join(f"#include <{p.relative_to(it.headers.parent)}>\n" for p in sorted(it.headers.rglob("*.h")))
    uses = "".join(f"    found += (void (*)(void)){name} != (void (*)(void))0;\n" for name in sorted(exported))
    said = it.compiled(f"{includes}#include <stdio.h>\nint main(void)\n{{\n    int found = 0;\n{uses}    printf(\"%d\\n\", found);\n"
                       "    return 0;\n}\n", "every", "-Wno-address", "-Wno-cast-function-type", *it.flags("--libs"), "-lm")
    assert int(run(said, env=it.env)) == len(exported)


def the_name_carries_its_version(it):
    assert "libgrappe-engine.so.0]" in run("readelf", "-d", it.library)
    assert (it.library.parent / "libgrappe-engine.so").is_symlink()


def the_library_needs_no_server(it):
    needed = run("readelf", "-d", it.library)
    for other in ("sqlite", "libpq", "microhttpd", "sodium", "jansson"):
        assert other not in needed, other


def the_pages_of_the_manual_are_there(it):
    for page in ("man1/grappe.1", "man3/libgrappe-engine.3"):
        text = (it.root / "usr/local/share/man" / page).read_text(encoding="utf-8")
        for header in re.findall(r"^\.In (\S+)", text, flags=re.M):
            assert (it.headers.parent / header).exists(), f"{page}: {header}"
    exported = run("nm", "-D", "--defined-only", it.library)
    for name in re.findall(r"(\w+)(?= ,| *$)", " ".join(re.findall(r"^\.It Fn (.*)$", text, flags=re.M)).replace("Fn", "")):
        assert re.search(rf"\b{name}\b", exported), name


TESTS = [the_example_compiles_and_answers, every_header_stands_alone, what_headers_declare_is_exported_and_nothing_else,
         the_name_carries_its_version, the_library_needs_no_server, the_pages_of_the_manual_are_there]


def main():
    print(f"1..{len(TESTS)}")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="grappe-library-") as folder:
        it = Installed(folder)
        for number, test in enumerate(TESTS, 1):
            try:
                test(it)
                print(f"ok {number} - {test.__name__}")
            except AssertionError as why:
                bad += 1
                print(f"not ok {number} - {test.__name__}\n# " + str(why).replace("\n", "\n# "))
    sys.exit(bad > 0)


main()
