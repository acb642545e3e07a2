"""The command that moves a whole network from one store to another: copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.common import command, confirmed, print_json, progress_bar, say, settings
from explorer.cli.helping import Spoken

if TYPE_CHECKING:
    from explorer.services.copying import Copied

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl+C ended."""


@click.command(cls=Spoken)
@click.option("--from", "source_url", default=None, help="store to copy (that of this run)")
@click.option("--to", "target_url", required=True, help="store to write")
@click.option("--replace", is_flag=True, help="replace all that the written store holds")
@click.option("--json", "as_json", is_flag=True)
@command
def copy(source_url: str | None, target_url: str, replace: bool, as_json: bool) -> None:
    """Copy a whole network to another store, evidence and history of loads included."""
    try:
        copied = _copy(source_url or settings().store, target_url, replace)
    except KeyboardInterrupt:
        say("cli.copy_interrupted", target=target_url)
        click.get_current_context().exit(INTERRUPTED)
    if as_json:
        print_json(copied.as_json())
        return
    say("cli.copied", source=copied.source, target=copied.target)
    counts = ("structures", "cooperations", "memberships", "territories", "loads")
    say("cli.copied_counts", **{name: getattr(copied, name) for name in counts})


def _copy(source_url: str | None, target_url: str, replace: bool) -> Copied:
    """Copy; where something would be replaced, ask whoever sits at the terminal."""
    from explorer.services.copying import copy_network

    def attempt(allowed: bool) -> Copied:
        with progress_bar() as progress:
            return copy_network(source_url, target_url, replace=allowed, progress=progress)

    return confirmed(attempt, allowed=replace)
