#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two servers on one folder: what one is told to take away, the other refuses from its next answer on.

A member reads pages on the second server while roles, mandates, accounts and tokens are taken away on the first. Pages
were asked for before, so that whatever is kept of them is kept.

usage: test_two_servers.py GRAPPE     (prints TAP; TEST_ENGINE=postgres, TEST_POSTGRES: on that database)
"""
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

GRAPPE = os.path.abspath(sys.argv[1])
PASSWORD = "horloge comtoise bleue"
SLOWEST_S = 1.0


class Server:
    def __init__(self, folder):
        self.process = subprocess.Popen([GRAPPE, "serve", folder, "--port", "0"], stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, "LC_ALL": "fr_FR.UTF-8"})
        self.port = None
        for line in self.process.stderr:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                break
        assert self.port, "the server says no address"

    def close(self):
        self.process.terminate()
        self.process.communicate(timeout=60)


class Browser:
    """Keeps cookies; posts with the token of the last page. It may go from one server to the other."""

    def __init__(self):
        self.cookies, self.csrf = {}, ""

    def ask(self, server, method, path, form=None, headers=None, body=None):
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **(headers or {})}
        if form is not None:
            body = urllib.parse.urlencode({**form, "csrf": self.csrf})
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, body, sent)
        answer = link.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition("=")
            self.cookies[name] = value.split(";")[0]
        found = re.search(r'name="csrf" value="(\w+)"', text)
        self.csrf = found[1] if found else self.csrf
        link.close()
        return answer.status, text

    def enter(self, server, email):
        self.ask(server, "GET", "/connexion")
        status, _ = self.ask(server, "POST", "/connexion", {"email": email, "password": PASSWORD})
        assert status == 303, f"{email} cannot sign in: {status}"


def run(*words, stdin=""):
    done = subprocess.run([GRAPPE, *words], input=stdin, capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "en_GB.UTF-8"})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Program:
    def __init__(self, server, token):
        self.server, self.headers = server, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method, path, body=None, **headers):
        status, text = Browser().ask(self.server, method, "/api/v1/records/" + path, headers={**self.headers, **headers},
                                     body=json.dumps(body) if body is not None else None)
        return status, json.loads(text) if text else {}

    def find(self, path):
        status, answer = self.ask("GET", path)
        assert status == 200, (path, status, answer)
        return answer["items"]

    def change(self, method, kind, record, body=None):
        status, answer = self.ask(method, f"{kind}/{record['id']}", body, **{"If-Match": f'"{record["version"]}"'})
        assert status in (200, 204), (method, kind, status, answer)


def at_once(what, ask, expected):
    """The first answer after the change is the refusal, and comes within a second of it."""
    begun = time.monotonic()
    status = ask()
    took = time.monotonic() - begun
    assert status in expected, f"{what}: {status} instead of {expected}"
    assert took < SLOWEST_S, f"{what}: {took:.3f} s"
    print(f"# {what}: refused in {took * 1000:.0f} ms")


def walk(folder, first, second):
    program = Program(first, run("token", "add", folder, "--person", "anne@example.org", "--name", "walk", "--scopes",
                                 "read,write,people"))
    firm = program.find("organisation?fields=name")[0]
    own = run("token", "add", folder, "--person", "marc@example.org", "--name", "own", "--scopes", "read,write")
    status, need = Program(first, own).ask("POST", "need", {"organisation": firm["id"], "title": "Confidentiel zyx",
                                                            "text": "zyx", "state": "open", "visibility": "private"})
    assert status == 201, (status, need)
    marc = Browser()
    marc.enter(first, "marc@example.org")
    page = f"/besoins/{need['id']}"
    for server in (first, second):
        for _ in range(2):
            assert marc.ask(server, "GET", page)[0] == 200, "the mandate opens it on both servers"
            assert "zyx" in marc.ask(server, "GET", "/fiches/need")[1], "the list shows it"
    mandate = next(m for m in program.find("mandate?limit=200") if m["organisation"] == firm["id"])
    program.change("DELETE", "mandate", mandate)
    at_once("a mandate", lambda: marc.ask(second, "GET", page)[0], (403, 404))
    assert "zyx" not in marc.ask(second, "GET", "/fiches/need")[1], "a kept table shows what is closed"
    assert marc.ask(first, "GET", page)[0] in (403, 404)

    person = next(p for p in program.find("person?limit=200") if p.get("email") == "paul@example.org")
    paul = Browser()
    paul.enter(second, "paul@example.org")
    assert paul.ask(second, "GET", "/imports")[0] == 200, "a facilitator imports"
    program.change("PATCH", "person", person, {"role": "member"})
    at_once("a role", lambda: paul.ask(second, "GET", "/imports")[0], (403,))

    person = next(p for p in program.find("person?limit=200") if p.get("email") == "marc@example.org")
    reader = Program(second, own)
    assert reader.ask("GET", "mandate")[0] == 200
    program.change("PATCH", "person", person, {"active": False})
    at_once("an account", lambda: marc.ask(second, "GET", "/compte")[0], (303, 403))
    at_once("its token", lambda: reader.ask("GET", "mandate")[0], (401,))
    person = next(p for p in program.find("person?limit=200") if p["id"] == person["id"])
    program.change("PATCH", "person", person, {"active": True})
    assert marc.ask(second, "GET", "/compte")[0] == 303, "a session came back to life"


def main():
    print("1..1")
    database = []
    if os.environ.get("TEST_ENGINE") == "postgres":
        database = ["--database", os.environ["TEST_POSTGRES"] + f"&schema=two_{os.getpid()}"]
    with tempfile.TemporaryDirectory(prefix="grappe-two-") as folder:
        run("init", folder, "--name", "atelier", "--title", "Atelier", *database)
        people = (("Anne", "facilitator"), ("Paul", "facilitator"), ("Marc", "member"))
        first = Server(folder)
        token = run("person", "add", folder, "--name", "Anne", "--role", "facilitator", "--email", "anne@example.org",
                    "--password-stdin", stdin=PASSWORD + "\n") and run(
                        "token", "add", folder, "--person", "anne@example.org", "--name", "set-up", "--scopes", "read,write,people")
        status, firm = Program(first, token).ask("POST", "organisation", {"name": "Maison", "visibility": "public"})
        assert status == 201, (status, firm)
        for name, role in people[1:]:
            run("person", "add", folder, "--name", name, "--role", role, "--email", f"{name.lower()}@example.org",
                *(["--organisation", "Maison"] if role == "member" else []), "--password-stdin", stdin=PASSWORD + "\n")
        second = Server(folder)
        try:
            walk(folder, first, second)
            print("ok 1 - what one server takes away, the other refuses at once")
        except AssertionError as wrong:
            print(f"not ok 1 - two servers\n# {wrong}")
        finally:
            first.close()
            second.close()


main()
