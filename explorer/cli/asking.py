"""Commands that ask: find, sources, status, network."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import date

import click

from explorer.cli.common import command, opened, print_json, say, settings
from explorer.selection import Selection
from graph.dates import latest, partial
from graph.errors import UsageError
from graph.messages import text
from graph.store.port import GraphStore, Hit
from graph.vocabulary import KINDS, Status

NO_FOCUS = "none"


@click.command()
@click.argument("words")
@click.option("--limit", default=50, show_default=True)
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


@click.command()
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


@click.command()
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


@click.command()
@click.option("--as-of", default=None, help="2026-11-22 or 2026-11 (today)")
@click.option("--kind", "kinds", multiple=True)
@click.option("--territory", "territories", multiple=True, help="LEVEL:CODE")
@click.option("--focus", default=None, help="a structure's id, or none")
@click.option("--theme", "themes", multiple=True)
@click.option("--status", "statuses", multiple=True)
@click.option("--without-focus", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@command
def network(
    as_of: str | None,
    kinds: tuple[str, ...],
    territories: tuple[str, ...],
    focus: str | None,
    themes: tuple[str, ...],
    statuses: tuple[str, ...],
    without_focus: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the partner network: the focus set, its partners and all ties among them."""
    from explorer.services.network import network_of
    from explorer.services.tables import network_as_json
    from explorer.services.view import resolve_territory

    with opened(ready=True) as store:
        selection = Selection(
            focus=_focus(focus),
            on=as_of_date(as_of),
            kinds=known("kind", kinds, KINDS),
            territories=frozenset(resolve_territory(store, item) for item in territories),
            themes=known("theme", themes, _themes(store) if themes else ()),
            statuses=known("status", statuses, tuple(Status)),
        )
        document = network_as_json(network_of(store, selection), without_focus=without_focus)
    if as_json:
        print_json(document)
    else:
        _print_rows(document["structures"], as_csv=as_csv)


def as_of_date(value: str | None) -> date:
    """Return the day that ``--as-of`` names: its last day for a month or year; today by default."""
    if value is None:
        return date.today()  # noqa: DTZ011 - the user's own day
    try:
        return latest(partial(value))
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


def _focus(given: str | None) -> str | None:
    focus = given or settings().focus
    return None if focus == NO_FOCUS else focus


def _themes(store: GraphStore) -> tuple[str, ...]:
    return tuple(sorted({theme for item in store.cooperations() for theme in item.themes}))


def _print_rows(rows: object, *, as_csv: bool) -> None:
    assert isinstance(rows, list)  # noqa: S101 - network_as_json makes a list
    if not rows:
        return
    delimiter = ";" if as_csv else "\t"
    writer = csv.DictWriter(
        sys.stdout, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})


def _cell(value: object) -> object:
    return "|".join(map(str, value)) if isinstance(value, list) else value
