#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Jobs over HTTP: a long import watched, cancelled, killed with its server, shared by two; a long list as a file.

usage: test_jobs.py GRAPPE [ROWS [ROUNDS]]     (prints TAP; TEST_POSTGRES: the space is a schema there)
"""
import http.client
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

GRAPPE = os.path.abspath(sys.argv[1])
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 4
PASSWORD = "horloge comtoise bleue"
LEASE_S = 6
PATIENCE_S = 240


def run(*words, stdin=""):
    done = subprocess.run([GRAPPE, *words], input=stdin, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"grappe {' '.join(words)}: {done.stderr}"
    return done.stdout


class Server:
    def __init__(self, folder):
        log = tempfile.TemporaryFile(mode="w+")  # a pipe that nobody reads would fill
        self.process = subprocess.Popen([GRAPPE, "serve", folder, "--port", "0"], stderr=log,
                                        env={**os.environ, "LC_ALL": "en_GB.UTF-8"})
        found, until = None, time.monotonic() + PATIENCE_S
        while not found and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.02)
            log.seek(0)
            found = re.search(r"http://127\.0\.0\.1:(\d+)", log.read())
        assert found, "the server does not start"
        self.port = int(found.group(1))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(timeout=60) == 0, f"the server ended with {self.process.returncode}"


class Browser:
    """One person, without JavaScript."""

    def __init__(self, server, email=None):
        self.cookies, self.csrf, self.body, self.server = {}, "", "", server
        if email:
            self.get("/connexion")
            assert self.post("/connexion", {"email": email, "password": PASSWORD}) == 303, self.body

    def ask(self, method, path, body=None, headers=None):
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Language": "en",
                "Sec-Fetch-Site": "same-origin", **(headers or {})}
        link.request(method, path, body, sent)
        answer = link.getresponse()
        self.raw, self.headers = answer.read(), answer.headers
        self.body = self.raw.decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        self.location = answer.headers.get("Location", "")
        token = re.search(r'name="csrf" value="([^"]+)"', self.body)
        self.csrf = token.group(1) if token else self.csrf
        link.close()
        return answer.status

    def get(self, path, headers=None):
        return self.ask("GET", path, headers=headers)

    def post(self, path, fields=None):
        return self.ask("POST", path, urllib.parse.urlencode({**(fields or {}), "csrf": self.csrf}),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, content):
        mark = "------------------------grappe"
        body = (f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self.csrf}\r\n--{mark}\r\n'
                f'Content-Disposition: form-data; name="file"; filename="firms.csv"\r\n\r\n{content}\r\n--{mark}--\r\n')
        assert self.get("/imports/nouveau") == 200
        body = re.sub(r'(name="csrf"\r\n\r\n)[^\r]*', lambda m: m.group(1) + self.csrf, body)
        assert self.ask("POST", "/imports", body.encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"}) == 303
        return self.location.split("/")[-1]

    def firms(self):
        assert self.get("/fiches/organisation") == 200
        found = re.search(r'data-announce="([0-9\u202f\u00a0,]*) records?"', self.body)
        return int(re.sub(r"\D", "", found.group(1))) if found else 0

    def job_ends(self, job):
        """Follows the job as a browser without JavaScript does; the words of its state."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self.get(job) == 200, self.body
            if "http-equiv" not in self.body:
                return re.search(r'data-announce="([^"]*)"', self.body).group(1)
            time.sleep(0.2)
        raise AssertionError(f"{job} does not end")


def firms_csv(rows, first=0):
    lines = ["Name;Commune;Activity"]
    lines += [f"Firm {first + i};Morteau;Tournage de pièces {i % 97}" for i in range(rows)]
    return "\n".join(lines) + "\n"


class House:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "house")
        database = os.environ.get("TEST_POSTGRES")
        name = f"jobs{os.getpid()}x{random.randrange(10**6)}"
        where = ["--database", database] if database else []
        self.place = f"{database}{'&' if '?' in database else '?'}schema={name}" if database else \
            os.path.join(self.folder, f"{name}.db")
        run("init", self.folder, "--name", name, "--title", "Jobs", *where)
        for person, role in ("claire", "facilitator"), ("anne", "member"):
            run("person", "add", self.folder, "--name", person.title(), "--role", role, "--email",
                f"{person}@example.org", "--password-stdin", stdin=PASSWORD + "\n")
        self.servers = []

    def server(self):
        self.servers.append(Server(self.folder))
        return self.servers[-1]

    def end(self):
        for server in self.servers:
            server.end()


