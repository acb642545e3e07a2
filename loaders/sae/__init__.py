"""Loader ``sae``: beds, places and activity from the base tables of the yearly SAE survey."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.dates import PartialDate, latest
from graph.model import AnyClaim, SourceRecord
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.sae.establishments import Establishments
from loaders.sae.files import SaeRows, read_rows
from loaders.sae.groups import GROUP_TABLE, group_claims
from loaders.sae.tables import TABLES

PUBLISHER = "DREES"
LICENCE = "Licence Ouverte 2.0 (Etalab)"
ADDRESS = (
    "https://data.drees.solidarites-sante.gouv.fr/explore/dataset/707_bases-administratives-sae"
)


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read one or several SAE tables, told apart by their content.

    Each table and département is a part of its own (``94:mco``): a newer year replaces what it
    speaks of, and loading one table never removes what another brought.

    Parameters
    ----------
    paths : sequence of Path
        CSV files of the base; ID gives names, legal status and communes to the others.
    context : LoadContext
        `departements` limits the load; the store names the GHT that the GHT table can be joined to.

    Returns
    -------
    LoadBatch
        One claim for each establishment and table.

    Raises
    ------
    InputError
        A file that is no SAE table, lacks columns, or is a table that is not read.
    """
    reporter = Reporter()
    found = _latest(
        [part for path in paths for part in read_rows(path, context, reporter)], reporter
    )
    rows = Establishments(found, context, reporter)
    groups = [row for part in found if part.table == GROUP_TABLE.name for row in part.by_row()]
    claims: list[AnyClaim] = [*rows.claims(), *group_claims(groups, context, reporter)]
    sources = tuple(_source(name, year) for name, year in sorted(_years(found).items()))
    _warn_if_older(sources, context, reporter)
    return LoadBatch(
        loader="sae",
        series="sae",
        sources=sources,
        claims=claims,
        report=reporter.report,
        parts=frozenset(claim.part for claim in claims) | rows.parts,
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )


def _years(parts: Sequence[SaeRows]) -> dict[str, str]:
    """Return the latest year of each table; "" where the file does not say it."""
    years: dict[str, str] = {}
    for part in parts:
        if part.cells.num_rows:
            years[part.table] = max(years.get(part.table, ""), part.year)
    return years


def _latest(parts: Sequence[SaeRows], reporter: Reporter) -> list[SaeRows]:
    """Keep the latest year of each table, whatever the order of the files."""
    years = _years(parts)
    older = [part for part in parts if part.year != years.get(part.table)]
    reporter.skip(sum(part.cells.num_rows for part in older))
    for name, year in sorted({(part.table, part.year) for part in older if part.cells.num_rows}):
        reporter.warn(f"table {name}", "sae.older_year", value=year, latest=years[name])
    return [part for part in parts if part.year == years.get(part.table)]


def _source(name: str, year: str) -> SourceRecord:
    title = next((table.title for table in TABLES if table.name == name), GROUP_TABLE.title)
    return SourceRecord(
        id=f"sae-{name.lower()}",
        family="sae",
        title=f"SAE, {title} (table {name})",
        publisher=PUBLISHER,
        licence=LICENCE,
        url=ADDRESS,
        vintage=PartialDate(year) if year else None,
    )


def _warn_if_older(
    sources: Sequence[SourceRecord], context: LoadContext, reporter: Reporter
) -> None:
    stored = {item.id: item.vintage for item in context.store.sources()} if context.store else {}
    for source in sources:
        known = stored.get(source.id)
        if source.vintage and known and latest(known) > latest(source.vintage):
            reporter.warn(source.title, "sae.older", value=source.vintage, stored=known)


SPEC = SourceSpec(
    id="sae",
    family="sae",
    read=read,
    by_departement=True,
    extensions=(".csv", ".txt", ".csv.gz"),
    publisher=PUBLISHER,
    licence=LICENCE,
    address=ADDRESS,
)
