#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A write that is sent twice is done once, also by a hundred at a time and across a server that is killed.

usage: test_once.py GRAPPE     (prints TAP; TEST_ENGINE=postgres, TEST_POSTGRES: on that cluster)
"""
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

GRAPPE = os.path.abspath(sys.argv[1])
ON_POSTGRES = os.environ.get("TEST_ENGINE") == "postgres"
EMAIL, PASSWORD = "anne@example.org", "horloge comtoise bleue"
KILLS = 25
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def grappe(*words, stdin=""):
    done = subprocess.run([GRAPPE, *words], input=stdin, capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "en_GB.UTF-8"})
    assert done.returncode == 0, f"grappe {' '.join(words)}: {done.stderr}"
    return done.stdout


class House:
    """A space with a facilitator, and a server of it that can be killed and started again."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "house")
        name = f"once{os.getpid()}"
        database = ["--database", os.environ["TEST_POSTGRES"]] if ON_POSTGRES else []
        grappe("init", self.folder, "--name", name, "--title", "Once", *database)
        grappe("person", "add", self.folder, "--name", "Anne", "--role", "facilitator", "--email", EMAIL,
               "--password-stdin", stdin=PASSWORD)
        told = grappe("token", "add", self.folder, "--person", EMAIL, "--name", "x", "--scopes", "read,write")
        self.token = re.search(r"grp_[0-9a-f]{64}", told).group()
        self.server = None
        self.start()

    def start(self):
        self.server = subprocess.Popen([GRAPPE, "serve", self.folder, "--port", "0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True)
        lines = ""
        while True:
            line = self.server.stdout.readline()
            lines += line
            assert line, "the server ended without an address: " + lines
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                return

    def kill(self, how=signal.SIGKILL):
        self.server.send_signal(how)
        self.server.wait(60)
        self.server.stdout.close()

    def send(self, method, path, body=None, key=None, headers=(), read=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {"Authorization": "Bearer " + self.token, **dict(headers)}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if key:
            sent["Idempotency-Key"] = key
        connection.request(method, path, body=None if body is None else json.dumps(body), headers=sent)
        if not read:
            return connection
        answer = connection.getresponse()
        result = (answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return result

    def named(self, name):
        status, _, body = self.send("GET", "/api/v1/records/organisation?name=" + urllib.parse.quote(name))
        assert status == 200, body
        return json.loads(body)["total"]


def same(answers):
    return {(status, headers.get("Location"), headers.get("ETag"), body) for status, headers, body in answers}


def together(count, act):
    """`count` threads that begin at once; their results."""
    results, gate = [], threading.Barrier(count)

    def one():
        gate.wait()
        results.append(act())
    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@test
def a_hundred_at_once_have_one_effect_and_one_answer(house):
    answers = together(100, lambda: house.send("POST", "/api/v1/records/organisation", {"name": "Cent fois"}, "cent"))
    assert len(answers) == 100 and len(same(answers)) == 1, same(answers)
    assert answers[0][0] == 201 and house.named("Cent fois") == 1
    assert sum("Idempotency-Replayed" in headers for _, headers, _ in answers) == 99


@test
def without_a_key_each_one_counts(house):
    answers = together(10, lambda: house.send("POST", "/api/v1/records/organisation", {"name": "Dix fois"}))
    assert len(same(answers)) == 10 and house.named("Dix fois") == 10


@test
def a_hundred_changes_of_one_version_are_one(house):
    _, headers, _ = house.send("POST", "/api/v1/records/organisation", {"name": "Avant"})
    where = headers["Location"]
    answers = together(100, lambda: house.send("PATCH", where, {"name": "Après"}, "apres", {"If-Match": '"1"'}))
    assert len(same(answers)) == 1 and answers[0][0] == 200, same(answers)
    assert json.loads(house.send("GET", where)[2])["version"] == 2


@test
def the_first_answer_comes_after_a_kill_between_commit_and_answer(house):
    unread = house.send("POST", "/api/v1/records/organisation", {"name": "Tuée après"}, "tuee", read=False)
    for _ in range(1000):
        if house.named("Tuée après"):
            break
        time.sleep(0.01)
    house.kill()
    unread.close()
    house.start()
    first, second = (house.send("POST", "/api/v1/records/organisation", {"name": "Tuée après"}, "tuee")
                     for _ in range(2))
    assert first[0] == 201 and first[1]["Idempotency-Replayed"] == "true" and len(same([first, second])) == 1
    assert house.send("GET", first[1]["Location"])[2] == first[2] and house.named("Tuée après") == 1


@test
def a_kill_at_any_moment_leaves_one_effect_after_a_retry(house):
    chance = random.Random(7)
    for n in range(KILLS):
        name, key = f"Coupée {n:03d}", f"coupee-{n:03d}"
        unread = house.send("POST", "/api/v1/records/organisation", {"name": name}, key, read=False)
        time.sleep(chance.random() * 0.02)
        house.kill()
        unread.close()
        house.start()
        answer = house.send("POST", "/api/v1/records/organisation", {"name": name}, key)
        assert answer[0] == 201 and house.named(name) == 1, (n, answer)


@test
def a_form_posted_twice_from_one_page_is_one(house):
    jar = {}

    def browse(method, path, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
        connection.request(method, path, urllib.parse.urlencode(form) if form else None,
                           {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items()),
                            **({"Content-Type": "application/x-www-form-urlencoded"} if form else {})})
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";")[0].split("=", 1)
            jar[name] = value
        return answer.status, answer.headers.get("Location"), answer.read().decode()

    def csrf(page):
        return re.search(r'name="csrf" value="([0-9a-f]+)"', page).group(1)
    form = {"email": EMAIL, "password": PASSWORD, "csrf": csrf(browse("GET", "/connexion")[2])}
    assert browse("POST", "/connexion", form)[0] == 303
    page = "/fiches/organisation/nouvelle"
    form = {"name": "Double clic", "csrf": csrf(browse("GET", page)[2])}
    posted = together(5, lambda: browse("POST", page, form)[:2])
    assert {status for status, _ in posted} == {303} and len(set(posted)) == 1, posted
    assert house.named("Double clic") == 1
    assert browse("POST", page, {**form, "name": "Double clic corrigé"})[1] != posted[0][1]
    form["csrf"] = csrf(browse("GET", page)[2])  # wanted again, from a page drawn since
    assert browse("POST", page, form)[1] != posted[0][1]
    assert house.named("Double clic") == 3


def main():
    failed = 0
    print(f"1..{len(TESTS)}")
    with tempfile.TemporaryDirectory() as folder:
        house = House(folder)
        for number, function in enumerate(TESTS, 1):
            try:
                function(house)
                print(f"ok {number} - {function.__name__}", flush=True)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} - {function.__name__}", flush=True)
                print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
        house.kill(signal.SIGTERM)
    return failed > 0


sys.exit(main())
