"""A load of classic files: establishments (cs1100502, cs1100507), legal entities (cs1100501)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.dates import PartialDate, latest
from graph.errors import InputError
from graph.model import AnyClaim, SourceRecord
from graph.store.port import GraphStore, LoadBatch
from loaders.base import LoadContext, Reporter, checksum
from loaders.finess import entities, establishments
from loaders.finess.entities import EntityRows, Manager, managers_in_store, managers_of
from loaders.finess.establishments import EstablishmentRows
from loaders.finess.layout import FileLayout
from loaders.finess.positions import PositionTable
from loaders.finess.records import Records, read_records

SERIES = "finess:etalab"
PUBLISHER = "DREES"
LICENCE = "Licence Ouverte 2.0 (Etalab)"
PAGE = "https://www.data.gouv.fr/datasets/finess-extraction-du-fichier-des-etablissements"


def read_classic(files: Sequence[FileLayout], context: LoadContext) -> LoadBatch:
    """Read classic files of one load into one batch.

    Raises
    ------
    InputError
        A file cannot be read, or holds no record.
    """
    reporter = Reporter()
    records = Records()
    for file in files:
        read_records(file, records, reporter, context.progress)
    paths = [file.path for file in files]
    if not records.establishments and not records.entities:
        raise InputError("finess.no_record", file=_names(paths), rejected=reporter.report.rejected)
    warn_if_older(context.store, records.vintage, reporter)
    claims, parts = _claims(records, reporter, context)
    return LoadBatch(
        loader="finess",
        series=SERIES,
        sources=_sources(records),
        claims=claims,
        report=reporter.report,
        parts=parts,
        file=_names(paths),
        checksum=checksum(paths),
    )


def _claims(
    records: Records, reporter: Reporter, context: LoadContext
) -> tuple[list[AnyClaim], frozenset[str]]:
    claims: list[AnyClaim] = []
    parts: set[str] = set()
    managers = _managers(records, context.store)
    if records.entities:
        own = EntityRows(reporter, context.departements)
        while records.entities:
            own.add(records.entities.pop(0))
        claims.extend(own.claims)
        parts.update(map(entities.part_of, context.departements or own.departements))
    if records.establishments:
        table = PositionTable(records.positions, reporter)
        records.positions.clear()
        if len(table) == 0:
            reporter.warn("geolocalisation", "finess.no_positions")
        rows = EstablishmentRows(reporter, table, managers, context.departements)
        rows.add(records.taken_establishments())
        claims.extend(rows.claims)
        parts.update(context.departements or rows.departements)
    return claims, frozenset(parts)


def _managers(records: Records, store: GraphStore | None) -> dict[str, Manager]:
    """Return what is known of the managers: the store first, corrected by the same load."""
    known = managers_of(records.entities)
    if store is None:
        return known
    named: set[str] = set()
    for table in records.establishments:
        named.update(table.column("nofinessej").unique().to_pylist())
    return managers_in_store(store, named - known.keys()) | known


def _sources(records: Records) -> tuple[SourceRecord, ...]:
    titles = {
        establishments.SOURCE: "FINESS, extraction des établissements (cs1100502, cs1100507)",
        entities.SOURCE: "FINESS, extraction des entités juridiques (cs1100501)",
    }
    return tuple(source_record(key, title, records.vintage) for key, title in titles.items())


def source_record(
    ident: str,
    title: str,
    vintage: PartialDate | None,
    *,
    publisher: str = PUBLISHER,
    url: str = PAGE,
) -> SourceRecord:
    """Return the source of a series: its id never changes, its vintage does."""
    return SourceRecord(
        id=ident,
        family="finess",
        title=title,
        publisher=publisher,
        date=vintage,
        licence=LICENCE,
        url=url,
        vintage=vintage,
    )


def warn_if_older(
    store: GraphStore | None,
    vintage: PartialDate | None,
    reporter: Reporter,
    sources: Sequence[str] = (establishments.SOURCE, entities.SOURCE),
) -> None:
    """Warn of a file older than what the store holds of its series, or without a date."""
    if vintage is None:
        reporter.warn("ligne 1", "finess.no_vintage")
        return
    known = [record for record in store.sources() if record.id in sources] if store else []
    newer = [
        item.vintage for item in known if item.vintage and latest(item.vintage) > latest(vintage)
    ]
    if newer:
        reporter.warn("ligne 1", "finess.older", value=vintage, stored=max(newer))


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)
