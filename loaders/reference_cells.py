"""Cells of the reference tables: rows as read, their values checked one by one."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from graph.dates import PartialDate, earliest, latest, partial
from graph.identifiers import is_finess, split_ref
from graph.vocabulary import KINDS, LEVELS
from loaders.communes import CommuneIndex
from loaders.tabular import read_text_table, require_columns

COLUMNS = {
    name: tuple(columns.split())
    for name, columns in {
        "sources": "id family publisher title date licence url vintage note",
        "structures": (
            "id name other_names kind level commune covers unnamed_note note source locator"
        ),
        "values": "id field value source locator status note",
        "memberships": "member group role since until note source locator",
        "cooperations": (
            "id title type object themes filiere pathway territory parent replaces signed"
            " effective end attested stage sites sites_stated confidentiality note source locator"
        ),
        "parties": "cooperation structure role level note source locator",
        "facts": "subject topic value unit qualifier modality date source locator note",
    }.items()
}
"""Tables of the folder and their columns, in the order in which they are read."""

PARTY_ROLES = (
    "signataire",
    "partenaire",
    "partie",
    "concerne",
    "beneficiaire",
    "soutien",
    "pilote",
    "lead",
)
MEMBER_ROLES = (
    "partie",
    "support",
    "associe",
    "partenaire",
    "membre",
    "comprend",
    "siege",
    "participant",
)
QUALIFIERS = ("exact", "environ", "plus_de", "moins_de", "pres_de", "au_moins")
MODALITIES = ("constate", "annonce", "prevu", "experimental", "en_projet", "appel")
STAGES = ("en_projet", "en_instruction", "a_signer")
DEGREES = {"longitude": 180.0, "latitude": 90.0}

_SLUG = re.compile(r"([a-z_]+):[a-z0-9][a-z0-9-]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class RefusedRowError(Exception):
    """A row does not hold: which field, which value, why."""

    def __init__(self, code: str, field: str, value: object = None, **params: object) -> None:
        super().__init__(code)
        self.code, self.field, self.value, self.params = code, field, value, params


class Row(NamedTuple):
    """One row of a table; `cells` is empty where the row has not as many as the header."""

    table: str
    line: int
    cells: dict[str, str]

    @property
    def place(self) -> str:
        """Return where the row stands, for the report."""
        return f"{self.table}.csv:{self.line}"

    @property
    def source(self) -> str:
        """Return the id of the source of the row."""
        return self.cells["source"]

    def text(self, field: str) -> str | None:
        """Return the cell, None where it is empty."""
        return self.cells[field] or None

    def required(self, field: str) -> str:
        """Return the cell, which must not be empty."""
        if not self.cells[field]:
            raise RefusedRowError("missing", field)
        return self.cells[field]

    def items(self, field: str) -> tuple[str, ...]:
        """Return the items of a cell that holds a list."""
        return tuple(item.strip() for item in self.cells[field].split("|") if item.strip())

    def choice(self, field: str, allowed: Collection[str]) -> str | None:
        """Return the cell, which is empty or one of `allowed`."""
        return checked(field, self.cells[field], allowed) if self.cells[field] else None

    def choices(self, field: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the items of a cell, each one of `allowed`."""
        return tuple(checked(field, item, allowed) for item in self.items(field))

    def date(self, field: str) -> PartialDate | None:
        """Return the partial date of the cell, None where it is empty."""
        value = self.cells[field]
        try:
            return partial(value) if value else None
        except ValueError:
            raise RefusedRowError("bad_date", field, value) from None

    def number(self, field: str) -> float:
        """Return the number of the cell."""
        value = self.required(field)
        if not _NUMBER.fullmatch(value):
            raise RefusedRowError("bad_number", field, value)
        return float(value)

    def number_or_text(self, field: str) -> float | str | None:
        """Return the number of the cell, its text where it is none, None where it is empty."""
        value = self.cells[field]
        return float(value) if _NUMBER.fullmatch(value) else value or None


def read_table(folder: Path, name: str) -> list[Row]:
    """Return the rows of the table `name` of `folder`."""
    path = folder / f"{name}.csv"
    table = read_text_table(path)
    require_columns(table.header, COLUMNS[name], path)
    width = len(table.header)
    return [
        Row(name, line, dict(zip(table.header, cells, strict=True)) if len(cells) == width else {})
        for line, cells in table.rows
    ]


def checked(field: str, value: str, allowed: Collection[str]) -> str:
    """Return `value`, which must be one of `allowed`."""
    if value not in allowed:
        raise RefusedRowError("not_allowed", field, value, allowed=", ".join(allowed))
    return value


def finess(field: str, value: str) -> str:
    """Return `value`, which must be written as a FINESS number."""
    if not is_finess(value):
        raise RefusedRowError("bad_finess", field, value)
    return value


def structure_id(field: str, value: str) -> str:
    """Return `value`, which must be a FINESS number or ``kind:slug``."""
    match = _SLUG.fullmatch(value)
    if not is_finess(value) and (match is None or match[1].upper() not in KINDS):
        raise RefusedRowError("bad_structure_id", field, value)
    return value


def commune(field: str, value: str, communes: CommuneIndex) -> str:
    """Return `value`, which must be the code of a commune of today."""
    if communes.by_code(value) is None:
        today = ", ".join(communes.current(value))
        raise RefusedRowError("old_commune" if today else "bad_commune", field, value, today=today)
    return value


def territory(field: str, value: str, communes: CommuneIndex) -> str:
    """Return `value`, which must be a territory reference, ``level:code``."""
    level, code = split_ref(value)
    if level not in LEVELS or not code:
        raise RefusedRowError("bad_territory", field, value, allowed=", ".join(LEVELS))
    if level == "commune":
        commune(field, code, communes)
    return value


def degrees(field: str, value: float, limit: float) -> float:
    """Return a longitude or latitude, rounded to six decimals (about 10 cm)."""
    if abs(value) > limit:
        raise RefusedRowError("bad_position", field, value)
    return round(value, 6)


def in_order(field: str, start: PartialDate | None, end: PartialDate | None) -> None:
    """Check that an end may come after its start."""
    if start and end and latest(end) < earliest(start):
        raise RefusedRowError("end_before_start", field, end, start=str(start))
