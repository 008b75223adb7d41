# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailbox for tests: Dovecot on loopback, with everything it keeps in a folder of its own."""
import imaplib
import os
import pwd
import socket
import subprocess
import threading
import time

PASSWORD = "horloge-comtoise"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class ImapServer:
    def __init__(self, folder):
        """`folder`: made here. As root, which Dovecot reads no mail as, the mailbox is that of nobody."""
        root = os.getuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
        os.mkdir(folder)
        os.chmod(os.path.dirname(folder), 0o755)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        configuration = os.path.join(folder, "dovecot.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(
                folder=folder, port=self.port, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid,
                internal="dovecot" if root else owner.pw_name, login="dovenull" if root else owner.pw_name,
                group="dovecot" if root else owner.pw_gid))
        self.log = os.path.join(folder, "log")
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", configuration])
        for _ in range(400):
            try:
                self.client = imaplib.IMAP4("127.0.0.1", self.port)
                break
            except OSError:
                time.sleep(0.05)
        self.client.login("besoins", PASSWORD)
        self.client.create("Besoins")

    def put(self, letter):
        answer = self.client.append("Besoins", None, None, letter.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        assert answer[0] == "OK", answer

    def renumber(self):
        """Everything is gone, and what comes is numbered from 1 again, under another validity."""
        before = self.client.status("Besoins", "(UIDVALIDITY)")
        self.client.delete("Besoins")
        self.client.create("Besoins")
        assert self.client.status("Besoins", "(UIDVALIDITY)") != before

    def close(self):
        self.process.terminate()
        self.process.wait(30)


class BrokenImapServer:
    """Says of one of its letters what no client understands, each time it is asked; the others are whole."""

    def __init__(self, letters, broken):
        self.letters, self.broken = letters, broken
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", 0) as line:
                self._talk(line)

    def _talk(self, line):
        line.write(b"* OK [CAPABILITY IMAP4rev1] test\r\n")
        while said := line.readline().decode().split():
            tag, words = said[0], [word.upper() for word in said[1:]]
            told = {"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
                    "SELECT": b"* OK [UIDVALIDITY 7] valid\r\n"}.get(words[0], b"")
            if words[:2] == ["UID", "SEARCH"]:
                told = f"* SEARCH {' '.join(str(n + 1) for n in range(len(self.letters)))}\r\n".encode()
            elif words[:2] == ["UID", "FETCH"]:
                number = int(words[2])
                letter = self.letters[number - 1]
                told = b"* %d FETCH (UID %d BODY[] NIL)\r\n" % (number, number) if number == self.broken else \
                    b"* %d FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (number, number, len(letter), letter)
            line.write(told + tag.encode() + b" OK done\r\n")
            if words[0] == "LOGOUT":
                return

    def close(self):
        self.socket.close()
