#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that is full, and freed again: everything can still be read, whoever writes is told that there is no room, and
writing goes on without a restart once there is.

usage: test_disk_full.py GRAPPE     (prints TAP; as root on a small memory disk, else with a limit on the size of files)
"""
import os
import re
import resource
import sqlite3
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from served import FULL, House, Ledger, main, say, test

PASSWORD = "horloge comtoise bleue"
READS = ["/annuaire", "/fiches/organisation", "/fiches/organisation/nouvelle", "/nomenclature", "/compte/jetons"]


class Browser:
    """Somebody signed in on the pages. `ask` gives (status, body)."""

    def __init__(self, server):
        self.base = f"http://127.0.0.1:{server.port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        status, _ = self.post("/connexion", "/connexion", email="anne@example.org", password=PASSWORD)
        assert status == 200

    def ask(self, path, form=None):
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.base + path, body, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def post(self, page, path, **form):
        token = re.search(r'name="csrf" value="(\w+)"', self.ask(page)[1]).group(1)
        return self.ask(path, {**form, "csrf": token})


def two_minutes_pass(house):
    """For who is signed in: reading now wants to note that they were here."""
    with sqlite3.connect(os.path.join(house.folder, "directory.db"), timeout=10) as file:
        for table in "signed_in", "api_token":
            file.execute(f"UPDATE {table} SET seen_us = seen_us - 120000000")
    file.close()


def all_is_read(house, server, browser):
    client = house.client(server)
    for _ in range(5):
        assert client.get("/api/v1/records/organisation?limit=10")[0] == 200
        for path in READS:
            status, body = browser.ask(path)
            assert status == 200 and "</html>" in body, (path, status)
    client.connection.close()


def write_until_refused(house, server, ledger, word, most=20000):
    client = house.client(server, language="fr")
    for i in range(most):
        answer = client.create(f"{word} {i}")
        ledger.note(f"{word} {i}", answer)
        if answer is None or answer[0] != 201:
            return answer
    raise AssertionError("the disk is never full")


def full_and_freed(house, server, fill, free, statuses, words):
    ledger, browser = Ledger(), Browser(server)
    for turn in range(10 if FULL else 3):
        fill()
        answer = write_until_refused(house, server, ledger, f"full{turn}")
        assert answer and answer[0] in statuses and words in answer[1], answer
        all_is_read(house, server, browser)
        status, body = browser.post("/fiches/organisation/nouvelle", "/fiches/organisation/nouvelle",
                                    name=f"form{turn}", visibility="space")
        assert status in statuses and words in body, (status, body[-300:])
        free()
        client = house.client(server)
        for i in range(20):
            answer = client.create(f"freed{turn} {i}")
            ledger.note(f"freed{turn} {i}", answer)
            assert answer and answer[0] == 201, answer
    result = ledger.judge(house.client(server).everything())
    assert result == (0, 0, 0), result
    server.stop()
    house.verify()
    say(f"{len(ledger.acknowledged)} acknowledged, {len(ledger.refused)} refused, 0 lost; every page was read")


@test
def a_full_disk_is_read_and_written_again_once_freed(folder):
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "none", disk], check=False,
                                           capture_output=True).returncode:
        say("no disk of one's own can be made here: only the next test is run")
        return
    try:
        house, filler = House(disk, password=PASSWORD), os.path.join(disk, "filler")
        server = house.serve(log=folder + "/log")

        def fill():
            two_minutes_pass(house)
            with open(filler, "wb", buffering=0) as file:
                try:
                    while file.write(bytes(4096)):
                        pass
                except OSError:
                    pass
        full_and_freed(house, server, fill, lambda: os.remove(filler), (507, 503), "Le disque est plein")
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


@test
def files_that_may_not_grow_are_read_and_written_again_once_they_may(folder):
    house = House(folder, password=PASSWORD)
    server = house.serve()

    def limit(most):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def fill():
        two_minutes_pass(house)
        limit(os.path.getsize(house.place + "-wal") + 20000)
    full_and_freed(house, server, fill, lambda: limit(resource.RLIM_INFINITY), (503, 507), "ne peut pas")


main()
