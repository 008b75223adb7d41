#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs a command beside a PostgreSQL cluster of its own: with_postgres.py COMMAND [ARGUMENT...]

The cluster lives in a temporary folder and listens on a socket there only. TEST_POSTGRES is its address; when it is
set already, that cluster is used. TEST_POSTGRES_SETTINGS adds to its settings ("fsync=on" for a bench). Without PostgreSQL the command is not run and the exit status is 1.
"""
import glob
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SETTINGS = ["listen_addresses=", "max_connections=200", "fsync=off", "shared_buffers=32MB", "log_min_messages=fatal",
            "autovacuum=off"]


def programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        sys.exit("with_postgres: PostgreSQL is not installed (package postgresql)")
    return pathlib.Path(found[-1] if found else os.path.dirname(on_path))


def as_server(command):
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def start(folder, server):
    data = f"{folder}/data"
    made = subprocess.run(as_server([f"{server}/initdb", "-D", data, "-U", "grappe", "-A", "trust", "-E", "UTF8",
                                     "--locale=C.UTF-8", "--no-sync"]), capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(f"with_postgres: initdb failed\n{made.stderr}")
    more = os.environ.get("TEST_POSTGRES_SETTINGS", "").split()
    settings = [part for setting in SETTINGS + more for part in ("-c", setting)]
    log = open(f"{folder}/log", "wb")
    subprocess.Popen(as_server([f"{server}/postgres", "-D", data, "-k", folder, *settings]), stdout=log, stderr=log)
    for _ in range(600):
        if subprocess.run([f"{server}/pg_isready", "-q", "-h", folder], check=False).returncode == 0:
            return int(pathlib.Path(f"{data}/postmaster.pid").read_text().split()[0])
        time.sleep(0.1)
    sys.exit("with_postgres: the server does not answer\n" + pathlib.Path(f"{folder}/log").read_text())


def stop(pid):
    os.kill(pid, signal.SIGINT)
    for _ in range(300):
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGQUIT)


def main():
    if os.environ.get("TEST_POSTGRES"):
        os.execvp(sys.argv[1], sys.argv[1:])
    server, folder = programs(), tempfile.mkdtemp(prefix="grappe-postgres-")
    pid = None
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        pid = start(folder, server)
        environment = {**os.environ, "TEST_POSTGRES": f"postgresql://grappe@/postgres?host={folder}",
                       "TEST_POSTGRES_PID": str(pid)}
        status = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        if pid:
            stop(pid)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status if status >= 0 else 128 - status)


main()
