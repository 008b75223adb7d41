#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9 of the server while both sides and the facilitators act on introductions over HTTP. After each restart the
two records of each introduction agree, its state is one to which its journal leads by steps of the table, nothing
acknowledged is lost or done twice, and what was cut off is done once when it is asked again. And what happens at once:
a hundred times the same act, fifty consents.

usage: test_introductions.py GRAPPE     (prints TAP; 6 rounds an engine, FAULTS=full 200 on files and 60 on PostgreSQL)
"""
import json
import os
import pathlib
import random
import re
import sqlite3
import threading
import time

from served import FULL, Client, House, grappe, main, say, test

CLUSTER = os.environ["TEST_POSTGRES"]
FIRMS, NEEDS = 7, 3
PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "introductions.md").read_text(encoding="utf-8")
CODES = {label: code for code, label in re.findall(r"^\| `(\w+)` \| ([^|]+) \| [a-z:]", PAGE, re.M)}
STEPS = {(a, act): b for a, b, act in re.findall(r"^ +(\w+) --> (\w+): (\w+) \(", PAGE, re.M)}
STEPS |= {(state, "close"): "expired" for state in {a for a, _ in STEPS}}
REASONS = {"decline": "other", "close": "other", "finish": "other"}


def told(answer, status=200):
    assert answer and answer[0] == status, answer
    return json.loads(answer[1]) if answer[1] else None


class Deals:
    """A space with confidential needs of a brand, firms that are asked about them, and a token for each person."""

    def __init__(self, folder, database=None):
        self.house = House(folder, database)
        self.server = self.house.serve()
        host = self.house.client(self.server)
        firms = [told(host.ask("POST", "/api/v1/records/organisation", {"name": f"Firme {n}", "visibility": "space"}), 201)
                 for n in range(FIRMS)]
        self.brand, *self.firms = [firm["id"] for firm in firms]
        self.tokens = [self.person(n) for n in range(FIRMS)]
        self.needs = [told(host.ask("POST", "/api/v1/records/need", {
            "organisation": self.brand, "title": f"Besoin {n}", "text": "Des pièces.", "state": "open",
            "visibility": "confidential"}), 201)["id"] for n in range(NEEDS)]

    def person(self, n):
        mail = f"p{n}@example.org"
        grappe("person", "add", self.house.folder, "--name", f"Personne {n}", "--role", "member", "--email", mail,
               "--organisation", f"Firme {n}")
        return grappe("token", "add", self.house.folder, "--person", mail, "--name", "deals", "--scopes", "read,write").strip()

    def again(self):
        self.server.kill()
        self.server = self.house.serve()

    def host(self):
        return self.house.client(self.server)

    def of(self, n):
        """The buyer (0), or the head of a firm."""
        return Client(self.server.port, self.tokens[n])

    def propose(self, need=0, firm=0):
        path, wish = f"/api/v1/needs/{self.needs[need]}/introductions", {"organisation": self.firms[firm], "rank": 1}
        answer = self.of(0).ask("POST", path, wish)
        if answer and answer[0] == 409:  # it said no: the facilitators may ask again, and say why
            answer = self.host().ask("POST", path, wish | {"reason": "Encore."})
        return told(answer, 201)["id"]

    def read(self, ids):
        """id → its two records, and the states that the journal of each has, oldest first."""
        client, found = self.host(), {}
        for id in ids:
            deal = told(client.get(f"/api/v1/records/introduction/{id}"))
            card, = told(client.get(f"/api/v1/records/blind_card?introduction={id}"))["items"]
            found[id] = deal, card, states(client, "introduction", deal), states(client, "blind_card", card)
        return found


def states(client, kind, record):
    lines = told(client.get(f"/api/v1/records/{kind}/{record['id']}/history"))["items"]
    return [CODES[change["after"]] for line in reversed(lines) for change in line["changes"]
            if change["field"]["name"] == "state"]


class Ledger:
    """Acts that were asked since the introductions stood as they were found: acknowledged, or of unknown outcome."""

    def __init__(self, found):
        self.lock, self.acknowledged, self.unknown = threading.Lock(), [], []
        self.begun = {id: deal["version"] for id, (deal, _, _, _) in found.items()}

    def note(self, asked, answer):
        with self.lock:
            if answer is None:
                self.unknown.append(asked)
            elif answer[0] == 204:
                self.acknowledged.append(asked)
            else:
                assert answer[0] in (403, 404, 409, 422), answer


def judge(found, ledger):
    """What is wrong: (records that disagree, states that no step explains, acts lost, acts twice)."""
    apart = unexplained = 0
    for deal, card, path, path_of_card in found.values():
        same = all(deal[f] == card[f] for f in ("state", "since", "due", "version", "agreement")) and path == path_of_card
        apart += not same
        steps = all(b in {to for (a_, _), to in STEPS.items() if a_ == a} for a, b in zip(path, path[1:]))
        unexplained += not (path and path[0] == "proposed" and path[-1] == deal["state"] and steps and
                            len(path) == deal["version"])
    lost = sum(not led(found[asked["deal"]][2], asked) for asked in ledger.acknowledged)
    made = [(asked["deal"], asked["version"]) for asked in ledger.acknowledged]
    known = set(made) | {(asked["deal"], asked["version"]) for asked in ledger.unknown}
    twice = len(made) - len(set(made)) + sum((id, version) not in known for id, (deal, _, _, _) in found.items()
                                             for version in range(ledger.begun[id], deal["version"]))
    return apart, unexplained, lost, twice


def led(path, asked):
    """Is this act the one that was done on the version it was asked of?"""
    at = asked["version"]
    return len(path) > at and path[at] == STEPS.get((path[at - 1], asked["act"]))


def send(client, asked):
    body = {"act": asked["act"], "version": asked["version"], "reason": REASONS.get(asked["act"]),
            "agreement": asked["agreement"]}
    return client.ask("POST", asked["path"], {k: v for k, v in body.items() if v is not None}, Idempotency_Key=asked["key"])


def actor(ledger, kind, client, paths, seed, stop):
    """Somebody who does one of the acts that are theirs, again and again, until their connection breaks."""
    chance, count = random.Random(seed), 0
    while not stop.is_set():
        deal, path = chance.choice(paths)
        answer = client.get(path)
        if answer is None:
            return
        if answer[0] == 404:  # the facilitators asked: not the buyer's to know before the firm has said yes
            continue
        standing = told(answer)
        state = standing[kind]["state"]  # where "call me" is no step it is a wish: it leaves nothing to follow
        acts = [a["act"] for a in standing["acts"]
                if (state, a["act"]) in STEPS and (a["act"] not in REASONS or chance.random() < 0.1)]
        if not acts:
            continue
        count += 1
        asked = {"deal": deal, "path": path + "/acts", "version": standing[kind]["version"], "act": chance.choice(acts),
                 "agreement": standing["agreement"], "key": f"{seed}-{count}", "by": client}
        answer = send(client, asked)
        ledger.note(asked, answer)
        if answer is None:
            return


def act_all(deals, ledger, found, word):
    """The people of both sides and a facilitator act; call what is returned to end."""
    seen = [(id, f"/api/v1/introductions/{id}") for id in found]
    stop = threading.Event()
    who = [("introduction", deals.of(0), seen), ("introduction", deals.of(0), seen), ("introduction", deals.host(), seen)]
    for n, firm in enumerate(deals.firms):
        mine = [(id, f"/api/v1/cards/{card['id']}") for id, (_, card, _, _) in found.items() if card["organisation"] == firm]
        if mine:
            who.append(("card", deals.of(n + 1), mine))
    threads = [threading.Thread(target=actor, args=(ledger, kind, client, paths, f"{word}-{k}", stop))
               for k, (kind, client, paths) in enumerate(who)]
    for thread in threads:
        thread.start()

    def end():
        stop.set()
        for thread in threads:
            thread.join()
    return end


def kill_rounds(folder, rounds, database=None):
    deals, acknowledged, repeated = Deals(folder, database), 0, 0
    for number in range(rounds):
        ids = [deals.propose(need, firm) for need in range(NEEDS) for firm in range(FIRMS - 1)]  # what is open stays
        found = deals.read(ids)
        ledger = Ledger(found)
        end = act_all(deals, ledger, found, f"round{number}")
        while not ledger.acknowledged:
            time.sleep(0.01)
        time.sleep(random.random() * 0.3)
        deals.again()
        end()
        result = judge(deals.read(ids), ledger)
        assert result == (0, 0, 0, 0), f"round {number}: apart, unexplained, lost, twice = {result}"
        for asked in ledger.unknown:  # as a program does that got no answer
            asked["by"].connection.port = deals.server.port
            first, second = send(asked["by"], asked), send(asked["by"], asked)
            assert first and second and first[0] == second[0] and first[0] in (204, 409), (asked["act"], first, second)
            if first[0] == 204:
                ledger.note(asked, first)
                repeated += 1
        ledger.unknown = []
        result = judge(deals.read(ids), ledger)
        assert result == (0, 0, 0, 0), f"round {number}, asked again: apart, unexplained, lost, twice = {result}"
        acknowledged += len(ledger.acknowledged)
    deals.server.stop()
    deals.house.verify()
    say(f"{rounds} kills: {acknowledged} acts acknowledged, {repeated} of them when asked again; 0 records apart, 0 states "
        "unexplained, 0 lost, 0 done twice")
    assert acknowledged >= rounds


@test
def acts_survive_the_kill_of_the_server(folder):
    kill_rounds(folder, 200 if FULL else 6)


@test
def and_on_postgresql(folder):
    kill_rounds(folder, 60 if FULL else 2, CLUSTER + f"&schema=deals_{os.getpid()}")


def together(count, act):
    results, gate = [], threading.Barrier(count)

    def one(n):
        gate.wait()
        results.append(act(n))
    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def at_once(folder, database=None):
    deals = Deals(folder, database)
    id = deals.propose()
    card = deals.read([id])[id][1]
    yes = {"path": f"/api/v1/cards/{card['id']}/acts", "act": "accept", "version": 1, "agreement": None, "key": "same"}
    answers = together(100, lambda n: send(deals.of(1), yes))
    assert {a and a[0] for a in answers} == {204}, answers[0]
    assert deals.read([id])[id][2] == ["proposed", "accepted"]
    answers = together(50, lambda n: send(deals.of(0), {"path": f"/api/v1/introductions/{id}/acts", "act": "consent",
                                                        "version": None, "agreement": None, "key": f"consent-{n}"}))
    assert sorted(a[0] for a in answers) == [204] + [409] * 49, answers[0]
    deal, seen, path, path_of_card = deals.read([id])[id]
    assert path == path_of_card == ["proposed", "accepted", "agreed"] and deal["version"] == seen["version"] == 3
    deals.server.stop()
    deals.house.verify()


@test
def a_hundred_times_one_act_and_fifty_consents_have_one_effect_each(folder):
    at_once(folder)


@test
def and_on_postgresql_too(folder):
    at_once(folder, CLUSTER + f"&schema=once_{os.getpid()}")


@test
def what_is_torn_lost_or_doubled_is_found_out(folder):
    deals = Deals(folder)
    ids = [deals.propose(need, 0) for need in range(NEEDS)]
    found = deals.read(ids)
    ledger = Ledger(found)
    for id, (_, card, _, _) in found.items():
        yes = {"deal": id, "path": f"/api/v1/cards/{card['id']}/acts", "act": "accept", "version": 1,
               "agreement": None, "key": id}
        ledger.note(yes, send(deals.of(1), yes))
    assert judge(deals.read(ids), ledger) == (0, 0, 0, 0)
    torn, lost, doubled = ids
    ledger.acknowledged.append({**ledger.acknowledged[1], "version": 2, "act": "consent"})  # told, and never made
    told(deals.host().ask("POST", f"/api/v1/introductions/{doubled}/acts", {"act": "close", "reason": "other"}), 204)
    deals.server.kill()
    with sqlite3.connect(deals.house.place) as file:
        file.execute("UPDATE blind_card SET state = 'proposed' WHERE introduction = ?", (torn,))
        file.execute("UPDATE introduction SET state = 'quoted' WHERE id = ?", (lost,))
    file.close()
    deals.server = deals.house.serve()
    assert judge(deals.read(ids), ledger) == (2, 1, 1, 1)
    deals.server.kill()


main()
