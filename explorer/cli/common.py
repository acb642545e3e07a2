"""What every command shares: settings, store, messages on standard error, exit codes."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

import click
import msgspec
from tqdm import tqdm

from explorer.settings import Settings, read_settings
from graph.errors import ConfirmationNeeded, MaillageError
from graph.messages import text
from graph.store.open import open_store
from graph.store.port import GraphStore, Progress

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE_SECONDS = 2.0
"""A progress bar appears on what takes longer."""
BAR = "{desc} {percentage:3.0f}% |{bar}| {elapsed} < {remaining}"
"""Rows and bytes alike: how far, how long it took, how long it will take."""


def settings() -> Settings:
    """Return the settings of this run, ``--store`` and ``--lang`` included."""
    given = click.get_current_context().find_root().obj
    read: Settings = given if isinstance(given, Settings) else read_settings()
    return read


def say(key: str, **params: object) -> None:
    """Write a message on standard error, in the reader's language."""
    click.echo(text(key, settings().language, **params), err=True)


def print_json(document: object) -> None:
    """Print one JSON document on standard output: NaN is null, keys in the order given."""
    encoded = msgspec.json.encode(document)
    sys.stdout.write(msgspec.json.format(encoded, indent=2).decode() + "\n")


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Give `function` the ``--store`` option, and turn errors into a message and an exit code."""

    @click.option(
        "--store", "store_url", default=None, help="sqlite:///path/file.db or neo4j://host:7687"
    )
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        url = kwargs.pop("store_url", None)
        context = click.get_current_context()
        if url:
            context.find_root().obj = msgspec.structs.replace(settings(), store=str(url))
        try:
            return function(*args, **kwargs)
        except MaillageError as error:
            click.echo(error.message(settings().language), err=True)
            context.exit(error.exit_code)

    return run


@contextlib.contextmanager
def opened(*, ready: bool = False) -> Iterator[GraphStore]:
    """Open the store of this run; with `ready`, load the territories first if they never were."""
    store = open_store(settings().store)
    try:
        if ready:
            from explorer.services.loading import load_territories

            with progress_bar() as progress:
                load_territories(store, progress)
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a progress callback that draws a bar on standard error after two seconds."""
    bars: dict[str, tqdm[Any]] = {}

    def show(stage: str, done: int, total: int | None) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            label = text(stage, settings().language)
            bars[stage] = tqdm(
                total=total,
                desc=label,
                delay=PATIENCE_SECONDS,
                leave=False,
                file=sys.stderr,
                bar_format=BAR if total else "{desc} {elapsed}",
            )
        bars[stage].update(done - bars[stage].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def confirmed(attempt: Callable[[bool], R], *, allowed: bool) -> R:
    """Do what may need a person's agreement: `attempt(True)` once whoever sits there agrees.

    Raises
    ------
    ConfirmationNeeded
        Nobody sits at the terminal, or they disagree.
    """
    try:
        return attempt(allowed)
    except ConfirmationNeeded as question:
        if not sys.stdin.isatty():
            raise
        if not agreed(question.message(settings().language)):
            raise
        return attempt(True)


def agreed(question: str) -> bool:
    """Ask `question` on standard error; whatever is no yes is a no."""
    language = settings().language
    asked = text("usage.confirm", language, question=question)
    click.echo(f"{asked} ", err=True, nl=False)
    return sys.stdin.readline().strip().casefold() in text("usage.yes", language).split()
