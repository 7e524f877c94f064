"""MariaDB in a sandbox of its own: found, started, and looked into by the gate. It stands for MySQL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql

from evaluators.service.database import LIMITS, SERVICE_ROLE, NoDatabase, awaited, socket_folder
from evaluators.service.mariadb_rows import MariadbDatabase
from evaluators.service.mariadb_session import connected, fetched, several
from evaluators.service.sandbox import Bind, Confined, Process, Reach, start

PORT = 3306
INNER = "/run/mariadb-gate"
"""The socket's folder inside every sandbox."""
SOCKET = "server.sock"
INSTALL = "apt-get install mariadb-server"

ADMIN = "gate"

SETTINGS = {
    "skip-networking": "ON",
    "skip-name-resolve": "ON",
    "skip-log-bin": "",
    "local-infile": "OFF",
    "lc-messages": "en_US",
    "default-time-zone": "+00:00",
    "character-set-server": "utf8mb4",
    # What comes nearest to MySQL's own: without accents, case and padding.
    "collation-server": "utf8mb4_unicode_520_nopad_ci",
    # MySQL's own mode; the part about GROUP BY left out, since MariaDB's knows no functional dependence.
    "sql-mode": "STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "explicit-defaults-for-timestamp": "ON",
    "loose-innodb-snapshot-isolation": "OFF",
    "performance-schema": "OFF",
    "max-connections": "64",
    "max-allowed-packet": "64M",
    "table-open-cache": "400",
    "key-buffer-size": "1M",
    "aria-pagecache-buffer-size": "4M",
    "aria-sync-log-dir": "NEVER",
    "innodb-buffer-pool-size": "32M",
    "innodb-log-file-size": "8M",
    "innodb-log-buffer-size": "2M",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "OFF",
    "innodb-use-native-aio": "OFF",
    "innodb-flush-method": "fsync",
    "innodb-stats-persistent": "OFF",
    "innodb-buffer-pool-dump-at-shutdown": "OFF",
    "innodb-buffer-pool-load-at-startup": "OFF",
    "innodb-purge-threads": "1",
}
"""Fast and small, since nothing needs to outlive the gate; and the same words on every machine."""

# The home is the sandbox's /tmp, and without one a folder of the gate's.
SCRIPT = """
set -e
"$INSTALLER" --defaults-file=/app/settings --datadir="$HOME/data" --auth-root-authentication-method=normal \
  --skip-test-db >"$HOME/install" 2>&1 || { cat "$HOME/install"; exit 1; }
exec "$SERVER" --defaults-file=/app/settings --datadir="$HOME/data" --pid-file="$HOME/pid" \
  --socket="$SOCKET" --init-file=/app/init
"""
# A user that the operating system vouches for would be the service too: both run as the same one.
INIT = """DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
FLUSH PRIVILEGES;
CREATE USER '{admin}'@'localhost' IDENTIFIED BY '{password}';
GRANT ALL ON *.* TO '{admin}'@'localhost' WITH GRANT OPTION;
CREATE USER '{role}'@'localhost' IDENTIFIED BY '{role}';
INSTALL SONAME 'metadata_lock_info';
"""
PLUGGED = "SELECT 1 FROM information_schema.plugins WHERE plugin_name = 'METADATA_LOCK_INFO'"


@dataclass(frozen=True)
class Binaries:
    """A MariaDB installation."""

    server: Path
    installer: Path
    """What makes a folder of data."""
    binds: tuple[Bind, ...] = ()


def binaries() -> Binaries | None:
    """The system's MariaDB, or None."""
    # An ordinary user's path often lacks where servers are.
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"))
    server, installer = (shutil.which(name, path=places) for name in ("mariadbd", "mariadb-install-db"))
    if server is None or installer is None:
        return None
    found = Path(server).resolve(), Path(installer).resolve()
    root = found[0].parent.parent
    return Binaries(*found, () if root.is_relative_to("/usr") else (Bind(root),))


@asynccontextmanager
async def serve(scratch: Path) -> AsyncIterator[Mariadb]:
    """Start MariaDB; it ends with the context. Raises NoDatabase and SandboxError."""
    found = binaries()
    if found is None:
        raise NoDatabase(f"MariaDB, which runs MySQL's dialect, is not installed: {INSTALL}")
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(socket_folder(scratch))
        password = secrets.token_hex(16)
        process = await stack.enter_async_context(start(_confined(found, folder, password)))
        server = Mariadb(process, folder, password)
        await server.ready()
        yield server


