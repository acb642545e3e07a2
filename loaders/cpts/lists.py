"""Regional lists of CPTS: one row for each CPTS and commune name.

Seen: the ARS of Provence-Alpes-Côte d'Azur (header on line 2, ``Nom CPTS, Territoire CPTS, dpt,
Président-e, Coordonnateur-rice, Contact, Site``). Lists that put several communes in one cell, or
INSEE codes, or stage and dates, are read too. Names of persons and contacts are never looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from graph.identifiers import fold
from loaders.base import Reporter
from loaders.cpts.perimeters import (
    COLUMNS,
    Perimeter,
    departement_code,
    finess_of,
    first_of,
    is_name,
    site_of,
)
from loaders.cpts.places import Found, Unread, read_code, read_places
from loaders.cpts.stages import STAGE_COLUMNS, Stated, merged, stages_of
from loaders.partner_lists import Columns, Row

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


class _Draft:
    """The rows of one CPTS put together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept = 0
        self.communes: dict[str, str] = {}
        self.departements: Counter[str] = Counter()
        self.unread: list[str] = []
        self.rows: list[Mapping[str, str]] = []

    def perimeter(self, reporter: Reporter) -> Perimeter | None:
        """Return what was read, None where not even the département is known."""
        if not self.departements:
            return None
        home = min(self.departements, key=lambda code: (-self.departements[code], code))
        first = {column: first_of(self.rows, column) for column in ("site", "finess")}
        return Perimeter(
            name=self.name,
            departement=home,
            where=f"CPTS {self.name}",
            communes=tuple(sorted(self.communes)),
            stages=self._stages(reporter),
            site=site_of(first),
            finess=finess_of(first, self.name, reporter),
            unread=tuple(dict.fromkeys(self.unread)),
            rows=self.kept,
        )

    def _stages(self, reporter: Reporter) -> tuple[Stated, ...]:
        """Return the stages that the rows state, each wording read once."""
        wordings = {tuple(row.get(name, "") for name in STAGE_COLUMNS): row for row in self.rows}
        stages: tuple[Stated, ...] = ()
        for row in wordings.values():
            stages = merged(stages, stages_of(row, self.name, reporter))
        return stages


def perimeters_of(rows: Sequence[Row], reporter: Reporter) -> list[Perimeter]:
    """Return the CPTS of a list, in its order; rows that do not hold are reported."""
    drafts: dict[str, _Draft] = {}
    for number, cells in rows:
        reporter.read()
        name = " ".join(cells.get("name", "").split())
        if not is_name(name):
            reporter.reject(_where(number), "cpts.no_name", field="nom", value=name or None)
            continue
        draft = drafts.setdefault(fold(name), _Draft(name))
        draft.rows.append(cells)
        _take(number, cells, draft, reporter)
    found = [draft.perimeter(reporter) for draft in drafts.values()]
    return [item for item in found if item is not None]


def _take(number: int, cells: Mapping[str, str], draft: _Draft, reporter: Reporter) -> None:
    """Take the communes and the stage of a row; a row with nothing new is skipped."""
    departement = _departement(number, cells, reporter)
    before = len(draft.communes)
    read = _places(cells, departement)
    held = [item for item in read if isinstance(item, Found)]
    for item in held:
        _keep(number, item, draft, reporter)
    unread = [item for item in read if isinstance(item, Unread)]
    draft.unread += [item.written for item in unread]
    if departement and not held:
        draft.departements[departement] += 1
    if not held:
        _refuse(number, unread, reporter)
        return
    for unknown in unread:
        _warn(number, unknown, reporter)
    if len(draft.communes) > before:
        draft.kept += 1
        reporter.keep()
    else:
        reporter.skip()


def _places(cells: Mapping[str, str], departement: str | None) -> list[Found | Unread]:
    code, text = cells.get("code", ""), cells.get("commune", "")
    if code and isinstance(found := read_code(code), Found):
        return [found]
    if not text:
        return [read_code(code)] if code else []
    return read_places(text, departement, cells.get("postal_code") or None)


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


def _departement(number: int, cells: Mapping[str, str], reporter: Reporter) -> str | None:
    written = cells.get("departement", "")
    found = departement_code(written) if written else None
    if written and found is None:
        reporter.warn(_where(number), "cpts.departement", field="dpt", value=written)
    return found


def _where(number: int) -> str:
    return f"ligne {number}"
