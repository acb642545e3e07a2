"""Commands that change the store: load, undo; and the register template."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.cli.asking import as_of_date
from explorer.cli.common import (
    command,
    confirmed,
    opened,
    print_json,
    progress_bar,
    say,
    settings,
)
from explorer.cli.helping import Spoken
from explorer.cli.typed import FILE
from explorer.wording import place_in_words
from graph.errors import UsageError
from graph.messages import text
from graph.store.port import GraphStore, Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explorer.services.loading import LoadResult
    from explorer.services.view_tables import Row
    from loaders.base import LoadContext

SHOWN_REJECTIONS = 20


@click.command(cls=Spoken)
@click.argument("source")
@click.argument("paths", nargs=-1, type=FILE)
@click.option("--departement", "departements", multiple=True, help="94, 2A, 971… (repeatable)")
@click.option("--profile", help="profile of headings, for conventions")
@click.option("--sheet", help="sheet to read in a workbook")
@click.option("--option", "pairs", multiple=True, help="NAME=VALUE, as a loader's messages name it")
@click.option("--dry-run", is_flag=True, help="say what would change, change nothing")
@click.option("--allow-removals", is_flag=True, help="accept a load that removes much")
@click.option("--json", "as_json", is_flag=True)
@command
def load(
    source: str,
    paths: tuple[Path, ...],
    departements: tuple[str, ...],
    profile: str | None,
    sheet: str | None,
    pairs: tuple[str, ...],
    dry_run: bool,
    allow_removals: bool,
    as_json: bool,
) -> None:
    """Load SOURCE (see `maillage sources`) from PATHS."""
    from explorer.services.loading import dry_load
    from loaders.base import LoadContext

    options = {"focus": settings().focus, "profile": profile, "sheet": sheet, **_options(pairs)}
    with opened() as store, progress_bar() as progress:
        context = LoadContext(
            store=store,
            departements=departements,
            progress=progress,
            options={key: value for key, value in options.items() if value},
        )
        if dry_run:
            speaks = settings().language
            result = dry_load(
                store, source, paths, context=context, on=as_of_date(None), language=speaks
            )
        else:
            result = _load(store, source, paths, context, allow_removals)
    _report(result, as_json=as_json)


def _options(pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise UsageError("bad_option", value=pair)
    return dict(pair.split("=", 1) for pair in pairs)


def _load(
    store: GraphStore,
    source: str,
    paths: tuple[Path, ...],
    context: LoadContext,
    allow_removals: bool,
) -> LoadResult:
    """Load; where much would be removed, ask whoever sits at the terminal."""
    from explorer.services.loading import run_load

    def attempt(allowed: bool) -> LoadResult:
        return run_load(store, source, paths, context=context, allow_removals=allowed)

    return confirmed(attempt, allowed=allow_removals)


def _report(result: LoadResult, *, as_json: bool) -> None:
    if as_json:
        from explorer.services.loading import result_as_json

        print_json(result_as_json(result, settings().language))
        return
    report, outcome = result.report, result.outcome
    say(
        "cli.dry_run" if result.dry_run else "cli.loaded",
        source=result.source,
        added=outcome.added,
        updated=outcome.updated,
        removed=outcome.removed,
        unchanged=outcome.unchanged,
    )
    counts = ("read", "kept", "skipped", "rejected")
    say("cli.rows", **{name: getattr(report, name) for name in counts})
    _print_changes(result.changes)
    _print_rows(report.rejections)
    if report.rejected > SHOWN_REJECTIONS:
        say("cli.more_rejections", n=report.rejected - SHOWN_REJECTIONS)
    if report.warnings:
        say("cli.warnings", n=len(report.warnings))
        _print_rows(report.warnings)


def _print_changes(changes: Sequence[Row]) -> None:
    """Name what a dry run would change, as many of each kind of change as of rejections."""
    shown: Counter[object] = Counter()
    for row in changes:
        shown[row["change"]] += 1
        if shown[row["change"]] <= SHOWN_REJECTIONS:
            detail = f" ({row['detail']})" if row["detail"] else ""
            what = f"{row['change']}, {row['thing']}"
            named = f"{row['name']}{detail}"
            line = text("place.said", settings().language, where=what, reason=named)
            click.echo(f"  {line}", err=True)
    more = sum(max(0, count - SHOWN_REJECTIONS) for count in shown.values())
    if more:
        say("cli.more_changes", n=more)


def _print_rows(rows: Sequence[Rejection]) -> None:
    speaks = settings().language
    for row in rows[:SHOWN_REJECTIONS]:
        where = ", ".join(filter(None, (place_in_words(row.row, speaks), row.field)))
        click.echo(
            f"  {text('place.said', speaks, where=where, reason=row.reason(speaks))}", err=True
        )


@click.command(cls=Spoken)
@click.argument("source")
@click.option("--json", "as_json", is_flag=True)
@command
def undo(source: str, as_json: bool) -> None:
    """Undo the last load of SOURCE that changed something."""
    from explorer.services.loading import undo_last

    with opened() as store:
        outcome, idle = undo_last(store, source)
    if as_json:
        names = ("added", "updated", "removed", "unchanged")
        print_json({"source": source, **{name: getattr(outcome, name) for name in names}})
        return
    say(
        "cli.undone",
        source=source,
        added=outcome.added,
        updated=outcome.updated,
        removed=outcome.removed,
    )
    if idle:
        say("cli.undone_idle", n=idle)


@click.command(cls=Spoken)
@click.argument("out", type=FILE)
@command
def template(out: Path) -> None:
    """Write an empty register of agreements to OUT.xlsx."""
    from loaders.conventions import write_template

    write_template(out, settings().language)
    say("cli.template", file=str(out))
