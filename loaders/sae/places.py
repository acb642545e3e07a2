"""Where the establishments of the SAE are: as the table ID states, else as their number tells."""

from __future__ import annotations

from collections.abc import Sequence

from graph.identifiers import departement_of_commune
from loaders.base import Reporter
from loaders.finess.feed_values import place_of
from loaders.finess.values import Place, insee_place
from loaders.sae.sheets import Sheet
from loaders.sae.tables import ID


def places_of(sheets: Sequence[Sheet], reporter: Reporter) -> dict[str, Place]:
    """Return the place of each establishment by its number; report the communes not known."""
    places: dict[str, Place] = {}
    for sheet in sheets:
        if sheet.table is ID:
            places.update(zip(sheet.numbers, _stated(sheet), strict=True))
            _report(sheet, places, reporter)
    known: dict[str, Place] = {}
    for sheet in sheets:
        for number in sheet.numbers:
            if number not in places:
                places[number] = _numbered(number, known)
    return places


def _stated(sheet: Sheet) -> list[Place]:
    found: dict[tuple[str, str, str], Place | None] = {}
    known: dict[str, Place] = {}
    places = []
    columns = (sheet.column(name) for name in ("COMINSEE", "ARMT", "CPO"))
    for number, *stated in zip(sheet.numbers, *columns, strict=True):
        city, district, postal = stated[0].upper(), stated[1].upper(), stated[2]
        key = (city, district, postal)
        if key not in found:
            found[key] = insee_place(district or city, postal)
        place = found[key]
        if place is None and city:
            place = Place(None, departement_of_commune(city))
        places.append(place or _numbered(number, known))
    return places


def _numbered(number: str, known: dict[str, Place]) -> Place:
    """Return what a number tells: its first four characters do."""
    start = number[:4]
    if start not in known:
        known[start] = place_of(None, number)
    return known[start]


def _report(sheet: Sheet, places: dict[str, Place], reporter: Reporter) -> None:
    for row, number in enumerate(sheet.numbers):
        if places[number].commune is None:
            value = sheet.column("COMINSEE")[row] if "COMINSEE" in sheet else None
            reporter.warn(sheet.place(row), "sae.commune", field="COMINSEE", value=value)
