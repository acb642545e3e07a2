"""One local server: its folder, and how it is started, stopped, killed and wiped."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from neo4j_local import access, process
from neo4j_local.configuration import LOOPBACK, choose_port, settings, write_settings
from neo4j_local.install import MAIN_CLASS, VERSION, Install, install, put_in_place
from neo4j_local.trouble import ServerTrouble

START_SECONDS = 120.0
STOP_SECONDS = 60.0
READY = "Started."
"""The line of the log that says that the server answers."""


class State(NamedTuple):
    """What a server's folder remembers of it: process and port."""

    pid: int | None = None
    port: int | None = None


class Server:
    """A server with all that is its own in the folder `home`.

    Parameters
    ----------
    home : Path
        Its folder: data, settings, logs, password. Made at the first start.
    port : int, optional
        The port wanted; by default that of the last start, else Neo4j's usual one (with 0: any).
        If somebody else listens there another one is taken.
    more : Mapping, optional
        Further lines of ``neo4j.conf``, as names and values; they may change between two starts.
    heap : str
        Memory of the Java process beside the page cache.
    java_options : Sequence of str
        Further options of the Java process.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        more: Mapping[str, str] | None = None,
        heap: str = "512m",
        java_options: Sequence[str] = (),
    ) -> None:
        self.home = home.resolve()
        self.more = dict(more or {})
        self.heap = heap
        self.java_options = tuple(java_options)
        self._wanted = port
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def state(self) -> State:
        """Return what the folder remembers."""
        try:
            kept = json.loads((self.home / "state.json").read_text(encoding="utf-8"))
            return State(kept["pid"], kept["port"])
        except (OSError, ValueError, KeyError):
            return State()

    @property
    def password_file(self) -> Path:
        """Return the file that keeps the password, readable for its owner alone."""
        return self.home / "password"

    @property
    def url(self) -> str:
        """Return the address that Maillage is given."""
        return f"neo4j://{LOOPBACK}:{self.state.port}"

    @property
    def password(self) -> str:
        """Return the password."""
        return access.read_password(self.password_file)

    @property
    def running(self) -> bool:
        """Tell whether the server's process is there."""
        return process.runs(self.state.pid, self.home)

    def start(self) -> None:
        """Start it and wait until it answers; one that runs already is left as it is.

        Raises
        ------
        ServerTrouble
            Java or Maven is missing, or the server ended or did not answer.
        """
        entered = self.password_file.exists()
        if entered and self.running:
            return
        installed = installed_with_seed()
        if not entered:
            self._begin(installed)
        self.launch(installed)
        bolt = f"bolt://{LOOPBACK}:{self.state.port}"
        if not entered:
            password = access.new_password()
            access.set_password(bolt, password)
            access.write_password(self.password_file, password)
        access.check(bolt, self.password)

    def _begin(self, installed: Install) -> None:
        """Lay the data of a new server; nobody has entered what may be there."""
        self.stop()
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(self.home / "data", ignore_errors=True)
        shutil.copytree(installed.seed, self.home / "data")

    def launch(self, installed: Install) -> None:
        """Start the process and wait until its log says that it is ready."""
        port = choose_port(self._wanted or self.state.port or self._wanted)
        write_settings(self.home / "conf", settings(port, self.more))
        logs = self.home / "logs"
        logs.mkdir(exist_ok=True)
        (logs / "neo4j.log").unlink(missing_ok=True)
        command = [installed.java, f"-Xmx{self.heap}", "-XX:+UseParallelGC", *self.java_options]
        command += ["-cp", installed.class_path, MAIN_CLASS]
        command += [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        with (logs / "console.log").open("wb") as console:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._remember(State(self._child.pid, port))
        self._wait(self._child)

    def stop(self) -> None:
        """Stop it in order; one that does not stop is killed."""
        if not self._end(signal.SIGTERM, STOP_SECONDS):
            self.kill()

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if not self._end(signal.SIGKILL, STOP_SECONDS):
            raise ServerTrouble(f"process {self.state.pid} of {self.home} does not end")

    def wipe(self) -> None:
        """Stop it and remove its folder with all data."""
        self.stop()
        if self.home.exists():
            shutil.rmtree(self.home)

    def said(self) -> str:
        """Return the end of what the server wrote to its log and console."""
        found = (self.home / "logs" / name for name in ("console.log", "neo4j.log"))
        texts = (file.read_text(errors="replace") for file in found if file.exists())
        return "\n".join("\n".join(texts).splitlines()[-15:])

    def _wait(self, started: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        log = self.home / "logs" / "neo4j.log"
        while not (log.exists() and READY in log.read_text(errors="replace")):
            if started.poll() is not None:
                raise ServerTrouble(f"Neo4j ended as it started:\n{self.said()}")
            if time.monotonic() > deadline:
                self.kill()
                raise ServerTrouble(f"Neo4j did not start in {START_SECONDS:.0f} s:\n{self.said()}")
            time.sleep(0.05)

    def _end(self, number: signal.Signals, seconds: float) -> bool:
        pid, port = self.state
        gone = pid is None or process.end(pid, self.home, number, seconds)
        if gone and self._child is not None:
            self._child.wait()
            self._child = None
        if gone and self.home.exists():
            self._remember(State(None, port))
        return gone

    def _remember(self, state: State) -> None:
        text = json.dumps(state._asdict())
        (self.home / "state.json").write_text(text, encoding="utf-8")


def installed_with_seed(version: str = VERSION) -> Install:
    """Return the installed `version` with a data folder of a new server, made once.

    A server that begins with a copy of it starts in half the time, and that it could be made
    shows that the version runs here.
    """
    installed = install(version)
    if not installed.seed.is_dir():
        with tempfile.TemporaryDirectory(prefix="seed-", dir=installed.seed.parent) as scratch:
            maker = Server(Path(scratch), port=0)
            try:
                maker.launch(installed)
            finally:
                maker.stop()
            put_in_place(Path(scratch) / "data", installed.seed)
    return installed
