"""A named set of communes typed or pasted on a page: names or codes, resolved, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from graph.errors import InputError, UsageError
from graph.identifiers import slug
from graph.model import SourceRecord
from graph.store.port import LoadBatch, ReadReport
from loaders.communes import CommuneIndex
from loaders.tabular import check_file
from loaders.territories.recognise import pick_column
from loaders.territories.sets import COMMUNES, COMPUTED, MOST_CHOICES, communes_meant, set_claims
from loaders.territories.tables import WORKBOOKS, Table, read_table

LONGEST_NAME = 80
MOST_LETTERS = 50
"""Length of a code made of a name: it has to fit into an address."""

_PARTED = re.compile(r"[\n\r;,\t|]+")
_CODE = re.compile(r"(\d[\dAB]\d{3})\b", re.IGNORECASE)
_WITHIN = re.compile(r"^(.*?)\s*\(\s*(\d[\dAB]\d{0,3})\s*\)$", re.IGNORECASE)
_COMMUNE_CODE = 5


class Unclear(NamedTuple):
    """An entry that could be several communes, or none (no `choices`)."""

    entry: str
    choices: tuple[str, ...]


class Resolved(NamedTuple):
    """Communes meant, by code with their name, in the order given; and what is not clear."""

    communes: dict[str, str]
    unclear: tuple[Unclear, ...]


def entries_of(text: str) -> list[str]:
    """Return what a list holds: one entry a line, or parted by commas, semicolons or tabs."""
    return [" ".join(part.split()) for part in _PARTED.split(text) if part.strip()]


def resolved(entries: Sequence[str]) -> Resolved:
    """Return the communes that `entries` mean.

    An entry is an INSEE code, a name, a name with its code or département (``Créteil (94028)``,
    ``Saint-Denis (93)``), or a code and a name (``94028 Créteil``).
    """
    index = CommuneIndex.bundled()
    found: dict[str, str] = {}
    unclear: list[Unclear] = []
    for entry in dict.fromkeys(entries):
        codes, choices = _meant(entry)
        if not codes:
            unclear.append(Unclear(entry, choices))
        for code in codes:
            commune = index.by_code(code)
            found[code] = commune.name if commune else code
    return Resolved(found, tuple(unclear))


def _meant(entry: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    within = _WITHIN.match(entry)
    if within and len(within[2]) == _COMMUNE_CODE:
        return communes_meant(within[2])
    if within:
        return communes_meant(within[1], within[2])
    leading = _CODE.match(entry)
    if leading:
        rest = entry[leading.end() :].strip(" -:")
        return _coded(leading[1], rest) if rest else communes_meant(leading[1])
    return communes_meant(entry)


def _coded(code: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a code followed by a name means; where the two differ, what each would mean."""
    index = CommuneIndex.bundled()
    by_code = index.current(code)
    named = tuple(item.code for item in index.find(name, postal_code=code))
    if not by_code or set(by_code) & set(named):
        return (by_code, ()) if by_code else communes_meant(f"{code} {name}")
    postal = [each for each in named if code in _postal_codes(each)]
    if len(postal) == 1:
        return (postal[0],), ()
    either = (*by_code, *named)[:MOST_CHOICES]
    return (), tuple(f"{index.by_code(each).name} ({each})" for each in either)  # type: ignore[union-attr]


def _postal_codes(code: str) -> tuple[str, ...]:
    commune = CommuneIndex.bundled().by_code(code)
    return commune.postal_codes if commune else ()


def entries_in(path: Path) -> list[str]:
    """Return the communes that a file lists: a column of them, else one entry a line.

    Raises
    ------
    InputError
        An unreadable file, a workbook without a column of communes, or an empty list.
    """
    check_file(path)
    try:
        entries = _column(read_table(path, _is_header))
    except InputError:
        if path.suffix.lower() in WORKBOOKS:
            raise
        entries = entries_of(path.read_text(encoding="utf-8-sig", errors="replace"))
    if not entries:
        raise InputError("typed.nothing", value=path.name)
    return entries


def _is_header(cells: Sequence[str]) -> bool:
    return pick_column(list(cells), COMMUNES) is not None


def _column(table: Table) -> list[str]:
    column = pick_column(table.header, COMMUNES)
    place = table.header.index(column) if column else 0
    return [cells[place].strip() for _, cells in table.rows if cells[place].strip()]


def set_code(name: str) -> str:
    """Return the code of a set of this name.

    Raises
    ------
    UsageError
        No name, or one that is too long or without a letter.
    """
    said = " ".join(name.split())
    code = slug(said)[:MOST_LETTERS].strip("-").replace("?", "")
    if not code or len(said) > LONGEST_NAME:
        raise UsageError("typed.name", value=said, most=LONGEST_NAME)
    return code


def typed_batch(name: str, communes: Sequence[str]) -> LoadBatch:
    """Return the load that makes a named set of these communes (codes of today).

    Raises
    ------
    UsageError
        A name that is none, or no commune.
    """
    code, said = set_code(name), " ".join(name.split())
    if not communes:
        raise UsageError("typed.empty", value=said)
    source = SourceRecord(id=f"saisie-{code}", family="territory", title=f"Saisie : {said}")
    lines = {each: number for number, each in enumerate(communes, start=1)}
    claims = set_claims(code, said, lines, source)
    return LoadBatch(
        loader="ensembles",
        series=f"ensembles:saisie-{code}",
        sources=(source, COMPUTED),
        claims=list(claims),
        report=ReadReport(read=len(lines), kept=len(lines)),
        file=said,
    )
