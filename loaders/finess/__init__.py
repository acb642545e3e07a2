"""FINESS, the national directory of establishments: the JSON feed and the classic CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from graph.errors import UsageError
from graph.store.port import LoadBatch
from loaders.base import LoadContext, SourceSpec
from loaders.finess.classic import LICENCE, read_classic
from loaders.finess.feed import read_feed
from loaders.finess.layout import detect
from loaders.finess.values import departements_named
from loaders.neighbourhood import flagged


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read FINESS files, whatever their layout and name.

    Parameters
    ----------
    paths : sequence of Path
        One JSON feed, or classic files: legal entities beside establishments give the latter
        their legal status.
    context : LoadContext
        `departements` limits the load; the store tells what earlier loads said of managers.

    Returns
    -------
    LoadBatch
        One claim a structure, and the memberships of the GHT where the feed has them. A position
        far from the commune of its structure is reported and marked.

    Raises
    ------
    InputError
        A file that is missing, empty, cut, of another format or with other columns.
    UsageError
        The JSON feed beside other files, or no such département.
    """
    files = [detect(path) for path in paths]
    if not files:
        raise UsageError("finess.no_file")
    feeds = [file for file in files if file.kind == "json"]
    wanted = departements_named(context.departements)
    context = msgspec.structs.replace(context, departements=wanted)
    if not feeds:
        return flagged(read_classic(files, context))
    if len(files) > 1:
        raise UsageError("finess.feed_alone", file=feeds[0].path.name)
    return flagged(read_feed(feeds[0].path, context))


SPEC = SourceSpec(
    id="finess",
    family="finess",
    read=read,
    by_departement=True,
    extensions=(".json", ".json.gz", ".csv", ".csv.gz", ".gz", ".txt"),
    publisher="Agence du Numérique en Santé, DREES",
    licence=LICENCE,
    address="https://www.data.gouv.fr/datasets/finess-structures-1",
)
