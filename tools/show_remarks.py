#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prints what the tests of a Meson run measured and which of them failed: show_remarks.py testlog.json"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as log:
    for line in log:
        for said in (json.loads(line).get("stdout") or "").splitlines():
            if said.startswith(("#", "not ok")):
                print(said)