def ask_import(browser, content):
    """Up to the moment when the import is a job."""
    token = browser.send(content)
    assert browser.get(f"/imports/{token}") == 200
    assert browser.post(f"/imports/{token}/apercu") == 303
    job = browser.location
    assert job.startswith("/travaux/"), job
    assert browser.job_ends(job.split("?")[0]) == "Done", browser.body
    assert browser.get(job) == 303 and browser.location == f"/imports/{token}/apercu"
    assert browser.get(browser.location) == 200
    assert "Keep" in browser.body, browser.body
    assert browser.post(f"/imports/{token}/importer") == 303
    return token, browser.location.split("?")[0]


def a_long_import_is_watched_to_its_end(house):
    server = house.server()
    claire, anne, stranger = Browser(server, "claire@example.org"), Browser(server, "anne@example.org"), Browser(server)
    token, job = ask_import(claire, firms_csv(ROWS))
    # whoever has nothing to do with it finds nothing; the page is asked for cheaply
    for path in job, job + "/fichier":
        assert anne.get(path) == 404, anne.body
        assert stranger.get(path) == 303 and stranger.location.startswith("/connexion")
    assert anne.get("/travaux") == 200 and job not in anne.body
    assert claire.get("/travaux") == 200 and job in claire.body
    assert claire.job_ends(job) == "Done"
    assert claire.get(job) == 200
    assert claire.get(job, {"If-None-Match": claire.headers["ETag"]}) == 304
    assert claire.get(f"/imports/{token}") == 200 and "kept" in claire.body, claire.body
    assert claire.firms() == ROWS
    assert claire.post(job + "/annuler") == 303  # too late: the page says how it ended
    assert claire.firms() == ROWS
    # asked again, it is the same import
    assert claire.post(f"/imports/{token}/importer") == 303
    assert claire.get(claire.location) in (200, 303)
    assert claire.firms() == ROWS
    house.end()


def a_cancelled_import_leaves_nothing(house):
    server = house.server()
    claire = Browser(server, "claire@example.org")
    token, job = ask_import(claire, firms_csv(ROWS))
    while "of " not in claire.body or "<progress" not in claire.body:
        assert claire.get(job) == 200
        assert "http-equiv" in claire.body, "it ended before it could be cancelled"
        time.sleep(0.05)
    began = time.monotonic()
    assert claire.post(job + "/annuler") == 303
    assert claire.job_ends(job) == "Cancelled", claire.body
    took = time.monotonic() - began
    print(f"# cancelled within {took:.2f} s")
    assert took < 3, f"cancelled after {took:.1f} s"  # 1 s where nothing else runs
    assert claire.firms() == 0
    assert claire.get(f"/imports/{token}") == 200 and "Columns" in claire.body  # the file still waits
    house.end()


def of_two_servers_one_does_it_and_the_other_when_it_is_killed(house):
    first = house.server()
    claire = Browser(first, "claire@example.org")
    _, job = ask_import(claire, firms_csv(ROWS))
    second = house.server()
    while "<progress" not in claire.body:
        assert claire.get(job) == 200
        assert "http-equiv" in claire.body, "it ended before its server could be killed"
    first.kill()
    killed = time.monotonic()
    claire.server = second
    while "<progress" not in claire.body or time.monotonic() - killed < 1:
        assert claire.get(job) == 200
        if "http-equiv" not in claire.body:
            break
        time.sleep(0.1)
    assert claire.job_ends(job) == "Done", claire.body
    print(f"# done by the other {time.monotonic() - killed:.1f} s after the first was killed")
    assert claire.firms() == ROWS
    house.servers.remove(first)
    house.end()


def killed_at_any_moment_it_is_whole_or_absent_and_once(house):
    content, pictures, worst = firms_csv(ROWS), set(), 0.0
    claire = Browser(house.server(), "claire@example.org")
    began = time.monotonic()
    token, job = ask_import(claire, content)
    assert claire.job_ends(job) == "Done"
    length = time.monotonic() - began
    for _ in range(ROUNDS):
        worst = max(worst, killed_within(house, claire, ask_undo(claire, token), length / 2))
        assert claire.firms() == 0
        token, job = ask_import(claire, content)
        worst = max(worst, killed_within(house, claire, job, length / 2))
        assert claire.firms() == ROWS
        pictures.add(picture(claire))
    print(f"# {2 * ROUNDS} kills during {ROWS} rows in and out; done {worst:.1f} s after at worst, {length:.1f} s undisturbed")
    assert len(pictures) == 1, "the same file left different records"
    house.end()
    run("verify", house.place)


def killed_within(house, browser, job, most):
    """The server is killed and started again: how long after that the job was done."""
    time.sleep(random.random() * most)
    browser.server.kill()
    house.servers.remove(browser.server)
    killed = time.monotonic()
    browser.server = house.server()
    assert browser.firms() in (0, ROWS), f"{browser.firms()} of {ROWS} are there"
    assert browser.job_ends(job) == "Done", browser.body
    return time.monotonic() - killed


