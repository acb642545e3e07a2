"""Commands that ask what is held: find, sources, status; and the days and values of options."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from explorer.cli.common import command, opened, print_json, say, settings
from explorer.cli.helping import Spoken
from explorer.cli.typed import whole
from graph.dates import earliest, latest, partial
from graph.errors import UsageError
from graph.messages import text
from graph.store.port import Hit

NO_FOCUS = "none"


@click.command(cls=Spoken)
@click.argument("words")
@click.option("--limit", type=whole, default=50)
@click.option("--json", "as_json", is_flag=True)
@command
def find(words: str, limit: int, as_json: bool) -> None:
    """Find structures by name, number or commune; accents do not matter."""
    with opened() as store:
        hits = store.search(words, limit)
        empty = not hits and not store.loads()
    if as_json:
        print_json(_hits_as_json(hits))
        return
    for hit in hits:
        kind = text(f"kind_short.{hit.kind or 'unknown'}", settings().language)
        click.echo(f"{hit.id}\t{hit.name}\t{kind}\t{hit.commune or ''}\t{', '.join(hit.sources)}")
    if not hits:
        say("cli.empty_store" if empty else "cli.nothing_found", words=words)


def _hits_as_json(hits: Sequence[Hit]) -> list[dict[str, object]]:
    """Return hits by id; `rank` keeps their order, 1 for the best."""
    names = ("id", "name", "kind", "commune", "sources")
    ranked = enumerate(hits, 1)
    rows = ({**{name: getattr(hit, name) for name in names}, "rank": at} for at, hit in ranked)
    return sorted(rows, key=lambda row: str(row["id"]))


@click.command(cls=Spoken)
@click.option("--json", "as_json", is_flag=True)
@command
def sources(as_json: bool) -> None:
    """List the sources that can be loaded: what each reads, address, licence, vintage."""
    from explorer.services.sources import about_source, sources_as_json
    from loaders.registry import loader

    with opened() as store:
        rows = sources_as_json(store, settings().language)
    if as_json:
        print_json(sorted(rows, key=lambda row: str(row["id"])))
        return
    for row in rows:
        click.echo(f"{row['id']}\t{row['title']}\t{row['licence']}\t{row['last_load'] or '-'}")
        for line in about_source(loader(str(row["id"])), settings().language):
            click.echo(f"\t{line}")


@click.command(cls=Spoken)
@click.option("--json", "as_json", is_flag=True)
@command
def status(as_json: bool) -> None:
    """Say what the store holds."""
    with opened(ready=True) as store:
        held = store.status()
    rows = [
        {
            "id": item.source.id,
            "title": item.source.title,
            "date": item.source.date or item.source.vintage,
            "structures": item.structures,
            "cooperations": item.cooperations,
        }
        for item in held.sources
    ]
    if as_json:
        names = ("store", "structures", "cooperations", "memberships", "territories")
        print_json({**{name: getattr(held, name) for name in names}, "sources": rows})
        return
    click.echo(f"{held.store}")
    for kind, count in held.structures.items():
        click.echo(f"{text(f'kind.{kind}', settings().language)}\t{count}")
    for row in rows:
        click.echo(f"{row['id']}\t{row['title']}\t{row['structures']}\t{row['cooperations']}")


def as_of_date(value: str | None) -> date:
    """Return the day that ``--as-of`` names: its last day for a month or year; today by default."""
    if value is None:
        return date.today()  # noqa: DTZ011 - the user's own day
    try:
        return latest(partial(value))
    except ValueError:
        raise UsageError("bad_date", value=value) from None


def first_day(value: str) -> date:
    """Return the first day of what `value` names: 1 January for a year.

    Raises
    ------
    UsageError
        It is no date.
    """
    try:
        return earliest(partial(value))
    except ValueError:
        raise UsageError("bad_date", value=value) from None


def known(option: str, values: tuple[str, ...], allowed: tuple[str, ...]) -> frozenset[str]:
    """Check that `values` are among `allowed`."""
    for value in values:
        if value not in allowed:
            raise UsageError(
                "unknown_value", option=f"--{option}", value=value, allowed=", ".join(allowed)
            )
    return frozenset(values)
