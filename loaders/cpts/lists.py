"""Regional lists of CPTS: one row for each CPTS and commune name.

Seen: the ARS of Provence-Alpes-Côte d'Azur (header on line 2, ``Nom CPTS, Territoire CPTS, dpt,
Président-e, Coordonnateur-rice, Contact, Site``). Lists that put several communes in one cell, or
INSEE codes, or stage and dates, are read too. Names of persons and contacts are never looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from typing import NamedTuple

from graph.identifiers import fold
from loaders.base import Reporter
from loaders.cpts.perimeters import (
    COLUMNS,
    Perimeter,
    departement_code,
    finess_of,
    is_name,
    site_of,
)
from loaders.cpts.places import Found, Unread, read_code, read_places
from loaders.cpts.stages import STAGE_COLUMNS, Stated, merged, stages_of
from loaders.list_tables import ListTable
from loaders.partner_lists import Columns

LIST_COLUMNS: Columns = {
    **COLUMNS,
    "code": (
        *("code insee", "code commune", "insee", "codgeo", "code insee commune", "insee com"),
        *("code commune insee", "code geo", "depcom"),
    ),
    "commune": (
        *("territoire cpts", "commune", "communes", "nom commune", "nom de la commune"),
        *("libelle commune", "communes couvertes", "liste des communes", "communes du territoire"),
        *("perimetre", "territoire", "ville", "villes"),
    ),
    "postal_code": ("code postal", "cp"),
}
REQUIRED = ("name", "commune|code")


class _Reading(NamedTuple):
    """What the cells of a row that tell a place mean; rows that are written alike share it."""

    departement: str | None
    unknown_departement: str
    held: tuple[Found, ...]
    unread: tuple[Unread, ...]


class _Draft:
    """The rows of one CPTS put together; `rows` are their positions in the list."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept = 0
        self.communes: dict[str, str] = {}
        self.departements: Counter[str] = Counter()
        self.unread: list[str] = []
        self.rows: list[int] = []

    def perimeter(self, table: ListTable, reporter: Reporter) -> Perimeter | None:
        """Return what was read, None where not even the département is known."""
        if not self.departements:
            return None
        home = min(self.departements, key=lambda code: (-self.departements[code], code))
        first = {name: self._first(table, name) for name in ("site", "finess")}
        return Perimeter(
            name=self.name,
            departement=home,
            where=f"CPTS {self.name}",
            communes=tuple(sorted(self.communes)),
            stages=self._stages(table, reporter),
            site=site_of(first),
            finess=finess_of(first, self.name, reporter),
            unread=tuple(dict.fromkeys(self.unread)),
            rows=self.kept,
        )

    def _first(self, table: ListTable, name: str) -> str:
        """Return the first value of a column that is filled."""
        cells = table.columns.get(name)
        return next(filter(None, (cells[row] for row in self.rows)), "") if cells else ""

    def _stages(self, table: ListTable, reporter: Reporter) -> tuple[Stated, ...]:
        """Return the stages that the rows state, each wording read once."""
        columns = {name: table.columns[name] for name in STAGE_COLUMNS if name in table.columns}
        wordings = dict.fromkeys(
            tuple(cells[row] for cells in columns.values()) for row in self.rows
        )
        stages: tuple[Stated, ...] = ()
        for cells in wordings:
            stated = stages_of(dict(zip(columns, cells, strict=True)), self.name, reporter)
            stages = merged(stages, stated)
        return stages


def perimeters_of(table: ListTable, reporter: Reporter) -> list[Perimeter]:
    """Return the CPTS of a list, in its order; rows that do not hold are reported."""
    reporter.read(len(table.numbers))
    drafts: dict[str, _Draft] = {}
    named = cache(partial(_draft, drafts))
    reading = cache(_reading)
    names, *places = map(table.column, ("name", "departement", "code", "commune", "postal_code"))
    for row, (number, name, *cells) in enumerate(zip(table.numbers, names, *places, strict=True)):
        draft = named(name)
        if draft is None:
            value = " ".join(name.split()) or None
            reporter.reject(_where(number), "cpts.no_name", field="nom", value=value)
            continue
        draft.rows.append(row)
        _take(number, reading(*cells), draft, reporter)
    found = [draft.perimeter(table, reporter) for draft in drafts.values()]
    return [item for item in found if item is not None]


def _draft(drafts: dict[str, _Draft], written: str) -> _Draft | None:
    """Return the draft of the CPTS that a cell names, a new one where it is the first."""
    name = " ".join(written.split())
    return drafts.setdefault(fold(name), _Draft(name)) if is_name(name) else None


def _reading(departement: str, code: str, commune: str, postal_code: str) -> _Reading:
    found = departement_code(departement) if departement else None
    read = _places(code, commune, postal_code, found)
    return _Reading(
        departement=found,
        unknown_departement=departement if found is None else "",
        held=tuple(item for item in read if isinstance(item, Found)),
        unread=tuple(item for item in read if isinstance(item, Unread)),
    )


def _take(number: int, read: _Reading, draft: _Draft, reporter: Reporter) -> None:
    """Take the communes and the stage of a row; a row with nothing new is skipped."""
    if read.unknown_departement:
        value = read.unknown_departement
        reporter.warn(_where(number), "cpts.departement", field="dpt", value=value)
    before = len(draft.communes)
    for item in read.held:
        _keep(number, item, draft, reporter)
    draft.unread += [item.written for item in read.unread]
    if not read.held:
        if read.departement:
            draft.departements[read.departement] += 1
        _refuse(number, read.unread, reporter)
        return
    for unknown in read.unread:
        _warn(number, unknown, reporter)
    if len(draft.communes) > before:
        draft.kept += 1
        reporter.keep()
    else:
        reporter.skip()


def _places(
    code: str, text: str, postal_code: str, departement: str | None
) -> list[Found | Unread]:
    if code and isinstance(found := read_code(code), Found):
        return [found]
    if not text:
        return [read_code(code)] if code else []
    return read_places(text, departement, postal_code or None)


def _keep(number: int, item: Found, draft: _Draft, reporter: Reporter) -> None:
    for commune in item.communes:
        draft.communes.setdefault(commune.code, item.written)
        draft.departements[commune.departement] += 1
    if item.remark:
        commune = item.communes[0]
        reporter.warn(
            _where(number),
            f"cpts.{item.remark}",
            field="commune",
            value=item.written,
            commune=f"{commune.name} ({commune.code})",
        )


def _refuse(number: int, unread: Sequence[Unread], reporter: Reporter) -> None:
    """Reject a row of which no commune could be read."""
    if not unread:
        reporter.reject(_where(number), "cpts.no_commune", field="commune")
        return
    first, *others = unread
    reporter.reject(
        _where(number), first.code, field="commune", value=first.written, choices=_choices(first)
    )
    for item in others:
        _warn(number, item, reporter)


def _warn(number: int, item: Unread, reporter: Reporter) -> None:
    reporter.warn(
        _where(number), item.code, field="commune", value=item.written, choices=_choices(item)
    )


def _choices(item: Unread) -> str:
    return ", ".join(item.choices) or "–"


def _where(number: int) -> str:
    return f"ligne {number}"
