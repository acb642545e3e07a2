"""A server's process, also one that another process started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

_PROC = Path("/proc")


def command_of(pid: int) -> str:
    """Return the command line of process `pid`, empty if there is none."""
    if not (_PROC / "self").exists():
        return _ps(pid, "command=")
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def has_ended(pid: int) -> bool:
    """Tell whether process `pid` holds no file and no port any more."""
    if not (_PROC / "self").exists():
        state = _ps(pid, "stat=")
    else:
        try:
            state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].strip()
        except OSError:
            state = ""
    return state[:1] in ("", "Z", "X")


def runs(pid: int | None, home: Path) -> bool:
    """Tell whether `pid` is the server of `home`, not a later process of the same number."""
    return pid is not None and f"--home-dir={home} " in command_of(pid)


def end(pid: int, home: Path, number: signal.Signals, seconds: float) -> bool:
    """Send a signal to the server of `home` and wait until it has gone; tell whether it has."""
    if not runs(pid, home):
        return True
    os.kill(pid, number)
    deadline = time.monotonic() + seconds
    while not has_ended(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _ps(pid: int, what: str) -> str:
    command = ["ps", "-o", what, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
