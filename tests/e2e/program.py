"""The program as its users run it: a process of its own, its own state folder, and the story as collectors and a cluster would give it."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SECONDS_MAX = 30.0

TRACE = "trace-mysql-failure-123"
STORY: tuple[dict[str, Any], ...] = (
    {
        "id": "ebpf-oom-001",
        "timestamp": "2026-01-05T10:00:00.000Z",
        "type": "ebpf",
        "source": "ebpf",
        "trace_context": {"trace_id": TRACE},
        "k8s_context": {"kind": "Pod", "name": "mysql-pod-abc", "namespace": "production"},
        "kernel": {"syscall": "oom_kill", "comm": "mysqld"},
    },
    {
        "id": "api-timeout-001",
        "timestamp": "2026-01-05T10:00:15.000Z",
        "type": "service",
        "source": "api",
        "severity": "error",
        "message": "timeout after 5s calling mysql-service",
        "trace_context": {"trace_id": TRACE},
        "entity": {"type": "service", "name": "api-service", "namespace": "production"},
        "application": {"level": "error", "error_type": "timeout", "message": "timeout after 5s calling mysql-service"},
        "attributes": {"peer.service": "mysql-service", "error.type": "timeout"},
    },
    {
        "id": "frontend-503-001",
        "timestamp": "2026-01-05T10:00:30.000Z",
        "type": "service",
        "source": "frontend",
        "severity": "error",
        "message": "503 from api-service",
        "trace_context": {"trace_id": TRACE},
        "entity": {"type": "service", "name": "frontend-service", "namespace": "production"},
        "network": {"protocol": "http", "status_code": 503},
        "attributes": {"peer.service": "api-service"},
    },
)


class Headwater:
    """Runs commands, all in one environment; a folder of its own stands for the user's home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HEADWATER_", "XDG_"))},
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "NO_COLOR": "1",
        }

    def __call__(self, *arguments: str, stdin: str | None = None, expects: int | None = 0) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "headwater.cli.main", *arguments],
            input=stdin if stdin is not None else "",
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
        )
        if expects is not None:
            assert done.returncode == expects, f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *arguments: str, stdin: str | None = None) -> Any:
        """What a command prints with `-o json`."""
        return json.loads(self(*arguments, "-o", "json", stdin=stdin).stdout)


class RunningEngine:
    """`headwater run` as a process; its log is read line by line, so that nobody has to sleep."""

    def __init__(self, headwater: Headwater, *arguments: str, checkpoint_seconds: float = 0.2) -> None:
        self.lines: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "headwater.cli.main", "run", *arguments],
            env={**headwater.environment, "HEADWATER_ENGINE_CHECKPOINT_SECONDS": str(checkpoint_seconds)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for("ready")

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            for line in stream:
                with self._news:
                    self.lines.append(json.loads(line) if line.startswith("{") else {"event": line})
                    self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def wait_for(self, event: str, **fields: Any) -> dict[str, Any]:
        """The first line of the log with this event and these fields."""

        def found() -> dict[str, Any] | None:
            return next((line for line in self.lines if {**line, **fields, "event": event} == line), None)

        with self._news:
            self._news.wait_for(lambda: found() is not None or not self._reader.is_alive(), SECONDS_MAX)
        line = found()
        assert line is not None, f"the log never said {event!r} {fields or ''}:\n" + "\n".join(str(line) for line in self.lines)
        return line

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(SECONDS_MAX)
        self._reader.join(SECONDS_MAX)
        return code
