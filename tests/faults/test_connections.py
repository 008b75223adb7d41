#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections that only cost: thousands that say nothing, hundreds whose head, body or reading comes by the byte. Good
clients hardly notice, an idle connection costs at most 32 KiB, and no descriptor stays behind.

usage: test_connections.py GRAPPE     (prints TAP; 600 idle and 50 of each slow kind, FAULTS=full 10,000 and 200)
"""
import resource
import select
import socket
import threading
import time

from served import FULL, House, main, say, test

IDLE, SLOW = (10000, 200) if FULL else (600, 50)
IDLE_KIB = 32
NOISE_S = 0.02  # what a busy machine adds to any wait
HEAD = b"GET /annuaire HTTP/1.1\r\nHost: localhost\r\n"
SENT = {"slow heads": HEAD + b"X-Slow: ",
        "slow bodies": b"POST /connexion HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
                       b"Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        "slow readers": b"GET /nomenclature HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3}


def connect(port, number, receive=None):
    """From one of many loopback addresses: no single one may have many."""
    s = socket.socket()
    if receive:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    s.bind((f"127.0.{1 + number // 200 % 200}.{1 + number % 200}", 0))
    s.settimeout(20)
    s.connect(("127.0.0.1", port))
    s.setblocking(False)
    return s


class Crawl(threading.Thread):
    """Keeps slow connections alive: a byte each second each way."""

    def __init__(self, slow):
        super().__init__()
        self.slow, self.over, self.lost = slow, threading.Event(), 0

    def run(self):
        while not self.over.wait(1):
            for kind, sockets in self.slow.items():
                for s in list(sockets):
                    try:
                        if kind == "slow readers":
                            s.recv(1)
                        else:
                            s.send(b"x")
                    except BlockingIOError:
                        pass
                    except OSError:
                        sockets.remove(s)
                        self.lost += 1


def waits(house, server, count):
    """Seconds that good clients wait for a record, sorted: four at a time, as browsers beside each other."""
    found = []

    def ask():
        client = house.client(server)
        for _ in range(count // 4):
            began = time.monotonic()
            answer = client.get("/api/v1/records/organisation?limit=1")
            assert answer and answer[0] == 200, answer
            found.append(time.monotonic() - began)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == count // 4 * 4, "a good client was not served"
    return sorted(found)


def p99(found):
    return found[len(found) * 99 // 100]


def still_open(sockets):
    """Those that the server has not closed."""
    poll, closed = select.poll(), 0
    for s in sockets:
        poll.register(s, select.POLLIN)
    closed = len(poll.poll(0))
    return len(sockets) - closed


def attack(house, server, asked):
    """One siege and its end: what it cost, and good clients' p99 beside the slow ones, then beside all."""
    slow = {kind: [connect(server.port, n, 4096 if kind == "slow readers" else None) for n in range(SLOW)]
            for kind in SENT}
    for kind, sockets in slow.items():
        for s in sockets:
            s.send(SENT[kind])
    crawl = Crawl(slow)
    crawl.start()
    time.sleep(3)  # the pages that slow readers asked for are drawn
    beside_slow = p99(waits(house, server, asked))
    at = server.memory_kib()
    idle = [connect(server.port, n) for n in range(IDLE)]
    time.sleep(1)
    each, reached = (server.memory_kib() - at) / IDLE, still_open(idle)
    beside_all = p99(waits(house, server, asked))
    crawl.over.set()
    crawl.join()
    for s in idle + [s for sockets in slow.values() for s in sockets]:
        s.close()
    time.sleep(2)
    waits(house, server, 100)
    return each, reached, crawl.lost, beside_slow, beside_all


@test
def slow_and_silent_connections_do_not_keep_others_waiting(folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    house = House(folder)
    server = house.serve()
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asked = 4000 if FULL else 400
    waits(house, server, asked)
    alone = p99(waits(house, server, asked))
    attack(house, server, 40)  # the first one makes what later ones use again: readers, workers' memory
    sockets = server.sockets()
    each, reached, lost, beside_slow, beside_all = attack(house, server, asked)
    left = server.sockets() - sockets
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    say(f"{reached} idle at {each:.1f} KiB each, {3 * SLOW} slow ({lost} closed by the server); p99 of good clients "
        f"{alone * 1e3:.1f} ms alone, {beside_slow * 1e3:.1f} beside slow ones, {beside_all * 1e3:.1f} beside all; "
        f"{left} sockets more at the end")
    server.stop()
    assert reached == IDLE, f"{IDLE - reached} idle connections were not kept"
    assert each <= IDLE_KIB, f"an idle connection costs {each:.1f} KiB"
    assert left <= 8, f"{left} sockets stay behind"
    for found in beside_slow, beside_all:
        assert found <= 2 * alone + NOISE_S, f"p99 {found:.3f} s instead of {alone:.3f} s"


@test
def one_address_cannot_have_them_all(folder):
    """The planted one: all from one address. It is told apart by being cut off."""
    house = House(folder)
    server = house.serve()
    kept = []
    for _ in range(600):
        s = socket.socket()
        s.connect(("127.0.0.1", server.port))
        kept.append(s)
    time.sleep(0.5)
    open_now = still_open(kept)
    for s in kept:
        s.close()
    server.stop()
    assert open_now <= 512, f"{open_now} connections of one address"


main()
