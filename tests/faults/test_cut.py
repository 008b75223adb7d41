#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way to PostgreSQL is cut at each step of the protocol, by a proxy between: within five seconds whoever changes
something is told, nothing is done twice or by half, what was acknowledged is there, the next request is served.

usage: test_cut.py GRAPPE     (prints TAP; needs TEST_POSTGRES; every ninth step, FAULTS=full all of them)
"""
import os
import re
import socket
import struct
import threading
import time

from served import FULL, House, Ledger, main, say, test

CLUSTER = os.environ["TEST_POSTGRES"]
TOLD_S = 5.0


class Proxy:
    """Between a server of ours and PostgreSQL's socket. Cuts the connection on which the nth message from
    cut_after(n) on is about to pass, in either direction."""

    def __init__(self):
        self.target = re.search(r"host=([^&]+)", CLUSTER).group(1) + "/.s.PGSQL.5432"
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.lock, self.left, self.cuts = threading.Lock(), None, 0
        threading.Thread(target=self.accept, daemon=True).start()

    def cut_after(self, messages):
        with self.lock:
            self.left = messages

    def heal(self):
        """Did it cut?"""
        with self.lock:
            done, self.left = self.left == 0, None
        return done

    def accept(self):
        while True:
            near, _ = self.listening.accept()
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # message by message, without waiting
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.target)
            for one, other, typed in (near, far, False), (far, near, True):
                threading.Thread(target=self.pass_on, args=(one, other, typed), daemon=True).start()

    def may_pass(self):
        with self.lock:
            if self.left:
                self.left -= 1
                self.cuts += self.left == 0
                return self.left > 0
            return True

    def message(self, source, typed):
        """One whole message; the first that a client sends has no type."""
        def read(count):
            got = b""
            while len(got) < count:
                more = source.recv(count - len(got))
                if not more:
                    raise OSError("closed")
                got += more
            return got
        head = read(5 if typed else 4)
        return head + read(struct.unpack(">I", head[-4:])[0] - 4)

    def pass_on(self, source, sink, typed):
        try:
            while True:
                whole = self.message(source, typed)
                typed = True
                if not self.may_pass():
                    break
                sink.sendall(whole)
        except OSError:
            pass
        for s in source, sink:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def cut_everywhere(folder, word, step, change, enough=lambda: False, sweeps=1):
    """Cuts at message 1, 1 + step, ... of a change until it needs no more, or all of that again until it is enough;
    the ledger, and the longest wait. A change alone is not always as many messages: the server has work of its own."""
    proxy = Proxy()
    database = f"postgresql://grappe@/postgres?host=127.0.0.1&port={proxy.port}&sslmode=disable&gssencmode=disable&schema={word}_{os.getpid()}"
    house, ledger, longest = House(folder, database), Ledger(), 0.0
    server = house.serve()
    client = house.client(server)
    nth, sweep = 1, 1
    while True:
        name = f"{word} {sweep}.{nth}"
        proxy.cut_after(nth)
        began = time.monotonic()
        answer = change(client, name)
        longest = max(longest, time.monotonic() - began)
        cut = proxy.heal()
        # a refusal after a cut may hide a commit: the words say so
        (ledger.unknown.append(name) if answer and answer[0] >= 500 else ledger.note(name, answer))
        assert answer, f"cut at {nth}: no answer"
        assert answer[0] in (201, 503), f"cut at {nth}: {answer}"
        began, next_name = time.monotonic(), f"{word} after {sweep}.{nth}"
        after = client.create(next_name)
        longest = max(longest, time.monotonic() - began)
        ledger.note(next_name, after)
        assert after and after[0] == 201, f"after the cut at {nth}: {after}"
        if enough() or (not cut and sweep == sweeps):
            break
        nth, sweep = (nth + step, sweep) if cut else (1, sweep + 1)
    found = client.everything()
    server.stop()
    house.verify()
    return proxy, ledger, found, longest


@test
def a_connection_cut_at_any_step_changes_nothing_twice_and_is_told(folder):
    step = 1 if FULL else 9
    proxy, ledger, found, longest = cut_everywhere(folder, "cut", step, lambda client, name: client.create(name))
    result = ledger.judge(found)
    stand = sum(name in found for name in ledger.unknown)
    say(f"{proxy.cuts} cuts: {len(ledger.unknown)} told as failed ({stand} of them stand after all), told within "
        f"{longest:.2f} s; lost, torn, duplicated: {result}")
    assert proxy.cuts >= 5 and ledger.unknown
    assert result == (0, 0, 0)
    assert longest <= TOLD_S


@test
def asked_again_under_its_key_it_is_done_once(folder):
    def twice(client, name):
        first = client.create(name, Idempotency_Key=name.replace(" ", "-"))
        if first and first[0] == 201:
            return first
        return client.create(name, Idempotency_Key=name.replace(" ", "-"))
    _, ledger, found, _ = cut_everywhere(folder, "key", 1 if FULL else 9, twice)
    assert ledger.judge(found) == (0, 0, 0)
    assert all(name in found for name in ledger.acknowledged)


@test
def a_client_that_repeats_without_a_key_is_found_out(folder):
    """The planted one: where the cut came after the commit, the repetition stands twice."""
    doubled = []

    def twice(client, name):
        first = client.create(name)
        if first and first[0] == 201:
            return first
        second = client.create(name)
        if len(client.everything(name)[name]) > 1:
            doubled.append(name)
        return second
    _, ledger, found, _ = cut_everywhere(folder, "again", 1, twice, lambda: doubled, sweeps=9)
    assert ledger.judge(found)[2] > 0


main()
