"""
The folder of an embedded server: its data, configuration, port and token, which stay the same from start to start.

A lock lets one server at a time use it. The server process inherits the lock, so it holds until the data is really at rest.
"""

import fcntl
import json
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from headwater.edges.nats.errors import EmbeddedServerError
from headwater.edges.nats.options import ConnectionOptions

_LOG_BYTES_MAX = 16 * 1024 * 1024
_LOG_BYTES_SHOWN = 4_096
_LOG_LINES_SHOWN = 8


class ServerFolder:
    """A folder that is ours while it is locked."""

    def __init__(self, path: Path, *, port: int, sync_always: bool) -> None:
        self._path = path
        self._is_port_chosen = port != 0
        self._sync_always = sync_always
        self._lock: IO[str] | None = None
        self.port = port
        self.token = ""

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        """What the server writes about itself."""
        return self._path / "nats-server.log"

    @property
    def config_file(self) -> Path:
        """What the server is started with."""
        return self._path / "nats-server.conf"

    @property
    def lock_descriptor(self) -> int:
        """The lock, for the server to inherit."""
        assert self._lock is not None
        return self._lock.fileno()

    def lock(self) -> bool:
        """Take the folder; false where another holds it. Raises EmbeddedServerError where it cannot be used at all."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self._path / "lock").open("w")
        except OSError as error:
            raise EmbeddedServerError(f"the folder {self._path} cannot be used: {error.strerror}; choose another with --store") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def unlock(self) -> None:
        """Leave the folder to others; what still runs on it keeps the lock."""
        if self._lock is not None:
            (self._path / "connection.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def prepare(self) -> None:
        """Choose port and token as they were, and write the configuration. Raises EmbeddedServerError where the port is taken."""
        path = self._path / "identity.json"
        known: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            known = json.loads(path.read_text())
        self.token = self.token or str(known.get("token") or secrets.token_urlsafe(24))
        if self._is_port_chosen:
            if not _is_free(self.port):
                raise EmbeddedServerError(f"port {self.port} is taken; choose another with --port, or leave it out for a free one")
        else:
            self.port = self.port or int(known.get("port") or 0)
            if not self.port or not _is_free(self.port):
                self.port = _free_port()
        _write_private(path, json.dumps({"token": self.token, "port": self.port}))
        _write_private(self._path / "connection.json", json.dumps({"url": self.url, "token": self.token, "process_id": os.getpid()}))
        _write_private(self.config_file, self._config())

    def log_end(self) -> str:
        """The last lines of the log."""
        try:
            with self.log_file.open("rb") as file:
                file.seek(max(0, self.log_file.stat().st_size - _LOG_BYTES_SHOWN))
                return "\n".join(file.read().decode(errors="replace").splitlines()[-_LOG_LINES_SHOWN:])
        except OSError:
            return "(there is no log)"

    def _config(self) -> str:
        sync = "always" if self._sync_always else "2m"
        data = json.dumps(str(self._path / "data"))
        return f"""# Written by Headwater at each start.
listen: "127.0.0.1:{self.port}"
server_name: headwater
authorization {{ token: {json.dumps(self.token)} }}
jetstream {{ store_dir: {data}, max_memory_store: 64MB, max_file_store: 1TB, sync_interval: {sync} }}
log_file: {json.dumps(str(self.log_file))}
logfile_size_limit: {_LOG_BYTES_MAX}
logfile_max_num: 2
"""


def running_server(folder: Path) -> ConnectionOptions | None:
    """How to connect to the embedded server that another process runs on this folder, None where none does."""
    with suppress(OSError, ValueError, KeyError, TypeError), (folder / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            content = json.loads((folder / "connection.json").read_text())
            return ConnectionOptions(servers=(content["url"],), token=content["token"])
    return None


def _write_private(path: Path, content: str) -> None:
    """Replace the file at once, for its owner's eyes only."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    new.replace(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
