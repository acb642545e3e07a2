"""CNSA files on EHPAD: the price list (raw export) and the directory, one row per establishment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from graph.dates import PartialDate, latest
from graph.errors import InputError
from graph.identifiers import departement_of_finess, is_finess
from graph.model import AnyClaim, SourceRecord, StructureClaim
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, checksum
from loaders.kind_sources.ehpad.cnsa_files import KEYS, Kind, Row, read_file, recognise
from loaders.kind_sources.ehpad.directory import directory_claim
from loaders.kind_sources.ehpad.prices import price_claim
from loaders.neighbourhood import flagged
from loaders.partner_lists import vintage_of, warn_if_older

FINESS_LENGTH = 9
_TITLES = {
    "prices": "Prix hébergement et tarifs dépendance des EHPAD, données brutes",
    "directory": "Annuaire des établissements pour personnes âgées",
}
_ROWS = {"prices": price_claim, "directory": directory_claim}


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read CNSA files of one kind.

    Of files of different months, whatever their order, only the latest is kept; a structure that
    stands twice keeps its last row.

    Raises
    ------
    InputError
        A file that cannot be read, or without the identifier column.
    """
    kind = recognise(paths[0])
    if kind is None:
        raise InputError("kind.not_cnsa", file=paths[0].name)
    reporter = Reporter()
    months = {path: vintage_of(path, context, (), reporter).date for path in paths}
    vintage = max((month for month in months.values() if month), key=latest, default=None)
    warn_if_older(context.store, f"cnsa-{kind}", vintage, reporter)
    claims: dict[str, StructureClaim] = {}
    for path, month in months.items():
        rows = read_file(path, kind, reporter).rows
        if month != vintage:
            reporter.read(len(rows))
            reporter.skip(len(rows))
            reporter.warn(path.name, "kind.older_month", value=month or "–", latest=vintage or "–")
            continue
        _take(kind, rows, vintage, context, reporter, claims)
    return flagged(
        _batch(kind, paths, vintage, list(claims.values()), reporter, context.departements)
    )


def _take(
    kind: Kind,
    rows: Sequence[tuple[str, Row]],
    vintage: PartialDate | None,
    context: LoadContext,
    reporter: Reporter,
    claims: dict[str, StructureClaim],
) -> None:
    for row, cells in rows:
        claim = _claim(kind, row, cells, vintage, context, reporter)
        if claim is not None and claim.id in claims:
            reporter.report.kept -= 1
            reporter.skip()
            reporter.warn(row, "kind.twice", field=KEYS[kind], value=claim.id)
        if claim is not None:
            claims[claim.id] = claim


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
    number = finess_of(cells.get(KEYS[kind], ""))
    if number is None:
        reporter.reject(row, "kind.number", field=KEYS[kind], value=cells.get(KEYS[kind]))
        return None
    if context.departements and departement_of_finess(number) not in context.departements:
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
    return msgspec.structs.replace(claim, part=departement_of_finess(number))


def finess_of(cell: str) -> str | None:
    """Return the FINESS number of a cell; a zero that a spreadsheet lost is put back.

    Eight digits are the number of a département 01 to 09: no other begins with a zero.
    """
    number = cell.strip().upper().replace(" ", "")
    if len(number) == FINESS_LENGTH - 1 and number.isdigit() and number[0] != "0":
        number = f"0{number}"
    return number if is_finess(number) else None