def _confined(found: Binaries, folder: Path, password: str) -> Confined:
    """The server's sandbox."""
    settings = "".join(f"{name}={value}\n" if value else f"{name}\n" for name, value in SETTINGS.items())
    init = INIT.format(admin=ADMIN, password=password, role=SERVICE_ROLE)
    return Confined(
        ("/bin/sh", "-c", SCRIPT),
        env={"SERVER": str(found.server), "INSTALLER": str(found.installer), "SOCKET": f"{INNER}/{SOCKET}"},
        binds=(*found.binds, Bind(folder, INNER, writable=True)),
        files={"settings": f"[mariadbd]\n{settings}", "init": init},
        limits=LIMITS,
    )


class Mariadb:
    """A running MariaDB."""

    def __init__(self, process: Process, folder: Path, password: str) -> None:
        self.process = process
        self.folder = folder
        self.version = ""
        self.sees_locks = False
        self._password = password

    def parameters(self, name: str | None, user: str = ADMIN) -> dict[str, Any]:
        """How to connect from outside."""
        password = self._password if user == ADMIN else SERVICE_ROLE
        return {"unix_socket": str(self.folder / SOCKET), "database": name, "user": user, "password": password}

    async def ready(self) -> None:
        """Wait for the first answer. Raises NoDatabase."""
        until = asyncio.get_running_loop().time() + 60
        while not (self.folder / SOCKET).exists():
            await self._pause(until)
        while True:
            try:
                told = await asyncio.to_thread(self._told, ["SELECT version() AS v", PLUGGED])
                self.version = str(told[0][0]["v"]).split("-")[0]
                self.sees_locks = bool(told[1])
                return
            except pymysql.Error:
                await self._pause(until)

    def _told(self, statements: list[str]) -> list[list[dict[str, Any]]]:
        """What statements of the gate answer."""
        with connected(self.parameters(None)) as session:
            return several(session, statements)

    async def _pause(self, until: float) -> None:
        await awaited("MariaDB", self.process, until, _why)

    async def create(self, name: str, *, supabase: bool = False) -> MariadbDatabase:
        """See `database.Server`; `supabase` has no meaning here."""
        # In a grant, an underscore stands for any character.
        granted = name.replace("_", r"\_")
        made = [f'CREATE DATABASE "{name}"', f"GRANT ALL ON \"{granted}\".* TO '{SERVICE_ROLE}'@'localhost'"]
        try:
            await asyncio.to_thread(self._told, made)
        except pymysql.Error as error:
            raise NoDatabase(f"the database {name} cannot be made ({error.args[0] or 'no connection'})") from error
        return MariadbDatabase(
            name=name,
            service_url=f"mysql://{SERVICE_ROLE}:{SERVICE_ROLE}@127.0.0.1:{PORT}/{name}",
            binds=(Bind(self.folder, INNER),),
            reaches=(Reach(PORT, f"{INNER}/{SOCKET}"),),
            admin=self.parameters(name),
            owner=self.parameters(name, SERVICE_ROLE),
            sees_locks=self.sees_locks,
        )

    async def drop(self, name: str) -> None:
        """See `database.Server`."""
        await asyncio.to_thread(self._dropped, name)

    def _dropped(self, name: str) -> None:
        with connected(self.parameters(None)) as session:
            there = fetched(session, "SELECT id FROM information_schema.processlist WHERE db = %s", (name,))
            ended = [f"KILL {each['id']}" for each in there]
            several(session, [*ended, f'DROP DATABASE IF EXISTS "{name}"'])


def _why(log: str) -> str:
    """The line of a log that says why the server ended: its first error, else what stands before `Aborting`."""
    lines = [line for line in log.strip().split("\n") if "[Note]" not in line and "[Warning]" not in line]
    errors = [number for number, line in enumerate(lines) if "[ERROR] " in line]
    if not errors:
        return lines[-1]
    first = lines[errors[0]].partition("[ERROR] ")[2]
    return lines[errors[0] - 1] if first == "Aborting" and errors[0] else first
