"""What the page *Exports* was asked beside the shared selection, to and from the URL.

Level, kind, measure, people, radius and territory are those of the page *Couverture*
(:mod:`explorer.cover_state`). Titles, logos and templates are a person's own: never in a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from explorer.figures.spec import FIGURE_IDS
from graph.model import Record
from graph.vocabulary import LEVELS

FIGURES = FIGURE_IDS
PACKS = ("comite", "atlas")
PAGE, DATA = "page", "donnees"
WHATS = (*FIGURES, *PACKS, PAGE, DATA)
FORMS = {
    **dict.fromkeys(FIGURES, ("png", "pptx", "pdf", "svg")),
    **dict.fromkeys(PACKS, ("pdf", "pptx")),
    PAGE: ("html",),
    DATA: ("xlsx", "csv", "ics", "gpkg", "geojson", "gexf", "graphml"),
}
"""Formats of each, the usual one first."""
COVERED = ("xlsx", "csv", "gpkg")
"""Formats in which coverage can be a table more."""
SHEETS = ("16-9", "A4", "A3")
"""``16:9`` as it stands in a link."""
ATLAS = ("arrondissement", "partner", "cpts")
DPIS = (100, 150, 200, 300, 600)
NO_MARK, NO_LEVEL = "aucune", "aucun"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._\-]{0,119}")
_MEASURE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_YEARS = range(1900, 2201)


class ExportState(Record, frozen=True, kw_only=True):
    """What is exported, in which format, and how it looks. Values are checked where they are read.

    `what` is an id of :data:`WHATS`; `form` None is its usual format. `since` None is a year
    before the day looked at.
    """

    what: str = FIGURES[0]
    form: str | None = None
    sheet: str = SHEETS[0]
    orientation: str = "landscape"
    theme: str = "light"
    mark: str = NO_MARK
    dpi: int = 200
    per: str = ATLAS[0]
    since: date | None = None
    structure: str | None = None
    metric: str = "degree"
    table: str = "structures"
    separator: str = ";"
    coverage: str = NO_LEVEL

    @property
    def drawn(self) -> bool:
        """Tell whether a figure or a pack is asked for."""
        return self.what in FIGURES or self.what in PACKS

    @property
    def chosen_form(self) -> str:
        """Return the format: the one chosen where `what` has it, else its usual one."""
        allowed = FORMS[self.what]
        return self.form if self.form in allowed else allowed[0]


_SEPARATORS = {"point-virgule": ";", "virgule": ","}
_TABLES = (
    "structures",
    "ties",
    "agreements",
    "parties",
    "memberships",
    "territories",
    "sources",
    "coverage",
)
_CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("export", "what", WHATS),
    ("format", "form", tuple(dict.fromkeys(item for forms in FORMS.values() for item in forms))),
    ("feuille", "sheet", SHEETS),
    ("sens", "orientation", ("landscape", "portrait")),
    ("rendu", "theme", ("light", "grey")),
    ("mention", "mark", (NO_MARK, "travail", "confidentiel")),
    ("atlas", "per", ATLAS),
    ("tableau", "table", _TABLES),
    ("tableau_couverture", "coverage", (NO_LEVEL, *LEVELS)),
)
"""Parameter, field, values allowed."""


def export_query(state: ExportState) -> dict[str, str | list[str]]:
    """Return the URL parameters of `state`; what is as by default is left out."""
    default = ExportState()
    query: dict[str, str | list[str]] = {
        name: getattr(state, field)
        for name, field, _ in _CHOICES
        if getattr(state, field) != getattr(default, field)
    }
    if state.dpi != default.dpi:
        query["points"] = str(state.dpi)
    if state.since is not None:
        query["depuis"] = state.since.isoformat()
    if state.structure is not None:
        query["structure"] = state.structure
    if state.metric != default.metric:
        query["indicateur"] = state.metric
    if state.separator != default.separator:
        query["separateur"] = "virgule"
    return query


def read_export(query: Mapping[str, Sequence[str]], dropped: list[str]) -> ExportState:
    """Return what URL parameters ask; names of those left out are added to `dropped`."""
    found: dict[str, object] = {}
    read = [
        *((name, field, _one_of(query, name, allowed)) for name, field, allowed in _CHOICES),
        ("points", "dpi", _dpi(_only(query, "points"))),
        ("depuis", "since", _day(_only(query, "depuis"))),
        ("structure", "structure", _formed(_only(query, "structure"), _ID)),
        ("indicateur", "metric", _formed(_only(query, "indicateur"), _MEASURE)),
        ("separateur", "separator", _SEPARATORS.get(_only(query, "separateur"))),
    ]
    for name, field, value in read:
        if name in query:
            found |= {field: value} if value is not None else {}
            dropped += [] if value is not None else [name]
    return ExportState(**found)  # type: ignore[arg-type]


def _only(query: Mapping[str, Sequence[str]], name: str) -> str:
    values = query.get(name, ())
    return values[0] if len(values) == 1 else ""


def _one_of(query: Mapping[str, Sequence[str]], name: str, allowed: tuple[str, ...]) -> str | None:
    value = _only(query, name)
    return value if value in allowed else None


def _formed(value: str, form: re.Pattern[str]) -> str | None:
    return value if form.fullmatch(value) else None


def _dpi(value: str) -> int | None:
    return next((dpi for dpi in DPIS if str(dpi) == value), None)


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value) if len(value) == len("2026-01-01") else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None
