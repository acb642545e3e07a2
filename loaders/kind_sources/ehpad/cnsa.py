"""CNSA files on EHPAD: the price list (raw export) and the directory, one row per establishment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from graph.dates import PartialDate, partial
from graph.errors import InputError
from graph.identifiers import fold, is_finess
from graph.model import AnyClaim, SourceRecord, StructureClaim
from graph.store.port import LoadBatch
from loaders import tabular
from loaders.base import LoadContext, Reporter, checksum
from loaders.kind_sources.ehpad.directory import DIRECTORY_KEY, directory_claim
from loaders.kind_sources.ehpad.prices import PRICE_KEY, price_claim

Kind = Literal["prices", "directory"]
Row = Mapping[str, str]

FINESS_LENGTH = 9
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])(?!\d)")
_TITLES = {
    "prices": "Prix hébergement et tarifs dépendance des EHPAD, données brutes",
    "directory": "Annuaire des établissements pour personnes âgées",
}
_ROWS = {"prices": price_claim, "directory": directory_claim}
_KEYS = {"prices": PRICE_KEY, "directory": DIRECTORY_KEY}


def recognise(path: Path) -> Kind | None:
    """Tell whether `path` is a CNSA file, by the name of its identifier column."""
    start = tabular.start_lines(path)
    first = fold(start[0]) if not start[0].lstrip("\ufeff \t").startswith(("[", "{")) else None
    if first is None:
        return "directory" if any('"noFinesset"' in line for line in start) else None
    words = first.split()
    return next((kind for kind, key in _KEYS.items() if fold(key) in words), None)  # type: ignore[misc]


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read CNSA files of one kind; a structure that stands twice keeps its last row.

    Raises
    ------
    InputError
        A file that cannot be read, or without the identifier column.
    """
    kind = recognise(paths[0])
    if kind is None:
        raise InputError("kind.not_cnsa", file=paths[0].name)
    reporter = Reporter()
    vintage = _vintage(paths[-1])
    claims: dict[str, StructureClaim] = {}
    for path in paths:
        for row, cells in _rows(path, kind):
            claim = _claim(kind, row, cells, vintage, context, reporter)
            if claim is not None and claim.id in claims:
                reporter.report.kept -= 1
                reporter.skip()
                reporter.warn(row, "kind.twice", field=_KEYS[kind], value=claim.id)
            if claim is not None:
                claims[claim.id] = claim
    return _batch(kind, paths, vintage, list(claims.values()), reporter, context.departements)


def _batch(
    kind: Kind,
    paths: Sequence[Path],
    vintage: PartialDate | None,
    claims: list[AnyClaim],
    reporter: Reporter,
    departements: Sequence[str],
) -> LoadBatch:
    return LoadBatch(
        loader="ehpad",
        series=f"ehpad:cnsa-{kind}",
        sources=(
            SourceRecord(
                id=f"cnsa-{kind}",
                family="cnsa",
                title=_TITLES[kind],
                publisher="CNSA",
                licence="Licence Ouverte 2.0 (Etalab)",
                vintage=vintage,
            ),
        ),
        claims=claims,
        report=reporter.report,
        parts=frozenset(departements or (claim.part for claim in claims)),
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )


def _claim(
    kind: Kind,
    row: str,
    cells: Row,
    vintage: PartialDate | None,
    context: LoadContext,
    reporter: Reporter,
) -> StructureClaim | None:
    reporter.read()
    number = finess_of(cells.get(_KEYS[kind], ""))
    if number is None:
        reporter.reject(row, "kind.number", field=_KEYS[kind], value=cells.get(_KEYS[kind]))
        return None
    if context.departements and departement_of(number) not in context.departements:
        reporter.skip()
        return None
    problems = Reporter()
    claim = _ROWS[kind](number, row, cells, vintage, problems)
    if problems.report.rejections:
        first = problems.report.rejections[0]
        reporter.reject(row, first.code, field=first.field, value=first.value, **first.params)
        return None
    reporter.report.warnings.extend(problems.report.warnings)
    reporter.keep()
    return msgspec.structs.replace(claim, part=departement_of(number))


def finess_of(cell: str) -> str | None:
    """Return the FINESS number of a cell; a zero that a spreadsheet lost is put back.

    Eight digits are the number of a département 01 to 09: no other begins with a zero.
    """
    number = cell.strip().upper().replace(" ", "")
    if len(number) == FINESS_LENGTH - 1 and number.isdigit() and number[0] != "0":
        number = f"0{number}"
    return number if is_finess(number) else None


def departement_of(number: str) -> str:
    """Return the département in which a FINESS number was given."""
    return {"97": f"97{number[3]}", "98": f"98{number[3]}"}.get(number[:2], number[:2])


def _rows(path: Path, kind: Kind) -> Iterator[tuple[str, Row]]:
    if tabular.start_lines(path)[0].lstrip("\ufeff \t").startswith(("[", "{")):
        yield from _json_rows(path)
        return
    table = tabular.read_text_table(path)
    tabular.require_columns(table.header, (_KEYS[kind],), path)
    for number, cells in table.rows:
        yield f"ligne {number}", dict(zip(table.header, cells, strict=False))


def _json_rows(path: Path) -> Iterator[tuple[str, Row]]:
    try:
        with tabular.open_bytes(path) as stream:
            document = json.load(stream)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError("kind.json", file=path.name, why=str(error)) from None
    records = document if isinstance(document, list) else next(iter(document.values()), [])
    for number, record in enumerate(records, 1):
        yield f"n° {number}", dict(_flat(record))


def _flat(record: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values of nested objects under dotted names, as the CSV copy writes them."""
    if isinstance(record, dict):
        for key, value in record.items():
            yield from _flat(value, f"{prefix}{key}.")
    elif record is not None:
        yield prefix.rstrip("."), str(record)


def _vintage(path: Path) -> PartialDate | None:
    found = _MONTH_IN_NAME.search(path.name)
    return partial(f"{found[1]}-{found[2]}") if found else None
