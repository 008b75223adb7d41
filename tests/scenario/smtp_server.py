# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail server for tests, on loopback: RFC 5321 as far as a client sees it, and the ways in which one fails."""
import asyncio
import base64
import email
import email.policy
import threading


class SmtpServer:
    """Takes letters into `letters`. `behave` says what goes wrong, by recipient or "*": a word, or a list of them,
    one for each time:
    "550" … refuse the recipient with this answer; "data 554 …" refuse the content; "hang": never answer RCPT;
    "drop": close after the content, unanswered, having taken it; "drop before": the same, not having taken it."""

    def __init__(self, users=None, port=0):
        self.letters, self.behave, self.connections, self.users = [], {}, 0, users
        self.waiting = threading.Event()  # somebody is kept waiting by "hang"
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, args=(port,), daemon=True)
        self.ready = threading.Event()
        self.thread.start()
        assert self.ready.wait(10)

    def _run(self, port):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", port))
        self.port = self.server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    def close(self):
        def end():
            self.server.close()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.call_later(0.05, self.loop.stop)

        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(end)
            self.thread.join(10)

    def _how(self, to):
        how = self.behave.get(to, self.behave.get("*", ""))
        if isinstance(how, list):
            return how.pop(0) if how else ""
        return how

    async def _talk(self, reader, writer):
        self.connections += 1
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _session(self, reader, writer):
        def say(line):
            writer.write(line.encode() + b"\r\n")

        sender, to, how, known = None, None, "", self.users is None
        say("220 test ESMTP")
        while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            verb = line[:4].upper()
            if verb == "EHLO":
                say("250-test")
                say("250-8BITMIME" if self.users is None else "250-AUTH PLAIN")
                say("250 SMTPUTF8")
            elif verb == "AUTH":
                given = line.split(" ", 2)
                if len(given) < 3:
                    say("334 ")
                    await writer.drain()
                    given.append((await reader.readline()).decode().strip())
                _, user, password = base64.b64decode(given[2]).decode().split("\0")
                known = self.users.get(user) == password
                say("235 welcome" if known else "535 5.7.8 who are you")
            elif verb == "MAIL":
                sender = line.split("<", 1)[1].split(">", 1)[0]
                say("250 ok" if known else "530 5.7.0 sign in first")
            elif verb == "RCPT":
                to = line.split("<", 1)[1].split(">", 1)[0]
                how = self._how(to)
                if how == "hang":
                    self.waiting.set()
                    await asyncio.sleep(3600)
                say(how if how[:1] in ("4", "5") else "250 ok")
            elif verb == "DATA":
                say("354 go on")
                await writer.drain()
                content = await reader.readuntil(b"\r\n.\r\n")
                if how == "drop before":
                    return
                if how.startswith("data "):
                    say(how[5:])
                else:
                    self._take(sender, to, content)
                    if how == "drop":
                        return
                    say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                await writer.drain()
                return
            else:
                say("250 ok")
            await writer.drain()

    def _take(self, sender, to, content):
        lines = [line[1:] if line.startswith(b".") else line for line in content[:-5].split(b"\r\n")]
        letter = email.message_from_bytes(b"\r\n".join(lines), policy=email.policy.default)
        letter.raw = content
        letter.sender, letter.envelope = sender, to
        self.letters.append(letter)