def ask_undo(browser, token):
    assert browser.get(f"/imports/{token}") == 200
    action = re.search(r'action="(/imports/\d+/annuler)"', browser.body).group(1)
    assert browser.post(action) == 303, browser.body
    return browser.location.split("?")[0]


def a_long_import_is_taken_back_from_the_feed(house):
    claire = Browser(house.server(), "claire@example.org")
    token, job = ask_import(claire, firms_csv(ROWS))
    assert claire.job_ends(job) == "Done"
    assert claire.get("/activite") == 200
    action = re.search(r'action="(/activite/ensemble/[0-9a-f]+/annuler)"', claire.body).group(1)
    assert claire.post(action, {"retour": "/annuaire"}) == 303, claire.body
    job = claire.location
    assert re.fullmatch(r"/travaux/\d+\?suite", job), job
    assert claire.job_ends(job.split("?")[0]) == "Done", claire.body
    assert claire.get(job) == 303 and claire.location == "/annuaire"
    assert claire.firms() == 0
    house.end()
    run("verify", house.place)


def picture(browser):
    """All firms, as the export has them, in the order of their names."""
    return export(browser, "/fiches/organisation?format=csv&col=name&col=activity&col=visibility&tri=name")


def export(browser, path):
    assert browser.get(path) == 200
    if "attachment" in browser.headers.get("Content-Disposition", ""):
        return browser.raw
    page = re.search(r'name="page" value="([^"]*)"', browser.body).group(1).replace("&amp;", "&")
    assert browser.post("/travaux", {"page": page, "list": "Firms"}) == 303, browser.body
    job = browser.location
    assert browser.job_ends(job) == "Done", browser.body
    assert browser.get(job + "/fichier") == 200
    assert "attachment" in browser.headers["Content-Disposition"]
    return browser.raw


def a_long_list_is_a_file_that_is_fetched_later(house):
    server = house.server()
    claire, anne = Browser(server, "claire@example.org"), Browser(server, "anne@example.org")
    rows = 5200
    token, job = ask_import(claire, firms_csv(rows))
    assert claire.job_ends(job) == "Done"
    got = export(claire, "/fiches/organisation?format=csv&col=name").decode("utf-8-sig")
    assert got.count("Firm ") == rows, got.count("Firm ")
    job = claire.get("/travaux") == 200 and re.search(r"/travaux/\d+", claire.body).group(0)
    assert claire.get(job + "/fichier") == 200
    assert anne.get(job + "/fichier") == 404
    # what makes no file is no export
    assert claire.post("/travaux", {"page": "/annuaire", "list": "x"}) == 303
    assert claire.job_ends(claire.location) == "Failed"
    assert claire.post("/travaux", {"page": "https://example.org/", "list": "x"}) == 422
    house.end()


def the_command_sees_cancels_and_does(house):
    server = house.server()
    claire = Browser(server, "claire@example.org")
    token, job = ask_import(claire, firms_csv(ROWS))
    while "<progress" not in claire.body:
        assert claire.get(job) == 200
        time.sleep(0.05)
    server.kill()
    house.servers.clear()
    number = job.split("/")[-1]
    line = run("jobs", "list", house.folder).splitlines()[0].split("\t")
    assert line[1] == number and line[2] == "import" and line[3] in ("running", "en cours"), line
    time.sleep(LEASE_S + 1)
    assert run("jobs", "run", house.folder).strip()
    assert "\tdone\t" in run("jobs", "show", house.folder, "--job", number).replace("terminé", "done")
    server = house.server()
    claire.server = server
    assert claire.firms() == ROWS
    assert claire.get(f"/imports/{token}") == 200 and "kept" in claire.body
    house.end()


TESTS = [a_long_import_is_watched_to_its_end, a_cancelled_import_leaves_nothing,
         of_two_servers_one_does_it_and_the_other_when_it_is_killed, a_long_list_is_a_file_that_is_fetched_later,
         a_long_import_is_taken_back_from_the_feed, the_command_sees_cancels_and_does, killed_at_any_moment_it_is_whole_or_absent_and_once]


def main():
    print(f"1..{len(TESTS)}", flush=True)
    failed = 0
    for number, test in enumerate(TESTS, 1):
        if os.environ.get("ONLY") and os.environ["ONLY"] not in test.__name__:
            continue
        with tempfile.TemporaryDirectory(prefix="grappe-jobs-") as folder:
            house = None
            try:
                house = House(folder)
                test(house)
                print(f"ok {number} - {test.__name__}", flush=True)
            except Exception:  # noqa: every failure is told, then the next test runs
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print("#", line)
                print(f"not ok {number} - {test.__name__}", flush=True)
            finally:
                for server in house.servers if house else []:
                    if server.process.poll() is None:
                        server.kill()
    return failed != 0


sys.exit(main())
