# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of commands share: running one, writing a file, TAP. The program is the first argument."""
import os
import subprocess
import sys
import tempfile
import traceback

GRAPPE = os.path.abspath(sys.argv[1])
USAGE, DATA, NO_INPUT, EXISTS, UNREADABLE = 64, 65, 66, 73, 74
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*words, code=0, stdin="", language="en_GB.UTF-8"):
    """One command; fails unless it ends with `code`, which goes with a message on standard error or none."""
    done = subprocess.run([GRAPPE, *words], input=stdin.encode() if isinstance(stdin, str) else stdin,
                          capture_output=True, env={**os.environ, "LC_ALL": language}, timeout=280, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == code, f"grappe {' '.join(words)}: {done.returncode} instead of {code}: {err or out}"
    if code:
        assert err.strip(), f"grappe {' '.join(words)}: it failed without a word"
    assert "Sanitizer" not in err, err
    return out, err


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def main():
    print(f"1..{len(TESTS)}")
    failed = 0
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory(prefix="grappe-cli-") as folder:
            try:
                function(folder)
                print(f"ok {number} - {function.__name__}", flush=True)
            except Exception:  # any failure is this test's, the others still run
                failed += 1
                print(f"not ok {number} - {function.__name__}", flush=True)
                print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
    return failed > 0
