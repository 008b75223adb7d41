#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/introductions.md is what the tables of domain/introductions say; --update writes it.

Usage: check_introductions.py DRAWER [--update]"""
import pathlib
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "introductions.md"

drawn = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout
if "--update" in sys.argv:
    PAGE.write_text(drawn, encoding="utf-8")
elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != drawn:
    sys.exit(f"{PAGE.name} is not what the tables say: meson test -C build check/introductions --test-args=--update")
