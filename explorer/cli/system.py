"""Commands about the installation: doctor, app."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from explorer.cli.common import command, opened, print_json, progress_bar, say, settings
from explorer.cli.helping import Spoken
from explorer.cli.typed import port_number
from graph.errors import OutputError, UsageError

ENTRY = Path(__file__).resolve().parents[2] / "streamlit_app.py"
STOPPED = frozenset({0, -signal.SIGINT, -signal.SIGTERM, 130, 143})
"""Codes of a server that was asked to stop."""


@click.command(cls=Spoken)
@click.option("--json", "as_json", is_flag=True)
@command
def doctor(as_json: bool) -> None:
    """Check the installation and the store; say what to do about what is wrong."""
    from explorer.services.doctor import examine

    findings = examine(settings().store)
    if as_json:
        print_json([finding.as_json(settings().language) for finding in findings])
    else:
        for finding in findings:
            mark = "✓" if finding.ok else "✗"
            click.echo(f"{mark} {finding.said(settings().language)}")
    failed = [finding for finding in findings if not finding.ok]
    if failed:
        click.get_current_context().exit(max(finding.exit_code for finding in failed))


@click.command(cls=Spoken)
@click.option("--port", type=port_number, default=8501)
@command
def app(port: int) -> None:
    """Open the explorer in the browser; the bundled ecosystem is loaded on first start."""
    from explorer.services.loading import load_bundled

    if not ENTRY.is_file():
        raise UsageError("no_checkout", file=str(ENTRY))
    with opened() as store, progress_bar() as progress:
        environment = {**os.environ, "MAILLAGE_STORE": store.url}
        say("cli.starting", store=store.url, port=port)
        if load_bundled(store, progress):
            say("cli.bundled")
    arguments = ["--server.port", str(port)]
    code = _serve([sys.executable, "-m", "streamlit", "run", str(ENTRY), *arguments], environment)
    if code not in STOPPED:
        raise OutputError("app_stopped", code=code, port=port)


def _serve(command_line: list[str], environment: dict[str, str]) -> int:
    """Run the server until it ends; what asks this process to stop reaches the server too."""
    process = subprocess.Popen(command_line, cwd=ENTRY.parent, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal has told the server as well
            continue
