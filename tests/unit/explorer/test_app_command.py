"""The server that ``maillage app`` starts ends with it, whoever asks."""

import os
import signal
import socket  # noqa: TID251 - to take a port on this computer
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.cli.system import STOPPED
from tests.support.stores import fill_reference

CHECKOUT = Path(__file__).resolve().parents[3]
SERVER = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
STARTER = """
import os, signal, sys
from explorer.cli.system import _serve
# A shell that starts the tests in the background has SIGINT ignored, a terminal has not.
signal.signal(signal.SIGINT, signal.default_int_handler)
print(_serve([sys.executable, "-c", sys.argv[1], sys.argv[2]], dict(os.environ)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_with_its_command(asked, tmp_path):
    born = tmp_path / "pid"
    started = subprocess.Popen(
        [sys.executable, "-c", STARTER, SERVER, str(born)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    server = _number_in(born)
    if asked is signal.SIGINT:  # a terminal sends it to all
        os.killpg(started.pid, asked)
    else:
        started.send_signal(asked)
    said, _ = started.communicate(timeout=30)
    assert started.returncode == 0
    assert int(said) in STOPPED
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_port_that_is_taken_is_said(tmp_path):
    store = fill_reference(tmp_path / "reference.db")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-c", "from explorer.cli import main; main()"]
        result = subprocess.run(
            [*command, "--store", store, "app", "--port", port],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert result.returncode == 3
    assert f"port {port}" in result.stderr
    assert "avec --port" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_that_cannot_be_is_wrong_usage(tmp_path):
    store = f"sqlite:///{tmp_path / 'no.db'}"
    assert CliRunner().invoke(main, ["--store", store, "app", "--port", "99999"]).exit_code == 2


def _number_in(path: Path) -> int:
    until = time.monotonic() + 30
    while not (path.exists() and path.read_text(encoding="utf-8")):
        assert time.monotonic() < until
        time.sleep(0.02)
    return int(path.read_text(encoding="utf-8"))
