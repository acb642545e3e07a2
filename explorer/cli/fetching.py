"""The command that downloads official files: fetch."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from explorer.cli.common import command, print_json, settings
from explorer.cli.helping import Spoken
from explorer.cli.typed import FILE
from explorer.services.fetching import run_fetch, said
from graph.messages import text
from graph.store.port import Progress


@click.command(cls=Spoken)
@click.argument("source")
@click.option("--refresh", is_flag=True, help="ask for a newer file than the one already there")
@click.option("--dest", type=FILE, help="folder to write to, not the cache")
@click.option("--json", "as_json", is_flag=True)
@command
def fetch(source: str, refresh: bool, dest: Path | None, as_json: bool) -> None:
    """Download the official file of SOURCE, where there is internet."""
    language = settings().language
    with byte_bar() as progress:
        result = run_fetch(source, language, refresh=refresh, dest=dest, progress=progress)
    if as_json:
        print_json(result)
        return
    for line in said(result, language):
        click.echo(line, err=True)
    for item in result.files:
        click.echo(item.file)


@contextlib.contextmanager
def byte_bar() -> Iterator[Progress]:
    """Yield a progress callback that draws bytes, speed and time left on standard error."""
    bars: list[tqdm[Any]] = []

    def show(stage: str, done: int, total: int | None) -> None:
        if not bars or bars[-1].total != total:
            bars.append(_bar(text(stage, settings().language), done, total))
        bars[-1].update(done - bars[-1].n)

    try:
        yield show
    finally:
        for bar in bars:
            bar.close()


def _bar(label: str, done: int, total: int | None) -> tqdm[Any]:
    return tqdm(
        total=total,
        initial=done,
        desc=label,
        unit="o" if settings().language == "fr" else "B",
        unit_scale=True,
        leave=False,
        file=sys.stderr,
    )
