#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""./run for somebody who has nothing yet: an empty home, where not even ~/.local/share is there, gets a demo that answers.

usage: test_run.py SOURCE     (prints TAP)
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request


def first_page(home):
    """The status of the first page, or what ./run said instead of an address."""
    environment = {k: v for k, v in os.environ.items() if k != "GRAPPE_DATA"}
    with subprocess.Popen([os.path.join(sys.argv[1], "run"), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**environment, "HOME": home, "LC_ALL": "en_GB.UTF-8"}, text=True) as server:
        said = []
        for line in server.stdout:
            said.append(line)
            address = re.search(r"http://[0-9.]+:\d+", line)
            if address:
                with urllib.request.urlopen(address.group(0) + "/", timeout=60) as page:
                    status = page.status
                server.send_signal(signal.SIGTERM)
                server.wait(30)
                return status
        return "".join(said)


print("1..1")
with tempfile.TemporaryDirectory(prefix="grappe-run-") as empty:
    found = first_page(empty)
print(("ok" if found == 200 else "not ok") + " 1 - an_empty_home_gets_a_demo_that_answers")
if found != 200:
    print("# " + str(found).replace("\n", "\n# "))
    sys.exit(1)
