"""The portrait of a territory on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.common import command, opened, print_json, say, settings
from explorer.cli.covering import filtered, question_of
from explorer.cli.helping import Spoken
from explorer.cli.polygons import own_of, polygon_options, with_own
from explorer.cli.typed import FILE
from graph.errors import OutputError, UsageError, cause_of
from graph.identifiers import split_ref, territory_ref
from graph.store.port import GraphStore

if TYPE_CHECKING:
    from explorer.services.coverage_reading import CoverageQuestion
    from explorer.services.own_polygons import OwnTerritories


@click.command(cls=Spoken)
@click.argument("territory")
@click.option("--against", default=None, help="LEVEL:CODE or france (its département)")
@click.option("--kind", "kinds", multiple=True)
@click.option("--html", type=FILE, help="write one page to this file")
@click.option("--json", "as_json", is_flag=True)
@polygon_options
@filtered
@command
def portrait(
    territory: str,
    against: str | None,
    kinds: tuple[str, ...],
    html: Path | None,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 - options of others
) -> None:
    """Draw the portrait of a territory: its people, supply, agreements, what lapses, gaps."""
    from explorer.services.coverage import coverage_of
    from explorer.services.own_polygons import own_notes
    from explorer.services.portrait import portrait_of
    from explorer.services.portrait_documents import portrait_as_json, portrait_lines
    from explorer.services.portrait_page import portrait_html
    from explorer.services.portrait_reference import beside_of

    if html is not None and html.suffix.lower() not in {".html", ".htm"}:
        raise UsageError("portrait.format", file=html.name)
    language = settings().language
    with opened(ready=True) as store:
        own = own_of(store, filters)
        ref, question = _asked(store, territory, kinds, own, filters)
        answer = coverage_of(store, question)
        beside = beside_of(store, answer, ref, _named(store, against))
        found = portrait_of(answer, ref, store.sources(), language, beside)
    notes = own_notes(own, language) if own else []
    if html is not None:
        _write(html, portrait_html(found, language, notes))
    if as_json:
        document = portrait_as_json(found, answer, ref, beside)
        print_json({**document, "caveats": [*notes, *found.notes]})
    elif html is None:
        for line in portrait_lines(found, language):
            click.echo(line)
        for line in (*notes, *found.notes):
            click.echo(line, err=True)


def _asked(
    store: GraphStore,
    territory: str,
    kinds: tuple[str, ...],
    own: OwnTerritories | None,
    filters: dict[str, Any],
) -> tuple[str, CoverageQuestion]:
    """Return the reference of the territory and the question of which it is a row."""
    if own is None:
        ref = _named(store, territory) or territory
        filters["territories"] = (ref,)
        return ref, question_of(store, split_ref(ref)[0], kinds, None, filters)
    known = {item.id: item.id for item in own.territories}
    known |= {item.name or "": item.id for item in own.territories}
    found = known.get(territory) or known.get(territory_ref("set", territory))
    if found is None:
        names = ", ".join(item.name or item.id for item in own.territories)
        raise UsageError("own.unknown", value=territory, allowed=names)
    return found, with_own(question_of(store, "set", kinds, None, filters), own)


def _named(store: GraphStore, value: str | None) -> str | None:
    """Return the reference that a person means; the whole country has no code."""
    from explorer.services.portrait_reference import FRANCE
    from explorer.services.view import resolve_territory

    if value is None or value == FRANCE:
        return value
    return resolve_territory(store, value)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputError("portrait.unwritable", file=str(path), why=cause_of(error)) from None
    say("portrait.written", file=str(path))
