"""A table of travel times that somebody gives: origin; destination; minutes. Read, never stored.

A table that states a pair twice, a time that cannot be, an unknown place or no unit is refused as a
whole: half of a matrix would look like places that nobody can reach.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from graph.analysis.travel import TimeTable
from graph.errors import InputError
from graph.identifiers import fold
from loaders.communes import CommuneIndex
from loaders.territories.recognise import pick_column
from loaders.territories.tables import Row, read_table

ORIGINS = ("origine", "origin", "depart", "de", "from", "commune")
DESTINATIONS = ("destination", "arrivee", "vers", "a", "to")
UNITS: Mapping[str, float] = {
    **dict.fromkeys(("minutes", "minute", "min", "temps_min", "duree_min", "temps_minutes"), 1.0),
    **dict.fromkeys(("duree_minutes", "duration_min", "time_min", "temps_de_trajet_min"), 1.0),
    **dict.fromkeys(("secondes", "seconds", "temps_s", "duree_s", "duration_s", "time_s"), 1 / 60),
    **dict.fromkeys(("heures", "hours", "temps_h", "duree_h", "duration_h", "time_h"), 60.0),
}
"""Names of the column of times, and how many minutes one is."""

UNSTATED = ("temps", "duree", "time", "duration", "cout", "cost")
LARGEST_MINUTES = 1_440.0
"""A day: longer is no way to a service, but a wrong unit."""


_CODE = re.compile(r"\d[\dAB]\d{3}")


class TravelTable(NamedTuple):
    """Times by commune and destination.

    `communes` are origins, `ends` destinations that are not in the official code of communes, with
    the line that names each: for the store to know (:func:`check_places`).
    """

    times: TimeTable
    communes: dict[str, int]
    ends: dict[str, int]


def read_travel_table(path: Path) -> TravelTable:
    """Return the travel times of a CSV or workbook.

    Parameters
    ----------
    path : Path
        A row a pair: the commune of departure (INSEE code), the structure (its id) or commune of
        arrival, and the time in a column whose name says the unit (``minutes``, ``secondes``,
        ``heures``).

    Raises
    ------
    InputError
        Unreadable, without these columns or a unit, or a row that is not sound: with its line.
    """
    table = read_table(path, _is_header)
    header = table.header
    columns = [pick_column(header, names) for names in (ORIGINS, DESTINATIONS, tuple(UNITS))]
    if columns[2] is None:
        column = pick_column(header, UNSTATED) or ""
        raise InputError("travel.unit", file=path.name, column=column)
    places = [header.index(column or "") for column in columns]
    scale = UNITS[fold(columns[2]).replace(" ", "_")]
    reading = _Reading(path.name, scale)
    for row in table.rows:
        reading.take(row, places)
    if not reading.times:
        raise InputError("travel.nothing", file=path.name)
    return TravelTable(TimeTable(reading.times, path.name), reading.communes, reading.ends)


def check_places(
    table: TravelTable, communes: Collection[str], structures: Collection[str]
) -> None:
    """Raise InputError where the table names a place that is none of those known.

    Parameters
    ----------
    table : TravelTable
        What was read.
    communes, structures : collection of str
        Codes and ids that the store knows, of those that the table asks about.
    """
    for code, row in table.communes.items():
        if code not in communes:
            raise InputError("travel.commune", file=table.times.name, row=row, value=code)
    if lost := sorted(set(table.ends) - set(structures) - set(communes)):
        raise InputError(
            "travel.structure",
            file=table.times.name,
            row=table.ends[lost[0]],
            value=", ".join(lost[:5]),
            n=len(lost),
        )


def _is_header(cells: Sequence[str]) -> bool:
    header = list(cells)
    ends = (pick_column(header, names) is not None for names in (ORIGINS, DESTINATIONS))
    return all(ends) and pick_column(header, (*UNITS, *UNSTATED)) is not None


class _Reading:
    """Rows as they are taken; the first that is not sound ends the reading."""

    def __init__(self, file: str, scale: float) -> None:
        self.times: dict[tuple[str, str], float] = {}
        self.communes: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self._file = file
        self._scale = scale
        self._communes: dict[str, str | None] = {}

    def take(self, row: Row, places: Sequence[int]) -> None:
        """Take one row; an empty one is passed over."""
        number, cells = row
        origin, destination, said = (cells[place].strip() for place in places)
        if not (origin or destination or said):
            return
        start, end = self._commune(origin), self._commune(destination)
        if start is None and not _CODE.fullmatch(origin):
            self._refuse("commune", number, origin)
        if not destination:
            self._refuse("destination", number, destination)
        minutes = self._minutes(number, said)
        key = (start or origin, end or destination)
        if key in self.times:
            self._refuse("twice", number, f"{origin} → {destination}")
        self.times[key] = minutes
        if start is None:
            self.communes.setdefault(origin, number)
        if end is None:
            self.ends.setdefault(destination, number)

    def _commune(self, code: str) -> str | None:
        if code not in self._communes:
            found = CommuneIndex.bundled().current(code) if code else ()
            self._communes[code] = found[0] if len(found) == 1 else None
        return self._communes[code]

    def _minutes(self, number: int, said: str) -> float:
        try:
            minutes = float("".join(said.split()).replace(",", ".")) * self._scale
        except ValueError:
            minutes = math.nan
        if math.isnan(minutes):
            self._refuse("number", number, said)
        if minutes < 0:
            self._refuse("negative", number, said)
        if minutes > LARGEST_MINUTES:
            self._refuse("long", number, said)
        return minutes

    def _refuse(self, why: str, number: int, value: str) -> None:
        raise InputError(f"travel.{why}", file=self._file, row=number, value=value)
