"""The portrait of a territory as sections of one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from explorer.figures.making import Style
from explorer.figures.pages import Section, Table
from explorer.services.portrait import Portrait
from explorer.viewmodel.model import View
from graph.messages import text

_PEOPLE = ("count", "share", "reference")
_KINDS = ("kind", "state", "supply", "density", "reference", "rate", "reference_rate")
_ACTIVITIES = ("name", "supply", "density", "reference")
_SHARES = {
    "people": (3.0, 1.2, 1.2),
    "kinds": (2.4, 1.7, 3.0, 1.2, 1.0, 1.2, 1.0),
    "activities": (3.0, 1.2, 1.2, 1.2),
}


def portrait_sections(found: Portrait, style: Style) -> Iterator[Section]:
    """Yield what a portrait says, in the order in which it is read."""

    def title(name: str) -> str:
        return text(f"portrait.title.{name}", style.language)

    yield Section(title("people"), (), _table("people", _PEOPLE, found.people, style))
    if found.figures:
        yield Section(title("figures"), found.figures)
    yield Section(title("covered_by"), found.covered_by)
    yield Section(title("supply_title"), (), _table("kinds", _KINDS, found.lines, style))
    if found.activities:
        table = _table("activities", _ACTIVITIES, found.activities, style)
        yield Section(title("activities"), (), table)
    for name, lines in (
        ("by_filiere", found.by_filiere),
        ("by_site", found.by_site),
        ("lapsing", found.lapsing),
        ("gaps_three", found.gaps),
    ):
        yield Section(title(name), lines)
    notes = (*found.notes, text("portrait.blank", style.language))
    yield Section(style.say("good_to_know"), notes, small=True)


def _table(name: str, columns: Sequence[str], rows: Sequence[View], style: Style) -> Table:
    return Table(
        head=tuple(text(f"portrait.{name}.{each}", style.language) for each in columns),
        rows=tuple(tuple(getattr(row, each) for each in columns) for row in rows),
        shares=_SHARES[name],
    )
