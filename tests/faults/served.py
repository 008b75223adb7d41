# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the tests of faults share: a folder with one space, the server of it as a process of its own, clients of its
interface for programs, and TAP."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

GRAPPE = os.path.abspath(sys.argv[1])
FULL = os.environ.get("FAULTS") == "full"
RECORDS = "/api/v1/records/organisation"
MARKETS = ["watchmaking", "health"]
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def main():
    """Runs the tests of a file, each in a folder of its own, and prints TAP."""
    print(f"1..{len(TESTS)}", flush=True)
    failed = 0
    for number, function in enumerate(TESTS, 1):
        folder = tempfile.mkdtemp(prefix="grappe-faults-")
        try:
            function(folder)
            print(f"ok {number} - {function.__name__}", flush=True)
        except Exception:  # the next one is worth running
            failed += 1
            print(f"not ok {number} - {function.__name__}")
            print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), flush=True)
        finally:
            os.environ.get("KEEP") or shutil.rmtree(folder, ignore_errors=True)
    sys.exit(failed != 0)


def say(text):
    print("# " + text, flush=True)


def grappe(*words, code=0, stdin=""):
    done = subprocess.run([GRAPPE, *words], input=stdin, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == code, f"grappe {' '.join(words)}: {done.returncode}: {done.stderr or done.stdout}"
    return done.stdout


class House:
    """A folder with the space "atelier", in a file or a database (an address ending in schema=PREFIX), and a
    facilitator's token."""

    def __init__(self, folder, database=None, password=None):
        self.folder = os.path.join(folder, "house")
        words = ["--database", database] if database else []
        grappe("init", self.folder, "--name", "atelier", "--title", "Atelier", *words)
        grappe("person", "add", self.folder, "--name", "Anne", "--role", "facilitator", "--email", "anne@example.org",
               *(["--password-stdin"] if password else []), stdin=password or "")
        self.token = grappe("token", "add", self.folder, "--person", "anne@example.org", "--name", "faults",
                            "--scopes", "read,write").strip()
        self.place = database + "_atelier" if database else os.path.join(self.folder, "atelier.db")

    def verify(self):
        grappe("verify", self.place)

    def serve(self, **options):
        return Server(self, **options)

    def client(self, server, **options):
        return Client(server.port, self.token, **options)


class Server:
    """`grappe serve` as a process. ready_s: from its start to its first answer."""

    def __init__(self, house, log=None):
        log = log or house.folder + ".log"
        self.log = open(log, "ab")
        at = os.path.getsize(log)
        began = time.monotonic()
        # restore_signals: a file that may not grow is an error of its write, not a signal
        self.process = subprocess.Popen([GRAPPE, "serve", house.folder, "--port", "0"], stderr=self.log,
                                        stdout=self.log, restore_signals=False)
        self.port = None
        while not self.port:
            with open(log, encoding="utf-8", errors="replace") as lines:
                lines.seek(at)
                found = re.search(r"http://[\d.]+:(\d+)", lines.read())
            self.port = int(found.group(1)) if found else None
            assert self.process.poll() is None, "the server ended"
            time.sleep(0.01)
        assert house.client(self).get("/api/v1/records/organisation?limit=1")[0] == 200
        self.ready_s = time.monotonic() - began

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        """As an operator ends it; a sanitizer's findings make it fail."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.log.close()
        assert code == 0, f"the server ended with {code}"

    def memory_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def sockets(self):
        """Open ones. Files come and go with readers of the spaces."""
        folder, found = f"/proc/{self.process.pid}/fd/", 0
        for name in os.listdir(folder):
            try:
                found += os.readlink(folder + name).startswith("socket:")
            except OSError:  # closed meanwhile
                pass
        return found


class Client:
    """One kept connection with a token. Its calls answer (status, body), or None when the connection broke."""

    def __init__(self, port, token, timeout=60, language="en"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.headers = {"Authorization": "Bearer " + token, "Accept-Language": language}

    def ask(self, method, path, body=None, **headers):
        try:
            more = {name.replace("_", "-"): value for name, value in headers.items()}
            if body is not None:
                body, more["Content-Type"] = json.dumps(body), "application/json"
            self.connection.request(method, path, body=body, headers={**self.headers, **more})
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return None

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def create(self, name, **headers):
        """An organisation with two markets: several rows in one change."""
        return self.ask("POST", RECORDS, {"name": name, "visibility": "space", "markets": MARKETS}, **headers)

    def everything(self, containing=""):
        """Every organisation with these words in its name: name -> markets of each that has it."""
        found, start = {}, f"{RECORDS}?limit=200&fields=name,markets&name={urllib.parse.quote(containing)}"
        path = start
        while path:
            answer = self.get(path)
            assert answer and answer[0] == 200, answer
            page = json.loads(answer[1])
            for item in page["items"]:
                found.setdefault(item["name"], []).append(len(item["markets"]))
            path = f"{start}&cursor={page['next']}" if page["next"] else None
        return found


class Ledger:
    """What writers were told. `acknowledged` must be there, `unknown` may be; nothing twice, nothing by half."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged, self.unknown, self.refused = [], [], []

    def note(self, name, answer):
        with self.lock:
            (self.unknown if answer is None else self.acknowledged if answer[0] == 201 else self.refused).append(name)

    def judge(self, found):
        """(lost, torn, duplicated) beside what is there; a refused one that is there counts as torn."""
        lost = [name for name in self.acknowledged if name not in found]
        torn = [name for name, markets in found.items() if any(n != len(MARKETS) for n in markets)]
        torn += [name for name in self.refused if name in found]
        twice = [name for name, markets in found.items() if len(markets) > 1]
        return len(lost), len(torn), len(twice)


def writers(house, server, ledger, word, count=8, tell=None):
    """Starts `count` threads that add organisations until `stop` is set or their connection breaks.

    tell(ledger, name, answer) notes an answer; answer is "sending" right before one is sent."""
    stop, tell = threading.Event(), tell or (lambda l, name, answer: answer != "sending" and l.note(name, answer))

    def write(number):
        client = house.client(server)
        for i in range(1000000):
            name = f"{word} {number}-{i}"
            tell(ledger, name, "sending")
            answer = client.create(name)
            tell(ledger, name, answer)
            if stop.is_set() or answer is None:
                break
        client.connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()

    def end():
        stop.set()
        for thread in threads:
            thread.join()
    return end
