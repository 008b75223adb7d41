#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters reach people by a real mail server: also one that refuses, hangs, drops the line, or is away, and when
ours is killed in between.

usage: test_mail.py GRAPPE [TEST...]     (prints TAP)
"""
import email.message
import email.utils
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

from imap_server import PASSWORD, BrokenImapServer, ImapServer
from smtp_server import SmtpServer

GRAPPE = os.path.abspath(sys.argv[1])
TESTS = []


def test(function):
    if not sys.argv[2:] or function.__name__ in sys.argv[2:]:
        TESTS.append(function)
    return function


def grappe(*words, stdin="", language="en_GB.UTF-8"):
    done = subprocess.run([GRAPPE, *words], input=stdin, capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": language})
    assert done.returncode == 0, f"grappe {' '.join(words)}: {done.stderr}"
    return done.stdout


def until(true, seconds=20, what="nothing happened"):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


class House:
    """A space with people, and a server of it that may be killed and started again."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "house")
        grappe("init", self.folder, "--name", "poste", "--title", "Fédération de l’Arve")
        for name in ("Anne", "Béa", "Carl", "Dora", "Émile"):
            plain = {"Béa": "bea", "Émile": "emile"}.get(name, name.lower())
            grappe("person", "add", self.folder, "--name", name, "--role", "member",
                   "--email", f"{plain}@example.org", language="en_GB.UTF-8" if name == "Béa" else "fr_FR.UTF-8")
        self.server = None

    def start(self, *words, environment=None):
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.server = subprocess.Popen([GRAPPE, "serve", self.folder, "--port", "0", *words], stderr=self.log,
                                       env={**os.environ, **(environment or {})})
        until(lambda: re.search(r"http://127\.0\.0\.1:(\d+)", self.read_log()), what="no address")
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)", self.read_log()).group(1))

    def read_log(self):
        with open(self.log.name, encoding="utf-8") as text:
            return text.read()

    def end(self, how=signal.SIGTERM):
        if self.server:
            self.server.send_signal(how)
            self.server.wait(30)
            self.log.close()
            self.server = None

    def ask(self, address):
        """Somebody asks for a link; the seconds it took."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/connexion")
        page = connection.getresponse()
        text = page.read().decode()
        token = re.search(r'name="csrf" value="([^"]*)"', text).group(1)
        cookies = "; ".join(value.split(";")[0] for name, value in page.getheaders() if name == "Set-Cookie")
        begun = time.monotonic()
        connection.request("POST", "/connexion/lien",
                           urllib.parse.urlencode({"csrf": token, "email": address}),
                           {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies,
                            "Sec-Fetch-Site": "same-origin"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 303, answer.status
        return time.monotonic() - begun

    def request(self, method, path, body=None, headers=None):
        """Status and text of the answer, to somebody without a cookie."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def opens(self, link):
        return self.request("GET", urllib.parse.urlsplit(link).path)[0] == 200

    def program(self, email):
        """A function that asks the API as a person: what it answered, once that went well."""
        token = re.search(r"grp_[0-9a-f]{64}", grappe("token", "add", self.folder, "--person", email, "--name", "x",
                                                     "--scopes", "read,write,people")).group()

        def ask(method, path, body=None, status=None):
            told, text = self.request(method, "/api/v1" + path, body and json.dumps(body),
                                        {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
            assert told == status if status else told < 300, f"{told} {text}"
            return json.loads(text) if text else None
        return ask

    def told(self, sql):
        """What the server's directory answers."""
        return subprocess.run(["sqlite3", os.path.join(self.folder, "directory.db"), sql], capture_output=True,
                              text=True, check=True).stdout.strip()


def link_in(letter):
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"http://\S+/lien/[0-9a-f]{64}", text).group()


def by(smtp, *more):
    return ("--mail", f"smtp://127.0.0.1:{smtp.port}", "--mail-from", "Grappe de l’Arve <grappe@example.org>", *more)


@test
def a_letter_is_text_and_html_in_its_readers_language(house, smtp):
    house.start(*by(smtp))
    house.ask("anne@example.org")
    until(lambda: smtp.letters, what="no letter came")
    letter = smtp.letters[0]
    assert letter["To"].addresses[0].addr_spec == letter.envelope == "anne@example.org"
    assert letter.sender == "grappe@example.org", letter.sender
    assert letter["From"].addresses[0].addr_spec == "grappe@example.org"
    assert letter["From"].addresses[0].display_name == "Grappe de l’Arve", letter["From"]
    assert "Fédération de l’Arve" in letter["Subject"], letter["Subject"]
    assert letter["Date"].datetime and letter["Message-ID"].endswith("@example.org>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "multipart/alternative", letter.get_content_type()
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    html = letter.get_body(("html",)).get_content()
    assert "Bonjour Anne," in letter.get_body(("plain",)).get_content()
    assert link_in(letter) in html and not re.search(r"<(img|link|script)|src=|url\(", html), html
    assert all(len(line) <= 998 for line in letter.raw.split(b"\r\n"))
    assert letter.raw.isascii(), "a letter is ASCII on its way"
    assert house.opens(link_in(letter))
    house.ask("bea@example.org")
    until(lambda: len(smtp.letters) == 2, what="no letter came")
    assert "Good day Béa," in smtp.letters[1].get_body(("plain",)).get_content()


@test
def nobody_learns_who_is_known(house, smtp):
    """Neither by a letter nor by the clock: sending waits for nobody."""
    house.start(*by(smtp))
    smtp.behave = {"*": "hang"}
    known = [house.ask(f"{name}@example.org") for name in ("anne", "bea", "carl") for _ in range(3)]
    nobody = [house.ask(f"nobody{i}@example.org") for i in range(9)]
    assert max(known) < 2, known
    assert sorted(known)[4] < 3 * sorted(nobody)[4] + 0.01, (known, nobody)
    assert smtp.connections <= 2, "one at a time"


@test
def a_refused_address_is_left_alone_a_full_one_tried_again(house, smtp):
    house.start(*by(smtp))
    smtp.behave = {"bea@example.org": "550 5.1.1 no such user", "carl@example.org": ["452 4.2.2 full", ""],
                   "dora@example.org": "data 554 5.6.0 not like this"}
    for name in ("bea", "carl", "dora", "anne"):
        house.ask(f"{name}@example.org")
    until(lambda: {l.envelope for l in smtp.letters} == {"carl@example.org", "anne@example.org"},
          what="not those two")
    told = house.told("SELECT address || ' ' || answer FROM refused_address")
    assert told == "bea@example.org 550 5.1.1 no such user", told + house.read_log()


@test
def an_address_that_is_forgiven_is_written_to_again(house, smtp):
    """By a page and by the API, which both are the facilitators' alone."""
    grappe("person", "add", house.folder, "--name", "Fabienne", "--role", "facilitator", "--email", "f@example.org")
    facilitator, member = house.program("f@example.org"), house.program("anne@example.org")
    house.start(*by(smtp))
    smtp.behave = {"bea@example.org": ["550 5.1.1 no such user", "550 5.1.1 no such user", ""]}
    for _ in range(2):
        house.ask("bea@example.org")
        until(lambda: house.told("SELECT address FROM refused_address") == "bea@example.org", what="not refused")
        member("DELETE", "/mail/refused/bea%40example.org", status=403)
        facilitator("DELETE", "/mail/refused/bea%40example.org")
        facilitator("DELETE", "/mail/refused/bea%40example.org", status=404)
        assert not house.told("SELECT address FROM refused_address")
    house.ask("bea@example.org")
    until(lambda: smtp.letters, what="it was not written to again")
    assert smtp.letters[0].envelope == "bea@example.org"


@test
def an_unheard_answer_brings_the_same_letter_again(house, smtp):
    house.start(*by(smtp))
    smtp.behave = {"anne@example.org": ["drop", ""], "bea@example.org": ["drop before", ""]}
    house.ask("anne@example.org")
    house.ask("bea@example.org")
    until(lambda: len(smtp.letters) == 3, what=f"{len(smtp.letters)} letters")
    time.sleep(1)
    twice = [l for l in smtp.letters if l.envelope == "anne@example.org"]
    assert len(twice) == 2 and len(smtp.letters) == 3
    assert twice[0]["Message-ID"] == twice[1]["Message-ID"] and link_in(twice[0]) == link_in(twice[1])
    assert house.opens(link_in(twice[0]))


@test
def killed_in_between_nothing_is_lost(house, smtp):
    """At any moment: written, on its way, hanging. Whoever asked gets a letter, and what came opens."""
    smtp.behave = {"anne@example.org": ["hang", ""]}
    house.start(*by(smtp))
    house.ask("anne@example.org")
    assert smtp.waiting.wait(10)
    house.end(signal.SIGKILL)
    house.start(*by(smtp))
    until(lambda: smtp.letters, 30, "the letter was lost")
    assert house.opens(link_in(smtp.letters[0]))
    for i, name in enumerate(("bea", "carl", "dora", "emile", "bea", "carl")):
        count = len(smtp.letters)
        house.ask(f"{name}@example.org")
        time.sleep(i * 0.01)
        house.end(signal.SIGKILL)
        house.start(*by(smtp))
        until(lambda: len(smtp.letters) > count, 30, "the letter was lost")
        assert house.opens(link_in(smtp.letters[-1]))
    kept = open(os.path.join(house.folder, "directory.db"), "rb").read()
    assert not any(link_in(l).rsplit("/", 1)[1].encode() in kept for l in smtp.letters), "a token was kept"


@test
def a_server_that_hangs_holds_up_neither_pages_nor_the_end(house, smtp):
    house.start(*by(smtp))
    smtp.behave = {"*": "hang"}
    house.ask("anne@example.org")
    assert smtp.waiting.wait(10)
    assert house.ask("bea@example.org") < 2
    begun = time.monotonic()
    house.end()
    assert time.monotonic() - begun < 15, "the end waited for the mail server"
    smtp.behave = {}
    house.start(*by(smtp))
    until(lambda: {l.envelope for l in smtp.letters} == {"anne@example.org", "bea@example.org"}, 30, "not both came")


@test
def a_server_that_is_away_gets_it_when_it_is_back(house, smtp):
    port = smtp.port
    smtp.close()
    house.start("--mail", f"smtp://127.0.0.1:{port}", "--mail-from", "grappe@example.org")
    house.ask("emile@example.org")
    time.sleep(0.5)
    back = SmtpServer(port=port)
    until(lambda: back.letters, what="it did not come")
    assert len(back.letters) == 1
    back.close()


@test
def it_signs_in_with_a_password_that_no_argument_shows(house, smtp):
    guarded = SmtpServer(users={"grappe@example.org": "horloge comtoise"})
    words = ("--mail", f"smtp://grappe%40example.org@127.0.0.1:{guarded.port}", "--mail-from", "grappe@example.org")
    refused = subprocess.run([GRAPPE, "serve", house.folder, "--port", "0", *words], capture_output=True, text=True,
                             check=False)
    assert refused.returncode != 0 and refused.stderr
    secret = os.path.join(house.folder, "secret")
    with open(secret, "w", encoding="utf-8") as file:
        file.write("horloge comtoise\n")
    house.start(*words, "--mail-password-file", secret)
    house.ask("anne@example.org")
    until(lambda: guarded.letters, what="it did not come")
    house.end()
    house.start(*words, environment={"GRAPPE_MAIL_PASSWORD": "wrong"})
    house.ask("bea@example.org")
    until(lambda: "state=0" in house.read_log(), what="a wrong password is no refusal of the letter")
    house.end()
    house.start(*words, environment={"GRAPPE_MAIL_PASSWORD": "horloge comtoise"})
    until(lambda: len(guarded.letters) == 2, what="it did not come")
    guarded.close()


@test
def a_digest_comes_and_one_click_ends_it(house, smtp):
    grappe("person", "add", house.folder, "--name", "Fabienne", "--role", "facilitator", "--email", "f@example.org")
    program = house.program("f@example.org")
    house.start(*by(smtp))
    until(lambda: house.told("SELECT count(*) FROM told_until") == "6", what="not everybody is known")
    maison = program("POST", "/records/organisation", {"name": "Maison", "kind": "company", "visibility": "public"})
    program("POST", "/records/need", {"organisation": maison["id"], "title": "Pignon", "text": "Pignon",
                                      "state": "open", "visibility": "confidential"})
    house.end()
    house.told("UPDATE told_until SET told_us = told_us - 86400000000")
    house.start(*by(smtp))
    until(lambda: smtp.letters, what="no digest came")
    time.sleep(1)
    assert [l.envelope for l in smtp.letters] == ["f@example.org"], "none but who may see it, and nobody twice"
    letter = smtp.letters[0]
    assert "Pignon — Maison" in letter.get_body(("plain",)).get_content()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urllib.parse.urlsplit(letter["List-Unsubscribe"].strip("<>")).path
    status, page = house.request("GET", path)
    assert status == 200 and re.search(r'value="day"[^>]* checked', page), "looking changes nothing"
    broken = path[:-1] + ("0" if path[-1] != "0" else "1")
    assert house.request("POST", broken, "List-Unsubscribe=One-Click")[0] == 404
    status, page = house.request("POST", path, "List-Unsubscribe=One-Click",
                                 {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"})
    assert status == 200 and re.search(r'value="never"[^>]* checked', page), status


def answer_link(letter):
    text = letter.get_body(("plain",)).get_content()
    return urllib.parse.urlsplit(re.search(r"http://\S+/reponse/[0-9a-f]{64}", text).group()).path


def asked(house, smtp):
    """Anne's firm is asked about a need of Béa's, and she has her letter: how to ask as a facilitator, and the introduction."""
    grappe("person", "add", house.folder, "--name", "Fabienne", "--role", "facilitator", "--email", "f@example.org")
    ask = house.program("f@example.org")
    house.start(*by(smtp))
    firms = [ask("POST", "/records/organisation", {"name": name, "kind": "company", "visibility": "public"})["id"]
             for name in ("Maison", "Atelier")]
    people = {p["name"]: p["id"] for p in ask("GET", "/records/person")["items"]}
    for name, firm in (("Béa", firms[0]), ("Anne", firms[1])):
        ask("POST", "/records/mandate", {"person": people[name], "organisation": firm})
    need = ask("POST", "/records/need", {"organisation": firms[0], "title": "Pignon", "text": "Pignon",
                                         "state": "open", "visibility": "space"})["id"]
    made = ask("POST", f"/needs/{need}/introductions", {"organisation": firms[1]})["id"]
    house.end()
    house.start(*by(smtp))
    until(lambda: [l.envelope for l in smtp.letters] == ["anne@example.org"], what=house.read_log())
    return ask, made


@test
def what_one_owes_is_done_from_the_letter(house, smtp):
    """Looking changes nothing; the answer counts once; the link opens nothing else."""
    ask, made = asked(house, smtp)
    link = answer_link(smtp.letters[0])
    token = link.rsplit("/", 1)[1]
    told = smtp.letters[0].get_body(("plain",)).get_content()
    assert "Pignon" not in smtp.letters[0]["Subject"] and "Maison" in told and "> Pignon" in told, told
    for _ in range(2):
        status, page = house.request("GET", link)
        assert status == 200 and "Pignon" in page and "Atelier" in page and 'value="ask_call"' in page
    assert ask("GET", f"/introductions/{made}")["introduction"]["state"] == "proposed"
    card, = ask("GET", "/records/blind_card")["items"]
    assert not [r for r in ask("GET", f"/records/blind_card/{card['id']}/readings")["items"] if r["way"] == "page"]
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"}
    assert house.request("POST", link, "act=decline", form)[0] == 422, "it asks why"
    assert house.request("POST", link[:-1] + ("0" if link[-1] != "0" else "1"), "act=accept", form)[0] == 410
    assert house.request("GET", f"/lien/{token}")[0] == 410, "it signs nobody in"
    assert house.request("GET", f"/invitation/{token}")[0] == 410
    status, page = house.request("POST", link, urllib.parse.urlencode({"act": "ask_call", "words": "Demain matin"}),
                                 form)
    assert status == 200, page
    assert ask("GET", f"/introductions/{made}")["introduction"]["state"] == "call_asked"
    assert any(w["id"] == made for w in ask("GET", "/waiting")["items"]), "it is in the facilitators' queue"
    for method, body in (("GET", None), ("POST", "act=accept")):
        status, page = house.request(method, link, body, form)
        assert status == 410 and "/aujourdhui" in page and "Pignon" not in page, "used, and it says no more"
    kept = open(os.path.join(house.folder, "directory.db"), "rb").read()
    assert token.encode() not in kept and token not in house.read_log(), "a token was kept"


@test
def an_answer_by_mail_is_done_once_its_person_says_so(house, smtp):
    """From the letter that answers it, or from their day; nothing is done before, and by nobody else."""
    ask, made = asked(house, smtp)
    anne = house.program("anne@example.org")

    def reply(sender, text, to=smtp.letters[0]["Message-ID"], vouched="mx.example; dmarc=pass header.from=example.org"):
        letter = email.message.EmailMessage()
        letter["Authentication-Results"] = vouched
        letter["From"], letter["Subject"], letter["In-Reply-To"] = sender, "Re: http://evil.example", to
        letter["Message-ID"] = email.utils.make_msgid()
        letter.set_content(text)
        count = len(smtp.letters)
        subprocess.run([GRAPPE, "mail", "receive", house.folder, "--vouched-by", "mx.example"], input=bytes(letter),
                       capture_output=True, check=True)
        until(lambda: len(smtp.letters) > count, what="no letter answered it")
        return smtp.letters[-1]

    def standing():
        return ask("GET", f"/introductions/{made}")["introduction"]["state"]

    told = reply("bea@example.org", "Oui\n").get_body(("plain",)).get_content()
    assert "/reponse/" not in told, "a letter that went to another is none of hers"
    told = reply("anne@example.org", "Oui\n", vouched="mx.example; dmarc=fail header.from=example.org")
    assert "/reponse/" not in told.get_body(("plain",)).get_content()
    waits, = anne("GET", "/waiting")["items"]
    assert waits["answered"] is None and waits["words"] is None, waits

    told = reply("anne@example.org", "Peut-être en mars.\n")
    waits, = anne("GET", "/waiting")["items"]
    assert (waits["answered"], waits["words"]) == (None, "Peut-être en mars."), waits
    told = reply("anne@example.org", "Oui, dès mardi.\n\nLe lundi, Grappe a écrit :\n> Non\n> http://evil.example\n")
    text = told.get_body(("plain",)).get_content()
    assert "mardi" not in text and "evil" not in told.as_string() and "Oui, nous savons faire" in text, text
    waits, = anne("GET", "/waiting")["items"]
    assert (waits["answered"], waits["words"]) == ("accept", "Oui, dès mardi."), waits
    assert not ask("GET", "/waiting")["items"] or all(w["answered"] is None for w in ask("GET", "/waiting")["items"])
    assert standing() == "proposed", "nothing is done before she says so"
    status, page = house.request("GET", answer_link(told))
    assert status == 200 and "<q class=\"prewrap\">Oui, dès mardi.</q>" in page, page
    assert page.index('value="accept"') < page.index('value="ask_call"') and 'value="Oui, dès mardi."' in page
    assert standing() == "proposed", "nor by looking"
    status, page = house.request("GET", answer_link(smtp.letters[0]))
    assert status == 200 and "mardi" not in page, "who was handed an older letter on is told what she said since"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"}
    status, page = house.request("POST", answer_link(told),
                                 urllib.parse.urlencode({"act": "accept", "words": "Oui, dès mardi.", "given": "1"}), form)
    assert status == 200 and standing() == "accepted", page
    assert house.told("SELECT count(*) FROM mail_answer") == "0"
    late = reply("anne@example.org", "Non\n").get_body(("plain",)).get_content()
    assert "/reponse/" not in late and standing() == "accepted", "it has moved on"


def with_firm(house, smtp):
    """How to ask as a facilitator, and the firm that Anne acts for."""
    grappe("person", "add", house.folder, "--name", "Fabienne", "--role", "facilitator", "--email", "f@example.org")
    ask = house.program("f@example.org")
    house.start(*by(smtp))
    firm = ask("POST", "/records/organisation", {"name": "Maison", "kind": "company", "visibility": "public"})["id"]
    people = {p["name"]: p["id"] for p in ask("GET", "/records/person")["items"]}
    ask("POST", "/records/mandate", {"person": people["Anne"], "organisation": firm})
    return ask, firm


@test
def a_need_sent_by_mail_becomes_a_draft_of_who_is_known(house, smtp):
    """Nothing is made of anything else, and whoever is not known hears nothing."""
    ask, firm = with_firm(house, smtp)

    def receive(sender, subject="Décolletage laiton", text="500 pièces en laiton, diamètre 2 mm.",
                vouched="mx.example; dmarc=pass header.from=example.org", by=("--vouched-by", "mx.example"), **headers):
        letter = email.message.EmailMessage()
        letter["Authentication-Results"] = vouched
        letter["From"], letter["Subject"] = sender, subject
        letter["Message-ID"] = headers.pop("id", email.utils.make_msgid())
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        letter.add_alternative("<p>HTML</p>", subtype="html")
        done = subprocess.run([GRAPPE, "mail", "receive", house.folder, *by], input=bytes(letter),
                              capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr

    silence = (0, b"")
    assert receive("Anne <ANNE@example.org>", id="<1@her.example>") == silence
    assert receive("Anne <anne@example.org>", id="<1@her.example>") == silence, "the same twice is one"
    assert receive("stranger@example.org") == silence
    assert receive("anne@example.org, carl@example.org") == silence
    assert receive("anne@example.org", Auto_Submitted="auto-replied") == silence
    until(lambda: [l.envelope for l in smtp.letters] == ["anne@example.org"], what=house.read_log())
    draft, = ask("GET", "/records/need")["items"]
    assert (draft["state"], draft["visibility"], draft["organisation"]) == ("draft", "confidential", firm), draft
    assert draft["title"] == "Décolletage laiton" and draft["quantity"] == 500, draft
    told = smtp.letters[0].get_body(("plain",)).get_content()
    assert f"/besoins/{draft['id']}" in told and "laiton" not in told + smtp.letters[0]["Subject"], told
    assert receive("carl@example.org") == silence, "of no organisation"
    until(lambda: len(smtp.letters) == 2, what="he is not told")
    assert receive("anne@example.org", In_Reply_To=smtp.letters[0]["Message-ID"]) == silence
    until(lambda: len(smtp.letters) == 3, what="she is not told that it answers nothing")
    for i in range(25):
        assert receive("anne@example.org", f"Besoin {i}") == silence
    assert len(ask("GET", "/records/need?limit=200")["items"]) == 19, "so many a day, of which one was an answer"
    until(lambda: len(smtp.letters) == 3 + 18 + 1, what="she is told that there were too many")
    time.sleep(0.5)
    assert len(smtp.letters) == 22, "of those beyond, once a day"
    broken = subprocess.run([GRAPPE, "mail", "receive", house.folder], input=b"", capture_output=True, check=False)
    assert broken.returncode == 65


def need_letter(number, text="500 pièces en laiton, diamètre 2 mm."):
    letter = email.message.EmailMessage()
    letter["Authentication-Results"] = "mx.example; dmarc=pass header.from=example.org"
    letter["From"], letter["Subject"], letter["Message-ID"] = "anne@example.org", f"Besoin {number}", f"<{number}@her.example>"
    letter.set_content(text)
    return bytes(letter)


@test
def a_mailbox_is_read_to_its_end_each_letter_once(house, smtp):
    """By a command and by the server, killed in between, and when its letters are numbered anew."""
    ask, _ = with_firm(house, smtp)
    imap = ImapServer(house.folder + "-imap")
    try:
        words = ("--mailbox", f"imap://besoins@127.0.0.1:{imap.port}/Besoins", "--vouched-by", "mx.example")

        def fetch(password=PASSWORD):
            return subprocess.run([GRAPPE, "mail", "fetch", house.folder, *words], capture_output=True, text=True,
                                  env={**os.environ, "LC_ALL": "en_GB.UTF-8", "GRAPPE_MAILBOX_PASSWORD": password}, check=False)

        def titles():
            return sorted(n["title"] for n in ask("GET", "/records/need?limit=200")["items"])

        imap.put(need_letter(0))
        imap.put(need_letter(1, "x" * 50).replace(b"x" * 50, b"Content" + b"y" * 5 * 1024 * 1024))
        imap.put(need_letter(2, "x" * 50).replace(b"x" * 50, b"500 pi\xe8ces en laiton"))  # not what it says it is
        assert fetch("wrong").returncode != 0 and not titles()
        done = fetch()
        assert done.returncode == 0 and done.stdout == "Letters received: 3\n", done
        assert titles() == ["Besoin 0", "Besoin 2"], f"what is too long to be a letter stops nobody: {titles()} {done.stderr}"
        told = {n["title"]: n["text"] for n in ask("GET", "/records/need")["items"]}
        assert told["Besoin 2"] == "500 pi\ufffdces en laiton", told
        assert fetch().stdout == "Letters received: 0\n"
        for number in range(3, 9):
            imap.put(need_letter(number))
        for i in range(4):
            reading = subprocess.Popen([GRAPPE, "mail", "fetch", house.folder, *words], stdout=subprocess.DEVNULL,
                                       env={**os.environ, "GRAPPE_MAILBOX_PASSWORD": PASSWORD})
            time.sleep(0.15 * (i + 1))
            reading.kill()
            reading.wait()
        assert fetch().returncode == 0
        assert sorted(set(titles())) == [f"Besoin {n}" for n in (0, *range(2, 9))], titles()
        held = titles()
        imap.renumber()
        for number in (*range(2, 9), 9):
            imap.put(need_letter(number))
        house.end()
        house.start(*by(smtp, *words), environment={"GRAPPE_MAILBOX_PASSWORD": PASSWORD})
        until(lambda: "Besoin 9" in titles(), 40, house.read_log())
        assert titles() == sorted([*held, "Besoin 9"]), "numbered anew they are the same letters"
        begun = time.monotonic()
        house.end()
        assert time.monotonic() - begun < 15, "the end waited for the mailbox"
    finally:
        imap.close()


@test
def a_letter_that_cannot_be_read_is_set_aside(house, smtp):
    """After some tries, with a word to the operator and to the facilitators; what stands behind it is read."""
    ask, _ = with_firm(house, smtp)
    imap = BrokenImapServer([need_letter(n).replace(b"\n", b"\r\n") for n in (1, 2, 3)], broken=2)
    try:
        words = ("--mailbox", f"imap://besoins@127.0.0.1:{imap.port}/INBOX", "--vouched-by", "mx.example")

        def fetch():
            done = subprocess.run([GRAPPE, "mail", "fetch", house.folder, *words], capture_output=True, text=True,
                                  env={**os.environ, "GRAPPE_MAILBOX_PASSWORD": PASSWORD}, check=False)
            return done.returncode, done.stderr, sorted(n["title"] for n in ask("GET", "/records/need")["items"])

        for _ in range(4):
            status, told, titles = fetch()
            assert status != 0 and titles == ["Besoin 1"], (status, told, titles)
            assert not ask("GET", "/mail")["unread"], "it may be the server that is in trouble"
        status, told, titles = fetch()
        assert status == 0 and "set_aside=2" in told and titles == ["Besoin 1", "Besoin 3"], (status, told, titles)
        aside, = ask("GET", "/mail")["unread"]
        assert aside["number"] == 2 and aside["answer"], aside
        assert fetch()[0] == 0, "and is not tried again"
    finally:
        imap.close()


@test
def a_letter_that_ends_the_server_does_so_some_times_only(house, smtp):
    """Each try is written down before it is made; what stands behind that letter is read."""
    ask, _ = with_firm(house, smtp)
    imap = ImapServer(house.folder + "-imap")
    try:
        words = [GRAPPE, "mail", "fetch", house.folder, "--mailbox", f"imap://besoins@127.0.0.1:{imap.port}/Besoins",
                 "--vouched-by", "mx.example"]
        environment = {**os.environ, "GRAPPE_MAILBOX_PASSWORD": PASSWORD}
        for number in (1, 2):
            imap.put(need_letter(number))
        writing = sqlite3.connect(os.path.join(house.folder, "poste.db"), isolation_level=None)
        for tries in range(1, 6):
            writing.execute("BEGIN IMMEDIATE")
            reading = subprocess.Popen(words, env=environment)
            until(lambda tries=tries: house.told("SELECT tries FROM unread_letter") == str(tries), what="nothing was noted")
            reading.kill()
            reading.wait()
            writing.execute("ROLLBACK")
        writing.close()
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        assert "set_aside=1" in done.stderr, done
        assert [n["title"] for n in ask("GET", "/records/need")["items"]] == ["Besoin 2"]
        aside, = ask("GET", "/mail")["unread"]
        assert aside["number"] == 1 and "arrêté" in aside["answer"], aside
        assert house.told("SELECT count(*) FROM unread_letter") == "1", "what was received leaves no mark"
    finally:
        imap.close()


@test
def a_forged_letter_uses_up_nobodys_day(house, smtp):
    """Nor is it answered more than once a day, or with any of its words; and it is the topmost word that counts."""
    house.start(*by(smtp))
    passing = "mx.example; dmarc=pass header.from=example.org"

    def receive(*results, trusted=("--vouched-by", "mx.example")):
        letter = email.message.EmailMessage()
        letter["From"], letter["Subject"] = "anne@example.org", "http://evil.example"
        letter["Message-ID"] = email.utils.make_msgid()
        letter.set_content("Cliquez ici")
        text = "".join(f"Authentication-Results: {result}\n" for result in results).encode() + bytes(letter)
        done = subprocess.run([GRAPPE, "mail", "receive", house.folder, *trusted], input=text, capture_output=True,
                              check=True)
        return done.stderr.decode()

    assert "passed_over" in receive(passing, trusted=()), "the operator is told why"
    for _ in range(25):
        receive()
        receive("mx.example; dmarc=fail header.from=example.org", passing)
        receive("mx.example; dmarc=pass header.from=evil.example")
        receive("mx.evil.example; dmarc=pass header.from=example.org")
    until(lambda: smtp.letters, what="she is not told")
    time.sleep(0.5)
    told, = smtp.letters
    assert "evil" not in told.as_string() and "Cliquez" not in told.as_string()
    assert house.told("SELECT count(*) FROM attempt WHERE key LIKE 'mail:%'") == "0"
    receive("mx.evil.example; none", passing)
    until(lambda: len(smtp.letters) == 2, what="what is vouched for is not read")


@test
def what_comes_back_marks_its_address(house, smtp):
    """Only a report is believed that came to the address which mail servers alone were told with a letter of ours."""
    house.start(*by(smtp, "--mail-returns", "returns@example.org"))
    house.ask("bea@example.org")
    until(lambda: smtp.letters, what="no letter came")
    ours, number = smtp.letters[0].sender, smtp.letters[0]["Message-ID"]
    assert re.fullmatch(r"returns\+[0-9a-f]{40}@example\.org", ours) and len(ours.split("@")[0]) <= 64, ours
    assert ours.split("+")[1].split("@")[0] not in smtp.letters[0].as_string(), "whoever reads the letter is told"

    def report(back=ours, action="failed", status="5.1.1", to="BEA@example.org", header="To"):
        text = (f"Delivered-To: box+inbox@example.org\r\nFrom: mailer-daemon@example.org\r\n{header}: {back}\r\nSubject: Undelivered\r\n"
                "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
                "--b\r\n\r\nIt did not arrive.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; {to}\r\n"
                f"Action: {action}\r\nStatus: {status}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
                f"Message-ID: {number}\r\nSubject: x\r\n\r\n--b--\r\n")
        subprocess.run([GRAPPE, "mail", "receive", house.folder], input=text.encode(), check=True)
        return house.told("SELECT address || ' ' || answer FROM refused_address")

    assert not report(action="delayed", status="4.4.1")
    assert not report(status="4.2.2")
    digit = "0" if ours[-13] != "0" else "1"
    assert ours[-12] == "@" and not report(ours[:-13] + digit + ours[-12:]) and not report("returns+12@example.org")
    for back in ("grappe@example.org", number, f"returns+{number.strip('<>')}", "returns@example.org"):
        assert not report(back), "whoever saw its Message-ID in a thread could say so"
    assert not report(to="anne@example.org"), "it did not go there"
    house.told("UPDATE letter SET made_us = made_us - 15 * 86400000000")
    assert not report(), "too late"
    house.told("UPDATE letter SET made_us = made_us + 15 * 86400000000")
    told = report(header="X-Original-To", status="5.1.1 boite inconnuée")
    assert told == "bea@example.org 5.1.1 boite inconnu", "cut within a character"
    house.told("DELETE FROM refused_address")
    assert not report(), "it has come back already"


@test
def without_a_mail_server_the_console_has_it(house, smtp):
    house.start()
    house.ask("carl@example.org")
    until(lambda: re.search(r"carl@example\.org[\s\S]*/lien/[0-9a-f]{64}", house.read_log()), what=house.read_log())
    assert not smtp.letters


def main():
    print(f"1..{len(TESTS)}")
    failed = 0
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory(prefix="grappe-mail-") as folder:
            house, smtp = House(folder), SmtpServer()
            try:
                function(house, smtp)
                print(f"ok {number} - {function.__name__}", flush=True)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} - {function.__name__}")
                print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
            finally:
                house.end(signal.SIGKILL)
                smtp.close()
    sys.exit(failed > 0)


main()
