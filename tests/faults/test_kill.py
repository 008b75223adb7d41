#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9 of the server under eight writers who keep a ledger: what was acknowledged is there, whole and once, the server
is back within two seconds, the journal's chain holds. On PostgreSQL its own process is killed too, under a server that
lives on. And the proof that the ledger would notice.

usage: test_kill.py GRAPPE     (prints TAP; 8 rounds an engine, FAULTS=full 200 on files and 60 on PostgreSQL)
"""
import os
import random
import re
import signal
import sqlite3
import subprocess
import time

from served import FULL, House, Ledger, main, say, test, writers

READY_S = 2.0 if FULL else 10.0  # short runs are sanitized, on machines that do other things
CLUSTER = os.environ["TEST_POSTGRES"]


def check(house, server, ledger, word):
    found = house.client(server).everything(word)
    result = ledger.judge(found)
    assert result == (0, 0, 0), f"{word}: lost, torn, duplicated = {result}"
    return len(found)


def kill_rounds(folder, rounds, database=None):
    house, slowest, acknowledged, unknown = House(folder, database), 0.0, 0, 0
    for number in range(rounds):
        ledger, word, server = Ledger(), f"round{number}", house.serve()
        slowest = max(slowest, server.ready_s)
        end = writers(house, server, ledger, word)
        while not ledger.acknowledged:  # a busy machine takes its time
            time.sleep(0.01)
        time.sleep(random.random() * 0.25)
        server.kill()
        end()
        server = house.serve()
        slowest = max(slowest, server.ready_s)
        check(house, server, ledger, word)
        acknowledged += len(ledger.acknowledged)
        unknown += len(ledger.unknown)
        server.kill()  # idle: it must bear that too
        if number % 20 == 19:
            house.verify()
    house.verify()
    say(f"{rounds} rounds: {acknowledged} acknowledged, 0 lost, 0 torn, 0 duplicated; {unknown} of unknown outcome; "
        f"ready after at most {slowest:.2f} s")
    assert acknowledged >= rounds
    assert slowest <= READY_S, f"ready only after {slowest:.2f} s"


@test
def what_was_acknowledged_survives_the_kill_of_the_server(folder):
    kill_rounds(folder, 200 if FULL else 8)


@test
def and_on_postgresql(folder):
    kill_rounds(folder, 60 if FULL else 3, CLUSTER + f"&schema=kill_{os.getpid()}")


def backend_of(writing):
    """A process of the cluster that serves our program."""
    listed = subprocess.run(["psql", "-At", CLUSTER, "-c", "SELECT pid FROM pg_stat_activity WHERE pid <> "
                             "pg_backend_pid() AND backend_type = 'client backend'"], capture_output=True, text=True,
                            check=True).stdout.split()
    return int(random.choice(listed)) if listed else None


@test
def a_killed_postgresql_is_awaited_and_loses_nothing(folder):
    """Its postmaster restarts all backends and recovers; our server lives, says so meanwhile, and goes on."""
    house, ledger, rounds, longest = House(folder, CLUSTER + f"&schema=back_{os.getpid()}"), Ledger(), 20 if FULL else 2, 0
    server = house.serve()
    client = house.client(server)
    for number in range(rounds):
        end = writers(house, server, ledger, f"round{number}")
        time.sleep(0.3)
        pid = backend_of(server)
        if pid:
            os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        while True:  # until a change goes through again
            name = f"after {number} {time.monotonic()}"
            answer = client.create(name)
            ledger.note(name, answer)
            if answer and answer[0] == 201 and time.monotonic() - began > 0.5:
                break
            assert time.monotonic() - began < 20, f"still {answer} after 20 s"
            time.sleep(0.05)
        longest = max(longest, time.monotonic() - began)
        end()
    # a refusal whose outcome the server could not know may stand
    ledger.unknown += ledger.refused
    ledger.refused = []
    check(house, server, ledger, "")
    server.stop()
    house.verify()
    say(f"{rounds} kills of PostgreSQL: {len(ledger.acknowledged)} acknowledged, 0 lost, 0 torn, 0 duplicated; "
        f"writing again after at most {longest:.1f} s")


@test
def a_client_that_counts_too_early_is_found_out(folder):
    """Counting what was sent, as a server does that answers before its commit, loses some at a kill."""
    house, lost = House(folder), 0

    def too_early(ledger, name, answer):
        if answer == "sending":
            ledger.note(name, (201, ""))
    for number in range(40):
        ledger, server = Ledger(), house.serve()
        end = writers(house, server, ledger, f"early{number}", tell=too_early)
        time.sleep(0.1)
        server.kill()
        end()
        server = house.serve()
        lost, _, _ = ledger.judge(house.client(server).everything(f"early{number}"))
        server.kill()
        if lost:
            break
    assert lost, "no change was under way at any of the kills"


@test
def halves_doubles_and_a_broken_chain_are_found_out(folder):
    house, ledger = House(folder), Ledger()
    server = house.serve()
    client = house.client(server)
    for name in "twice", "twice", "half":
        ledger.note(name, client.create(name))
    server.kill()
    with sqlite3.connect(house.place) as file:
        file.execute("DELETE FROM record_term WHERE record = (SELECT id FROM organisation WHERE name = 'half') AND"
                     " term = (SELECT min(term) FROM record_term WHERE record ="
                     " (SELECT id FROM organisation WHERE name = 'half'))")
    file.close()
    server = house.serve()
    assert ledger.judge(house.client(server).everything()) == (0, 1, 1)
    server.stop()
    house.verify()
    with sqlite3.connect(house.place) as file:
        file.execute("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)")
    file.close()
    failed = False
    try:
        house.verify()
    except AssertionError as said:
        failed = bool(re.search(r": 65: ", str(said)))
    assert failed, "a journal without its last entry passes"


main()
