"""Real database servers for the tests: started in a temporary folder on a free port, ended by their process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

START_SECONDS = 60


class Missing(Exception):
    """A program of the server is not installed; the message says which and how to get it."""


class Server:
    """A running server; `sql` and `load` work as its superuser."""

    def __init__(self, folder: Path, user: str | None) -> None:
        self.folder, self.user, self.port = folder, user, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, text=True, capture_output=True, **as_user(self.user), **options)
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done

    def start(self, *command: str) -> None:
        with open(self.folder / "server.log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **as_user(self.user))

    def wait(self, ready: Any) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {(self.folder / 'server.log').read_text()[-2000:]}")
            if ready():
                return
            time.sleep(0.1)

    def stop(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Server):
    """PostgreSQL with the roles crm_owner (owns the CRM's tables), crm_ro and tryton_ro (may only read)."""

    def __init__(self) -> None:
        self.bin = find("initdb", "/usr/lib/postgresql/*/bin", "apt install postgresql").parent
        super().__init__(make_folder("tandem-pg-", "postgres"), account("postgres"))
        data = self.folder / "data"
        self.run(str(self.bin / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync", cwd=self.folder)  # fmt: skip
        self.up()
        for role in ("crm_owner", "crm_ro", "tryton_ro"):
            self.sql("postgres", f"CREATE ROLE {role} LOGIN")

    def up(self) -> None:
        """Starts the server on its data, and waits until it answers."""
        self.start(str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
                   "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                   "-c", "full_page_writes=off")  # fmt: skip
        self.wait(lambda: self._psql("postgres", "-c", "SELECT 1").returncode == 0)

    def down(self) -> None:
        """Ends the server at once, in the middle of whatever it does; its data stays."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=30)

    def create(self, name: str, template: str | None = None) -> str:
        self.sql("postgres", f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return name

    def drop(self, name: str) -> None:
        self.sql("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def load(self, name: str, script: str) -> None:
        """Runs an SQL script (psql's dialect: COPY blocks too)."""
        done = self._psql(name, "-v", "ON_ERROR_STOP=1", "-f", "-", input=script)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-2000:]}")

    def sql(self, name: str, *statements: str, user: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs the statements in one transaction; answers the rows of the last."""
        import psycopg

        with psycopg.connect(self.address(name, user)) as connection:
            if len(statements) == 1 and statements[0].split()[0] in ("CREATE", "DROP"):
                connection.autocommit = True
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def address(self, name: str, user: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={user} dbname={name}"

    def url(self, name: str, user: str) -> str:
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{name}"

    def _psql(self, name: str, *args: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-qX", "-d", name]
        return subprocess.run([*command, *args], input=input, text=True, capture_output=True)

    def close(self) -> None:
        self.stop(signal.SIGQUIT)  # at once: nothing is kept


class MariaDb(Server):
    """MariaDB, reached as root without password over 127.0.0.1."""

    def __init__(self) -> None:
        daemon = find("mariadbd", "/usr/sbin", "apt install mariadb-server")
        install = find("mariadb-install-db", "/usr/bin", "apt install mariadb-server")
        super().__init__(make_folder("tandem-maria-", "mysql"), account("mysql"))
        data, plain = self.folder / "data", ["--no-defaults", f"--datadir={self.folder / 'data'}"]
        data.mkdir()
        give(data, "mysql")
        self.run(str(install), *plain, "--auth-root-authentication-method=normal", "--skip-test-db",
                 *([f"--user={self.user}"] if self.user else []), cwd=self.folder)  # fmt: skip
        self.start(str(daemon), *plain, f"--port={self.port}", "--bind-address=127.0.0.1",
                   f"--socket={self.folder / 's'}", f"--pid-file={self.folder / 'pid'}",
                   "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve")  # fmt: skip
        self.wait(self._answers)

    def _answers(self) -> bool:
        try:
            return self.sql("mysql", "SELECT 1") == [(1,)]
        except OSError:
            return False

    def create(self, name: str) -> str:
        self.sql("mysql", f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return name

    def sql(self, name: str, *statements: str) -> list[tuple[Any, ...]]:
        import pymysql

        try:
            connection = pymysql.connect(host="127.0.0.1", port=self.port, user="root", database=name)
        except pymysql.OperationalError as error:
            raise ConnectionError(str(error)) from error
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            rows = list(cursor.fetchall())
            connection.commit()
        return rows

    def url(self, name: str) -> str:
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{name}"

    def close(self) -> None:
        self.stop(signal.SIGKILL)  # at once: nothing is kept


def find(program: str, pattern: str, remedy: str) -> Path:
    """The newest of the program in the folders of the pattern, else on the PATH."""
    base, _, rest = pattern.partition("*")
    folders = sorted(Path(base).glob("*" + rest), reverse=True) if rest else [Path(pattern)]
    for folder in folders:
        if os.access(folder / program, os.X_OK):
            return folder / program
    found = shutil.which(program)
    if found is None:
        raise Missing(f"{program} is not installed: {remedy}")
    return Path(found)


def account(name: str) -> str | None:
    """Both servers refuse to be root: as root the account they run as, otherwise None (ourselves)."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return name if name in known else "nobody"


def as_user(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def make_folder(prefix: str, user: str) -> Path:
    """A short path (sockets allow 100 characters) that the server's account owns."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    give(folder, user)
    return folder


def give(folder: Path, user: str) -> None:
    owner = account(user)
    if owner is not None:
        entry = pwd.getpwnam(owner)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
