#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/record-type.md works as it stands: its blocks are put into a copy of the tree, the program is built, and a record
of the new type is kept and read through forms, lists, CSV and the dictionary. Prints TAP.

usage: test_recipe.py COMPILER...
"""
import html
import http.cookiejar
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```\w+ (\S+)( \+)?\n(.*?)^```$", re.M | re.S)
PASSWORD = "horloge comtoise bleue"
VISIT = {"subject": "Étuves sous vide", "on_day": "2026-11-20", "note": "quatre étuves, deux libres"}


def copy_tree(to):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def follow_recipe(tree):
    blocks = BLOCK.findall((ROOT / "docs/record-type.md").read_text(encoding="utf-8"))
    assert len(blocks) == 3, f"{len(blocks)} blocks on the page"
    for path, appended, text in blocks:
        with open(tree / path, "a" if appended else "x", encoding="utf-8") as file:
            file.write(text)


def build(tree, compiler):
    environment = {**os.environ, "CC": " ".join(compiler)}
    for command in (["meson", "setup", "build", "--buildtype=plain"], ["ninja", "-C", "build", "grappe"],
                    [sys.executable, "tools/check_messages.py"]):
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return tree / "build/grappe"


class Browser:
    def __init__(self, address):
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.opener.addheaders = [("Accept-Language", "fr")]

    def ask(self, path, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(self.address + path, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def send(self, page, action, **fields):
        """Fills the form of `page` that goes to `action`."""
        status, text = self.ask(page)
        assert status == 200, f"{page}: {status}"
        form = next(f for f in re.findall(r"<form.*?</form>", text, re.S) if f'action="{action}"' in f)
        hidden = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)
                  if name == "csrf"}
        return self.ask(action, {**hidden, **fields})


def serve(program, folder):
    server = subprocess.Popen([program, "serve", folder, "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, env={**os.environ, "LC_ALL": "en_GB.UTF-8"})
    for line in server.stderr:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return server, found.group(0)
    raise AssertionError("the server ended without an address")


def keep_a_visit(address):
    facilitator, stranger = Browser(address), Browser(address)
    status, text = facilitator.send("/connexion", "/connexion", email="anne@example.org", password=PASSWORD)
    assert status == 200 and "/deconnexion" in text, f"signing in: {status}"
    status, text = facilitator.send("/fiches/organisation/nouvelle", "/fiches/organisation/nouvelle", name="Atelier Vasson",
                                    visibility="space")
    assert status == 200 and "Atelier Vasson" in text, f"an organisation: {status}"
    status, text = facilitator.ask("/fiches/visit/nouvelle")
    organisation = re.search(r'<option value="(\d+)"[^>]*>Atelier Vasson', text).group(1)
    assert "Objet de la visite" in text and "Ce qu’on a appris" in text
    status, text = facilitator.send("/fiches/visit/nouvelle", "/fiches/visit/nouvelle", organisation=organisation)
    assert status == 422 and "Objet de la visite" in text, f"without a subject: {status}"
    status, text = facilitator.send("/fiches/visit/nouvelle", "/fiches/visit/nouvelle", organisation=organisation, **VISIT)
    assert status == 200, f"a visit: {status}"
    status, text = facilitator.ask("/fiches/visit")
    assert status == 200 and "Visites" in text and VISIT["subject"] in text, f"the list: {status}"
    status, text = facilitator.ask(re.search(r'href="(/fiches/visit/\d+)"', text).group(1))
    assert status == 200 and VISIT["note"] in text and "Ce qu’on a appris" in text, f"its page: {status}"
    status, text = facilitator.ask("/fiches/visit?format=csv")
    assert status == 200 and VISIT["subject"] in text and "Objet de la visite" in text, f"CSV: {status}"
    status, text = stranger.ask("/fiches/visit")
    assert VISIT["subject"] not in text, "a stranger reads what is for people who signed in"


def the_recipe_gives_a_type_with_its_page(compiler):
    with tempfile.TemporaryDirectory() as place:
        tree, folder = pathlib.Path(place, "tree"), os.path.join(place, "house")
        copy_tree(tree)
        follow_recipe(tree)
        program = build(tree, compiler)
        dictionary = json.loads(subprocess.run([program, "records", "--json"], capture_output=True, check=True).stdout)
        assert "visit" in json.dumps(dictionary), "the dictionary does not know it"
        subprocess.run([program, "init", folder, "--name", "atelier", "--title", "The workshop"], check=True,
                       capture_output=True)
        subprocess.run([program, "person", "add", folder, "--name", "Anne Exemple", "--email", "anne@example.org", "--role",
                        "facilitator", "--password-stdin"], input=PASSWORD, text=True, check=True, capture_output=True)
        server, address = serve(program, folder)
        try:
            keep_a_visit(address)
        finally:
            server.terminate()
            server.wait(30)
            server.stderr.close()
        verified = subprocess.run([program, "verify", os.path.join(folder, "atelier.db")], capture_output=True, text=True,
                                  check=False)
        assert verified.returncode == 0, verified.stderr


def main():
    print("1..1")
    try:
        the_recipe_gives_a_type_with_its_page(sys.argv[1:])
        print("ok 1 - the_recipe_gives_a_type_with_its_page")
        return 0
    except (AssertionError, AttributeError, OSError, StopIteration, subprocess.CalledProcessError) as wrong:
        print("not ok 1 - the_recipe_gives_a_type_with_its_page")
        print("\n".join(f"# {line}" for line in f"{type(wrong).__name__}: {wrong}".splitlines()))
        return 1


if __name__ == "__main__":
    sys.exit(main())
